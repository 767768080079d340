//===- ConvertPrecision.cpp - Products in fewer bits ----------------------===//

#include "tez/Dialect/Esper/ShapeRules.h"
#include "tez/Transforms/Passes.h"
#include "tez/Transforms/Rewrite.h"
#include "llvm/ADT/StringSet.h"

namespace tez {
#define GEN_PASS_DEF_CONVERTPRECISION
#include "tez/Transforms/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// esper-convert-precision
//===----------------------------------------------------------------------===//

namespace {
enum class Policy { Narrow, Follow, Wide };

/// Goes through a kernel once, in order, and gives each op its types; values are
/// converted where op and operand disagree, each once for each type.
class PrecisionConverter {
public:
  PrecisionConverter(KernelOp kernel, FloatType narrow) : kernel(kernel), narrow(narrow) {}

  void run();
  unsigned numNarrow = 0, numCasts = 0;

private:
  bool computesNarrow(Operation &op) const;
  void convertOperands(Operation &op, Type element);
  Value converted(Value value, Type element, Operation &before);
  void say(Operation &op, bool isNarrow) const;

  KernelOp kernel;
  FloatType narrow;
  llvm::DenseMap<std::pair<Value, Type>, Value> casts;
};
} // namespace

/// Bounded functions and those that grow no faster than their argument. What
/// has a wide range (exp, squares, roots near 0) is left to fp32.
static bool isTame(ActivationOp op) {
  static const llvm::StringSet<> kinds = {
      "relu",      "relu6",       "gelu", "gelu_tanh", "silu",       "mish",     "tanh", "sigmoid",
      "hardswish", "hardsigmoid", "elu",  "selu",      "leaky_relu", "hardtanh", "neg",  "abs"};
  return kinds.contains(op.getKind());
}

/// Narrow: sums of products, of which every implementation keeps the sums in
/// fp32. Follow: one element for one element, or none computed at all; they take
/// the type of what they read. Wide: everything else, norms, softmax and other
/// reductions among it.
static Policy policyOf(Operation &op) {
  if (isa<LinearOp, BilinearOp, MatmulOp, ConvOp, ConvTransposeOp, SdpaOp>(op))
    return Policy::Narrow;
  if (auto activation = dyn_cast<ActivationOp>(op))
    return isTame(activation) ? Policy::Follow : Policy::Wide;
  if (isa<AddOp, SubtractOp, MultiplyOp, ScaleOp, MaxPoolOp, AdaptiveMaxPoolOp, ReshapeOp,
          FlattenOp, UnflattenOp, TransposeOp, PermuteOp, ConcatOp, SplitOp, SliceOp, UnsqueezeOp,
          IndexOp, SqueezeOp, PixelShuffleOp, PixelUnshuffleOp, ChannelShuffleOp, ContiguousOp>(op))
    return Policy::Follow;
  return Policy::Wide;
}

static bool isFloating(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && isa<FloatType>(type.getElementType());
}

static bool isState(Value value) {
  return isa_and_present<ParamOp, BufferOp>(value.getDefiningOp());
}

bool PrecisionConverter::computesNarrow(Operation &op) const {
  bool f32 = llvm::all_of(op.getOperands(), [&](Value value) {
    return !isFloating(value) || elementOf(value).isF32() || elementOf(value) == narrow;
  });
  switch (f32 ? policyOf(op) : Policy::Wide) {
  case Policy::Narrow:
    return true;
  case Policy::Wide:
    return false;
  case Policy::Follow:
    break;
  }
  // State takes the type of what it meets.
  bool any = false;
  for (Value value : op.getOperands())
    if (isFloating(value) && !isState(value)) {
      if (elementOf(value) != narrow)
        return false;
      any = true;
    }
  return any;
}

Value PrecisionConverter::converted(Value value, Type element, Operation &before) {
  if (elementOf(value) == element)
    return value;
  Value &cast = casts[{value, element}];
  if (!cast) {
    // Right behind the value, so that every later op can read it.
    OpBuilder builder(&before);
    builder.setInsertionPointAfterValue(value);
    cast = CastOp::create(builder, value.getLoc(), value, TypeAttr::get(element));
    ++numCasts;
  }
  return cast;
}

/// Only between fp32 and the narrow type: what a kernel has in other types stays.
void PrecisionConverter::convertOperands(Operation &op, Type element) {
  for (OpOperand &operand : op.getOpOperands())
    if (isFloating(operand.get()) &&
        (elementOf(operand.get()).isF32() || elementOf(operand.get()) == narrow))
      operand.set(converted(operand.get(), element, op));
}

void PrecisionConverter::say(Operation &op, bool isNarrow) const {
  StringRef flag = "esper-convert-precision";
  if (isNarrow && policyOf(op) == Policy::Narrow)
    rewritten(op.getLoc(), flag) << remark::add("computed in {0}", narrow);
  bool reads = llvm::any_of(op.getOperands(), [&](Value value) {
    return isFloating(value) && elementOf(value) == narrow;
  });
  if (isNarrow || !reads || isa<ReturnOp>(op))
    return;
  auto options = remark::RemarkOpts::name(flag).category(remarkCategory(flag));
  remark::missed(op.getLoc(), options)
      << remark::add("{0} stays in fp32, its operands are converted", op.getName().getStringRef());
}

void PrecisionConverter::run() {
  for (Operation &op : llvm::make_early_inc_range(kernel.getBody().front())) {
    if (op.getNumOperands() == 0)
      continue;
    bool isNarrow = computesNarrow(op);
    say(op, isNarrow);
    convertOperands(op, isNarrow ? Type(narrow) : Type(Float32Type::get(op.getContext())));
    if (!isNarrow)
      continue;
    numNarrow += policyOf(op) == Policy::Narrow;
    for (Value result : op.getResults())
      result.setType(cast<RankedTensorType>(result.getType()).clone(narrow));
  }
}

namespace {
struct ConvertPrecision : tez::impl::ConvertPrecisionBase<ConvertPrecision> {
  using ConvertPrecisionBase::ConvertPrecisionBase;

  LogicalResult initialize(MLIRContext *context) override {
    if (to == "bf16")
      narrow = BFloat16Type::get(context);
    else if (to == "f16")
      narrow = Float16Type::get(context);
    else
      return emitError(UnknownLoc::get(context))
             << "esper-convert-precision converts to bf16 or f16, found '" << to << "'";
    return success();
  }

  void runOnOperation() override {
    if (!getOperation()->hasAttr("esper.infer"))
      return markAllAnalysesPreserved();
    PrecisionConverter converter(getOperation(), narrow);
    converter.run();
    numNarrow += converter.numNarrow;
    numCasts += converter.numCasts;
  }

  FloatType narrow;
};
} // namespace
