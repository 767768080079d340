//===- IdentityLayer.cpp - An op that changes nothing ---------------------===//

#include "Rules.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

static bool all(ArrayRef<int64_t> values, int64_t value) {
  return llvm::all_of(values, [=](int64_t v) { return v == value; });
}

/// The op's own folder gives back an operand. Folders may change what they
/// fold, so that a copy is asked.
static bool foldsToOperand(Operation &op) {
  if (op.getNumResults() == 0 || op.hasTrait<OpTrait::ConstantLike>() ||
      op.hasTrait<OpTrait::IsTerminator>())
    return false;
  Operation *copy = op.clone();
  SmallVector<Attribute> unknown(op.getNumOperands());
  SmallVector<OpFoldResult> results;
  bool same = succeeded(copy->fold(unknown, results)) && !results.empty() &&
              llvm::all_of(results, [](OpFoldResult result) { return isa<Value>(result); });
  copy->destroy();
  return same;
}

/// Rules that no folder may state, for they need more than the op's operands.
static bool isIdentity(Operation &op, LintContext &context) {
  return llvm::TypeSwitch<Operation *, bool>(&op)
      .Case([&](ActivationOp op) {
        Interval input = context.intervals.of(op.getInput());
        if (op.getKind() == "relu" || op.getKind() == "abs")
          return input.low >= 0;
        if (op.getKind() == "add_scalar")
          return op.getParameters()[0] == 0;
        if (op.getKind() == "leaky_relu" || op.getKind() == "pow")
          return op.getParameters()[0] == 1;
        return op.getKind() == "hardtanh" && input.low >= op.getParameters()[0] &&
               input.high <= op.getParameters()[1];
      })
      .Case([](MaxPoolOp op) {
        return all(op.getKernelSize(), 1) && all(op.getStride(), 1) && all(op.getPadding(), 0);
      })
      .Case([](AvgPoolOp op) {
        return all(op.getKernelSize(), 1) && all(op.getStride(), 1) && all(op.getPadding(), 0) &&
               op.getDivisorOverride().value_or(1) == 1;
      })
      .Case<AdaptiveAvgPoolOp, AdaptiveMaxPoolOp>(
          [](auto op) { return all(op.getOutputSize(), -1); })
      .Case([](FlattenOp op) {
        int64_t rank = op.getInput().getType().getRank();
        auto from = [&](int64_t dim) { return dim < 0 ? dim + rank : dim; };
        return rank > 0 && from(int64_t(op.getStartDim())) == from(int64_t(op.getEndDim()));
      })
      .Case([](NoiseOp op) { return op.getStd().isZero(); })
      .Case<PixelShuffleOp, PixelUnshuffleOp>([](auto op) { return op.getFactor() == 1; })
      .Case([](ChannelShuffleOp op) { return op.getGroups() == 1; })
      .Default([](Operation *) { return false; });
}

void rules::checkIdentityLayer(LintContext &context) {
  for (Operation &op : context.kernel.getBody().front())
    if (isa<CostOpInterface>(op) && !isa<DetachOp>(op) &&
        (isIdentity(op, context) || foldsToOperand(op)))
      context.report(op.getLoc(), "this " + shortName(&op) + " changes nothing");
}
