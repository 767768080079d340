//===- Intervals.cpp - Between which numbers a value lies -----------------===//

#include "tez/Analysis/Intervals.h"
#include "ScalarFunctions.h"
#include "llvm/ADT/TypeSwitch.h"
#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// From whatever arithmetic on infinities gave.
static Interval bounded(double low, double high) {
  if (std::isnan(low) || std::isnan(high))
    return {};
  return {low, high};
}

static Interval unite(Interval a, Interval b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

/// 0 times an unbounded number is 0: the number itself is finite.
static double product(double a, double b) { return a == 0 || b == 0 ? 0 : a * b; }

static Interval multiply(Interval a, Interval b) {
  auto [low, high] = std::minmax({product(a.low, b.low), product(a.low, b.high),
                                  product(a.high, b.low), product(a.high, b.high)});
  return bounded(low, high);
}

static Interval divide(Interval a, Interval b) {
  if (b.contains(0))
    return {};
  return multiply(a, {1 / b.high, 1 / b.low});
}

namespace {
/// The rule of each op, given the intervals of the ops before it.
struct Rules {
  const llvm::DenseMap<Value, Interval> &known;

  Interval of(Value value) const { return known.lookup(value); }

  Interval result(Operation &op) const {
    return llvm::TypeSwitch<Operation *, Interval>(&op)
        .Case([&](ActivationOp op) { return imageOf(op, of(op.getInput())); })
        .Case<SoftmaxOp, OneHotOp>([](auto) { return Interval{0, 1}; })
        .Case([](LogSoftmaxOp) { return Interval{Interval().low, 0}; })
        .Case([&](ScaleOp op) {
          double factor = op.getValue().convertToDouble();
          return multiply(of(op.getInput()), {factor, factor});
        })
        .Case<AddOp, SubtractOp, MultiplyOp, DivideOp>([&](auto op) { return binary(op); })
        .Case([&](ReduceOp op) { return reduce(op); })
        .Case([&](DropoutOp op) { return dropout(op); })
        .Case([&](RReluOp op) {
          Interval slopes{op.getLower().convertToDouble(), op.getUpper().convertToDouble()};
          return unite(of(op.getInput()), multiply(of(op.getInput()), slopes));
        })
        .Case([&](CausalMaskOp op) { return Interval{Interval().low, of(op.getScores()).high}; })
        .Case([&](PadOp op) { return pad(op); })
        .Case([&](AvgPoolOp op) {
          return op.getDivisorOverride() ? Interval() : unite(of(op.getInput()), {0, 0});
        })
        .Case([&](UpsampleOp op) {
          return op.getMode() == UpsampleMode::Bicubic ? Interval() : of(op.getInput());
        })
        .Case([&](ConcatOp op) { return unionOf(op.getInputs()); })
        .Case<ReshapeOp, FlattenOp, UnflattenOp, TransposeOp, PermuteOp, SplitOp, SliceOp,
              SliceLikeOp, IndexOp, ExpandAsOp, UnsqueezeOp, SqueezeOp, PixelShuffleOp,
              PixelUnshuffleOp, ChannelShuffleOp, DetachOp, ClipGradientOp, TypeAsOp, MaxPoolOp,
              AdaptiveAvgPoolOp, AdaptiveMaxPoolOp>([&](auto op) { return of(op->getOperand(0)); })
        .Case([&](ValueOrOp) { return Interval(); })
        .Default([](Operation *) { return Interval(); });
  }

private:
  Interval unionOf(ValueRange values) const {
    Interval all = of(values.front());
    for (Value value : values.drop_front())
      all = unite(all, of(value));
    return all;
  }

  Interval binary(AddOp op) const {
    Interval a = of(op.getLeft()), b = of(op.getRight());
    return bounded(a.low + b.low, a.high + b.high);
  }
  Interval binary(SubtractOp op) const {
    Interval a = of(op.getLeft()), b = of(op.getRight());
    return bounded(a.low - b.high, a.high - b.low);
  }
  Interval binary(MultiplyOp op) const {
    Interval a = of(op.getLeft()), all = multiply(a, of(op.getRight()));
    // A square is never negative.
    return op.getLeft() == op.getRight() ? Interval{std::max(all.low, 0.0), all.high} : all;
  }
  Interval binary(DivideOp op) const { return divide(of(op.getLeft()), of(op.getRight())); }

  Interval reduce(ReduceOp op) const {
    Interval all = of(op.getInput());
    switch (op.getKind()) {
    case ReduceKind::Sum:
      // Any number of terms, none included.
      return {all.low >= 0 ? 0 : Interval().low, all.high <= 0 ? 0 : Interval().high};
    case ReduceKind::Var:
      return {0, Interval().high};
    default:
      return all;
    }
  }

  Interval dropout(DropoutOp op) const {
    bool alpha = op.getKind() == DropoutKind::Alpha || op.getKind() == DropoutKind::FeatureAlpha;
    double p = op.getP().convertToDouble(), kept = p < 1 ? 1 / (1 - p) : 0;
    Interval all = of(op.getInput());
    return alpha ? Interval() : unite(unite(all, {0, 0}), multiply(all, {kept, kept}));
  }

  Interval pad(PadOp op) const {
    Interval all = of(op.getInput());
    double value = op.getValue().convertToDouble();
    return op.getMode() == PadMode::Constant ? unite(all, {value, value}) : all;
  }
};
} // namespace

Intervals::Intervals(KernelOp kernel) {
  for (Operation &op : kernel.getBody().front()) {
    Interval all = Rules{known}.result(op);
    if (all == Interval())
      continue;
    for (Value result : op.getResults())
      known[result] = all;
  }
}
