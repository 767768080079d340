//===- EsperToLinalg.cpp - esper.kernel -> func.func of linalg ------------===//

#include "ScalarFunctions.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Remarks.h"
#include "tez/Conversion/Passes.h"
#include "tez/Dialect/Esper/Esper.h"
#include "llvm/ADT/TypeSwitch.h"

namespace tez {
#define GEN_PASS_DEF_ESPERTOLINALG
#include "tez/Conversion/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// What can be converted
//===----------------------------------------------------------------------===//

static RankedTensorType tensorType(Value value) {
  return dyn_cast<RankedTensorType>(value.getType());
}

static bool isState(Value value) {
  return value.getDefiningOp<ParamOp>() || value.getDefiningOp<BufferOp>();
}

/// [rows, columns] in fp32, with any number of rows.
static bool isRows(Value value) {
  RankedTensorType type = tensorType(value);
  return type && type.getRank() == 2 && type.isDynamicDim(0) && !type.isDynamicDim(1) &&
         type.getDimSize(1) > 0 && type.getElementType().isF32();
}

/// State with one number a column.
static bool isVector(Value value) {
  RankedTensorType type = tensorType(value);
  return type && type.getRank() == 1 && type.getElementType().isF32() && isState(value);
}

static bool isMatrix(Value value) {
  RankedTensorType type = tensorType(value);
  return type && type.getRank() == 2 && type.getElementType().isF32() && isState(value) &&
         type.getNumElements() > 0;
}

/// Operand of an element-wise op whose result is `like`: the same shape, or one number
/// a column.
static bool fitsElementwise(Value operand, Value like) {
  RankedTensorType type = tensorType(operand), wanted = tensorType(like);
  if (isRows(operand))
    return type == wanted;
  return isVector(operand) && type.getDimSize(0) == wanted.getDimSize(1);
}

static bool hasLowering(Operation *op) {
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case<ParamOp, BufferOp, esper::ReturnOp>([](auto) { return true; })
      .Case<DetachOp, ScaleOp>([](auto op) { return isRows(op.getInput()); })
      .Case<ActivationOp>([](ActivationOp op) {
        return isRows(op.getInput()) && hasScalarActivation(op.getKind());
      })
      .Case<AddOp, SubtractOp, MultiplyOp, DivideOp>([](auto op) {
        return isRows(op.getOutput()) && fitsElementwise(op.getLeft(), op.getOutput()) &&
               fitsElementwise(op.getRight(), op.getOutput()) &&
               (isRows(op.getLeft()) || isRows(op.getRight()));
      })
      .Case<MatmulOp>([](MatmulOp op) { return isRows(op.getLeft()) && isMatrix(op.getRight()); })
      .Case<LinearOp>([](LinearOp op) {
        return isRows(op.getInput()) && isMatrix(op.getWeight()) &&
               (!op.getBias() || isVector(op.getBias()));
      })
      .Default([](Operation *) { return false; });
}

/// Null, or what stands in the way: an op, or the kernel because of its signature.
static Operation *findObstacle(KernelOp kernel) {
  if (kernel.getNumArguments() == 0 || !llvm::all_of(kernel.getArguments(), isRows))
    return kernel;
  Block &body = kernel.getBody().front();
  auto end = cast<esper::ReturnOp>(body.getTerminator());
  if (end.getUpdates().size() || !llvm::all_of(end.getOperands(), isRows))
    return kernel;
  for (Operation &op : body)
    if (!hasLowering(&op))
      return &op;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Conversion
//===----------------------------------------------------------------------===//

namespace {
class KernelConverter {
public:
  explicit KernelConverter(KernelOp kernel)
      : kernel(kernel), builder(kernel.getLoc(), kernel.getContext()) {}

  void run();

private:
  void createFunction();
  BlockArgument addArgument(Type type, StringRef mark, Attribute what, Location location);
  Value toTensor(Value memory);
  void convert(Operation &op);
  Value convertProduct(Value left, Value right, bool transposed, RankedTensorType type);
  using Body = llvm::function_ref<Value(ImplicitLocOpBuilder &, ValueRange)>;
  Value elementwise(ValueRange operands, RankedTensorType type, Body body);
  template <typename Op> Value binary(Value left, Value right, RankedTensorType type);
  Value emptyRows(RankedTensorType type);
  void convertReturn(esper::ReturnOp op);

  KernelOp kernel;
  ImplicitLocOpBuilder builder;
  func::FuncOp function;
  Value rows; ///< how many
  IRMapping values;
};
} // namespace

static MemRefType memoryOf(RankedTensorType type) {
  return MemRefType::get(type.getShape(), type.getElementType());
}

BlockArgument KernelConverter::addArgument(Type type, StringRef mark, Attribute what,
                                           Location location) {
  unsigned index = function.getNumArguments();
  auto attributes = builder.getDictionaryAttr(builder.getNamedAttr(mark, what));
  (void)function.insertArgument(index, type, attributes, location);
  return function.getArgument(index);
}

Value KernelConverter::toTensor(Value memory) {
  auto type = cast<MemRefType>(memory.getType());
  return bufferization::ToTensorOp::create(
      builder, RankedTensorType::get(type.getShape(), type.getElementType()), memory,
      /*restrict=*/true, /*writable=*/false);
}

void KernelConverter::createFunction() {
  builder.setInsertionPoint(kernel);
  function = func::FuncOp::create(builder, kernel.getSymName(), builder.getFunctionType({}, {}));
  builder.setInsertionPointToStart(function.addEntryBlock());
  for (BlockArgument input : kernel.getArguments()) {
    Attribute name = kernel.getArgAttr(input.getArgNumber(), "esper.name");
    if (!name)
      name = builder.getStringAttr("input" + Twine(input.getArgNumber()));
    Value memory =
        addArgument(memoryOf(tensorType(input)), native::inputAttr, name, input.getLoc());
    if (!rows)
      rows = memref::DimOp::create(builder, memory, 0);
    values.map(input, toTensor(memory));
  }
}

Value KernelConverter::emptyRows(RankedTensorType type) {
  return tensor::EmptyOp::create(builder, type, ValueRange{rows});
}

/// Vectors run along the columns.
Value KernelConverter::elementwise(ValueRange operands, RankedTensorType type, Body body) {
  AffineMap identity = builder.getMultiDimIdentityMap(2);
  SmallVector<AffineMap> maps;
  for (Value operand : operands)
    maps.push_back(tensorType(operand).getRank() == 2 ? identity : identity.getMinorSubMap(1));
  maps.push_back(identity);
  SmallVector<utils::IteratorType> parallel(2, utils::IteratorType::parallel);
  auto build = [&](OpBuilder &nested, Location location, ValueRange elements) {
    ImplicitLocOpBuilder inner(location, nested);
    Value made = body(inner, elements.drop_back());
    linalg::YieldOp::create(inner, made);
  };
  return linalg::GenericOp::create(builder, TypeRange{type}, operands, ValueRange{emptyRows(type)},
                                   maps, parallel, build)
      .getResult(0);
}

template <typename Op>
Value KernelConverter::binary(Value left, Value right, RankedTensorType type) {
  return elementwise({left, right}, type, [](ImplicitLocOpBuilder &inner, ValueRange elements) {
    return Op::create(inner, elements[0], elements[1]);
  });
}

/// sum_k left[m, k] * right[k, n], or right[n, k] where it is transposed.
Value KernelConverter::convertProduct(Value left, Value right, bool transposed,
                                      RankedTensorType type) {
  AffineExpr m, n, k;
  bindDims(builder.getContext(), m, n, k);
  auto zero = arith::ConstantOp::create(builder, builder.getZeroAttr(type.getElementType()));
  Value start =
      linalg::FillOp::create(builder, ValueRange{zero}, ValueRange{emptyRows(type)}).result();
  SmallVector<AffineExpr> rightIndices{k, n};
  if (transposed)
    std::swap(rightIndices[0], rightIndices[1]);
  auto maps = AffineMap::inferFromExprList({ArrayRef<AffineExpr>{m, k}, rightIndices, {m, n}},
                                           builder.getContext());
  using utils::IteratorType;
  SmallVector<IteratorType> kinds{IteratorType::parallel, IteratorType::parallel,
                                  IteratorType::reduction};
  auto build = [](OpBuilder &nested, Location location, ValueRange elements) {
    Value term = arith::MulFOp::create(nested, location, elements[0], elements[1]);
    Value sum = arith::AddFOp::create(nested, location, elements[2], term);
    linalg::YieldOp::create(nested, location, sum);
  };
  return linalg::GenericOp::create(builder, TypeRange{type}, ValueRange{left, right},
                                   ValueRange{start}, maps, kinds, build)
      .getResult(0);
}

void KernelConverter::convertReturn(esper::ReturnOp op) {
  for (Value result : op.getOperands()) {
    Value memory = addArgument(memoryOf(tensorType(result)), native::outputAttr,
                               builder.getUnitAttr(), op.getLoc());
    auto stored = bufferization::MaterializeInDestinationOp::create(builder, Type(),
                                                                    values.lookup(result), memory);
    stored.setRestrict(true);
    stored.setWritable(true);
  }
  func::ReturnOp::create(builder);
}

void KernelConverter::convert(Operation &op) {
  builder.setLoc(op.getLoc());
  auto in = [&](Value value) { return values.lookup(value); };
  auto type = [&] { return tensorType(op.getResult(0)); };
  llvm::TypeSwitch<Operation *>(&op)
      .Case<ParamOp, BufferOp>([&](auto state) {
        Value memory = addArgument(memoryOf(tensorType(state)), native::stateAttr,
                                   state.getNameAttr(), op.getLoc());
        values.map(state, toTensor(memory));
      })
      .Case<DetachOp>([&](DetachOp op) { values.map(op, in(op.getInput())); })
      .Case<ScaleOp>([&](ScaleOp op) {
        auto scale = [&](ImplicitLocOpBuilder &inner, ValueRange x) -> Value {
          double factor = op.getValue().convertToDouble();
          Value by = arith::ConstantOp::create(inner, inner.getF32FloatAttr(float(factor)));
          return arith::MulFOp::create(inner, x[0], by);
        };
        values.map(op, elementwise(in(op.getInput()), type(), scale));
      })
      .Case<ActivationOp>([&](ActivationOp op) {
        auto function = [&](ImplicitLocOpBuilder &inner, ValueRange x) {
          return makeActivation(op.getKind(), op.getParameters(), x[0], inner);
        };
        values.map(op, elementwise(in(op.getInput()), type(), function));
      })
      .Case<AddOp>([&](AddOp op) {
        values.map(op, binary<arith::AddFOp>(in(op.getLeft()), in(op.getRight()), type()));
      })
      .Case<SubtractOp>([&](SubtractOp op) {
        values.map(op, binary<arith::SubFOp>(in(op.getLeft()), in(op.getRight()), type()));
      })
      .Case<MultiplyOp>([&](MultiplyOp op) {
        values.map(op, binary<arith::MulFOp>(in(op.getLeft()), in(op.getRight()), type()));
      })
      .Case<DivideOp>([&](DivideOp op) {
        values.map(op, binary<arith::DivFOp>(in(op.getLeft()), in(op.getRight()), type()));
      })
      .Case<MatmulOp>([&](MatmulOp op) {
        values.map(op, convertProduct(in(op.getLeft()), in(op.getRight()), false, type()));
      })
      .Case<LinearOp>([&](LinearOp op) {
        Value made = convertProduct(in(op.getInput()), in(op.getWeight()), true, type());
        if (op.getBias())
          made = binary<arith::AddFOp>(made, in(op.getBias()), type());
        values.map(op, made);
      })
      .Case<esper::ReturnOp>([&](esper::ReturnOp op) { convertReturn(op); });
}

void KernelConverter::run() {
  createFunction();
  for (Operation &op : kernel.getBody().front())
    convert(op);
  kernel.erase();
}

namespace {
struct EsperToLinalgPass : tez::impl::EsperToLinalgBase<EsperToLinalgPass> {
  /// The functions take frozen state as arguments; how it came about is no code of theirs.
  void eraseDerivedState() {
    for (auto nested : llvm::make_early_inc_range(getOperation().getOps<mlir::ModuleOp>()))
      if (nested->hasAttr("esper.derived"))
        nested.erase();
  }

  void runOnOperation() override {
    for (auto kernel : llvm::make_early_inc_range(getOperation().getOps<KernelOp>())) {
      if (Operation *obstacle = findObstacle(kernel)) {
        auto options = remark::RemarkOpts::name("esper-to-linalg").category("native");
        remark::missed(obstacle->getLoc(), options)
            << ("no machine code: no lowering of " + obstacle->getName().getStringRef()).str();
        continue;
      }
      KernelConverter(kernel).run();
      ++numKernels;
    }
    if (getOperation().getOps<KernelOp>().empty())
      eraseDerivedState();
  }
};
} // namespace
