//===- NormOfOne.cpp - Statistics of one value ----------------------------===//

#include "Rules.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// Whether the dimensions of `value` from `first` on, without `skip`, hold one
/// element together.
static bool isOne(LintContext &context, Value value, int64_t first, int64_t skip = -1) {
  for (int64_t dim = first, rank = cast<RankedTensorType>(value.getType()).getRank(); dim < rank;
       ++dim)
    if (dim != skip && context.dimSize(value, dim) != 1)
      return false;
  return true;
}

/// What the statistics of the op are of, when that is one value; else empty.
static StringRef single(LintContext &context, Operation *op) {
  return llvm::TypeSwitch<Operation *, StringRef>(op)
      .Case([&](BatchNormOp op) {
        bool one = !rules::isNever(op.getTraining()) && isOne(context, op.getInput(), 0, 1);
        return one ? "in training, each channel has" : "";
      })
      .Case([&](InstanceNormOp op) {
        bool one = !rules::isNever(op.getUseInputStats()) && isOne(context, op.getInput(), 2);
        return one ? "each channel of a sample has" : "";
      })
      .Case([&](GroupNormOp op) {
        bool one = context.dimSize(op.getInput(), 1) == int64_t(op.getNumGroups()) &&
                   isOne(context, op.getInput(), 2);
        return one ? "each group has" : "";
      })
      .Case([&](LayerNormOp op) {
        bool one = llvm::all_of(op.getNormalizedShape(), [](int64_t dim) { return dim == 1; });
        return one ? "the normalised shape has" : "";
      })
      .Case([&](RmsNormOp op) {
        bool one = llvm::all_of(op.getNormalizedShape(), [](int64_t dim) { return dim == 1; });
        return one ? "the normalised shape has" : "";
      })
      .Default([](Operation *) { return ""; });
}

void rules::checkNormOfOne(LintContext &context) {
  for (Operation &op : context.kernel.getBody().front()) {
    StringRef where = single(context, &op);
    if (where.empty())
      continue;
    StringRef effect = isa<RmsNormOp>(op) ? "its output is the sign of the input"
                                          : "its output is zero (torch refuses some such inputs)";
    context.report(op.getLoc(), shortName(&op) + " of one value: " + where +
                                    " a single element, so that before weight and bias " + effect);
  }
}
