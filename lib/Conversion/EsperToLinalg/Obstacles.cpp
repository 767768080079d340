//===- Obstacles.cpp - What stands in the way of machine code -------------===//

#include "Obstacles.h"
#include "Columns.h"
#include "Images.h"
#include "ScalarFunctions.h"
#include "Values.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

static RankedTensorType tensorType(Value value) {
  return dyn_cast<RankedTensorType>(value.getType());
}

/// What element-wise ops take.
static bool isElements(Value value) { return isRows(value) || isImage(value); }

/// State with one number a column, of `element`.
static bool isVector(Value value, Type element) {
  RankedTensorType type = tensorType(value);
  return type && type.getRank() == 1 && type.getElementType() == element && isState(value);
}

static bool isVectorOrAbsent(Value value, Type element) {
  return !value || isVector(value, element);
}

static bool isMatrix(Value value, Type element) {
  RankedTensorType type = tensorType(value);
  return type && type.getRank() == 2 && type.getElementType() == element && isState(value) &&
         type.getNumElements() > 0;
}

static Type elementOf(Value value) { return tensorType(value).getElementType(); }

/// Rows of fp32 whose norm has those weights.
static bool isNormOfRows(Value input, Value weight, Value bias) {
  return isRows(input) && isF32(input) && isVectorOrAbsent(weight, elementOf(input)) &&
         isVectorOrAbsent(bias, elementOf(input));
}

static bool hasLowering(QuantizedLinearOp op) {
  Type f32 = Float32Type::get(op.getContext()), i8 = IntegerType::get(op.getContext(), 8);
  return isRows(op.getInput()) && isF32(op.getInput()) && isMatrix(op.getWeight(), i8) &&
         isVector(op.getScales(), f32) && isVectorOrAbsent(op.getBias(), f32);
}

/// Operand of an element-wise op whose result is `like`: the same shape, or one number
/// a column.
static bool fitsElementwise(Value operand, Value like) {
  RankedTensorType type = tensorType(operand), wanted = tensorType(like);
  if (isElements(operand))
    return type == wanted;
  return isVector(operand, wanted.getElementType()) && isRows(like) &&
         type.getDimSize(0) == wanted.getShape().back();
}

static bool hasLowering(Operation *op) {
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case<ParamOp, BufferOp, esper::ReturnOp>([](auto) { return true; })
      .Case<ContiguousOp, DetachOp, ScaleOp>([](auto op) { return isElements(op.getInput()); })
      .Case<CastOp>([](CastOp op) { return isElements(op.getInput()) && isElements(op); })
      .Case<ActivationOp>([](ActivationOp op) {
        return isElements(op.getInput()) && hasScalarActivation(op.getKind());
      })
      .Case<AddOp, SubtractOp, MultiplyOp, DivideOp>([](auto op) {
        return isElements(op.getOutput()) && fitsElementwise(op.getLeft(), op.getOutput()) &&
               fitsElementwise(op.getRight(), op.getOutput()) &&
               (isElements(op.getLeft()) || isElements(op.getRight()));
      })
      .Case<MatmulOp>([](MatmulOp op) {
        return isRows(op.getLeft()) && isMatrix(op.getRight(), elementOf(op.getLeft()));
      })
      .Case<LinearOp>([](LinearOp op) {
        return isRows(op.getInput()) && isMatrix(op.getWeight(), elementOf(op.getInput())) &&
               isVectorOrAbsent(op.getBias(), elementOf(op.getInput()));
      })
      .Case<QuantizedLinearOp>([](QuantizedLinearOp op) { return ::hasLowering(op); })
      .Case<LayerNormOp>([](LayerNormOp op) {
        return op.getNormalizedShape().size() == 1 &&
               isNormOfRows(op.getInput(), op.getWeight(), op.getBias());
      })
      .Case<RmsNormOp>([](RmsNormOp op) {
        return op.getNormalizedShape().size() == 1 &&
               isNormOfRows(op.getInput(), op.getWeight(), Value());
      })
      .Case<SoftmaxOp, LogSoftmaxOp>([](auto op) {
        return isRows(op.getInput()) && isF32(op.getInput()) &&
               isColumns(op.getDim(), op.getInput());
      })
      .Case<ConcatOp, SplitOp, SliceOp, GluOp>(
          [](Operation *op) { return !columnPartsOf(op).empty(); })
      .Default(hasImageLowering);
}

/// Have all inputs the same leading dimensions, as far as types say. Whoever calls the code
/// compares the sizes.
static bool haveOneLeading(KernelOp kernel) {
  return llvm::all_equal(llvm::map_range(kernel.getArguments(), [](Value input) {
    ArrayRef<int64_t> shape = tensorType(input).getShape();
    return isOfImages(input) ? shape.take_front() : shape.drop_back();
  }));
}

/// [batch, positions, columns]: all three operands are rows of the same samples.
static bool hasLowering(const Attention &attention) {
  return llvm::all_of(attention.operands, [](Value operand) {
    return isRows(operand) && tensorType(operand).getRank() == 3;
  });
}

Operation *tez::findObstacle(KernelOp kernel, const Attentions &attentions) {
  auto areOutside = [](ValueRange values) {
    return llvm::all_of(values, [](Value value) { return isElements(value) && isF32(value); });
  };
  if (kernel.getNumArguments() == 0 || !areOutside(kernel.getArguments()) ||
      !haveOneLeading(kernel))
    return kernel;
  Block &body = kernel.getBody().front();
  auto end = cast<esper::ReturnOp>(body.getTerminator());
  if (end.getUpdates().size() || !areOutside(end.getOperands()))
    return kernel;
  for (Operation &op : body) {
    const Attention *attention = attentions.find(&op);
    if (attention ? !hasLowering(*attention) : !attentions.isInside(&op) && !hasLowering(&op))
      return &op;
  }
  return nullptr;
}
