//===- DimOrigin.cpp ------------------------------------------------------===//

#include "DimOrigin.h"
#include "ConstantState.h"
#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

static int64_t rankOf(Value value) { return int64_t(shapeOf(value).size()); }

/// Ops with one leading tensor whose first `kept` dimensions they keep.
static std::optional<int64_t> keptDims(Operation *op) {
  int64_t rank = op->getNumOperands() ? rankOf(op->getOperand(0)) : 0;
  return llvm::TypeSwitch<Operation *, std::optional<int64_t>>(op)
      .Case<ActivationOp, ScaleOp, DetachOp, ClipGradientOp, ContiguousOp, BatchNormOp,
            InstanceNormOp, LayerNormOp, GroupNormOp, RmsNormOp, SoftmaxOp, LogSoftmaxOp,
            CausalMaskOp, RotaryEmbeddingOp, CumsumOp>([&](auto) { return rank; })
      .Case([&](LinearOp) { return rank - 1; })
      .Case([&](MatmulOp product) -> std::optional<int64_t> {
        // A matrix on the right keeps the rows; more would broadcast.
        return rankOf(product.getRight()) == 2 ? std::optional(rank - 1) : std::nullopt;
      })
      .Case<ConvOp, ConvTransposeOp>([](auto) { return 1; })
      .Case<MaxPoolOp, AvgPoolOp, AdaptiveAvgPoolOp, AdaptiveMaxPoolOp>([](auto) { return 2; })
      .Case([&](FlattenOp flatten) { return normalizeDim(flatten.getStartDim(), rank); })
      .Case([&](UnflattenOp unflatten) { return normalizeDim(unflatten.getDim(), rank); })
      .Default([](Operation *) { return std::nullopt; });
}

/// Positions are the query's; what leads them is, where key and value do not
/// broadcast it.
static bool keepsDim(DimOrigins &origins, SdpaOp op, int64_t dim) {
  int64_t rank = rankOf(op.getQuery());
  DimOrigin query = origins.of(op.getQuery(), dim);
  return dim == rank - 2 || (dim < rank - 2 && origins.of(op.getKey(), dim) == query &&
                             origins.of(op.getValue(), dim) == query);
}

/// The dimension of the input that dimension `dim` of a result is.
std::optional<int64_t> DimOrigins::stepBack(Operation *op, int64_t dim) {
  if (std::optional<int64_t> kept = keptDims(op))
    return dim < *kept ? std::optional(dim) : std::nullopt;
  int64_t rank = op->getNumOperands() ? rankOf(op->getOperand(0)) : 0;
  return llvm::TypeSwitch<Operation *, std::optional<int64_t>>(op)
      .Case([&](SdpaOp sdpa) {
        return keepsDim(*this, sdpa, dim) ? std::optional(dim) : std::nullopt;
      })
      .Case([&](PermuteOp permute) { return normalizeDim(permute.getDims()[dim], rank); })
      .Case([&](TransposeOp transpose) {
        auto a = normalizeDim(transpose.getDim0(), rank),
             b = normalizeDim(transpose.getDim1(), rank);
        return dim == a ? b : dim == b ? a : std::optional(dim);
      })
      .Case(
          [&](IndexOp index) { return dim < *normalizeDim(index.getDim(), rank) ? dim : dim + 1; })
      .Case<SliceOp, SplitOp, SliceLikeOp>([&](auto cut) {
        return normalizeDim(cut.getDim(), rank) == dim ? std::nullopt : std::optional(dim);
      })
      .Default([](Operation *) { return std::nullopt; });
}

DimOrigin DimOrigins::trace(Value value, int64_t dim) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return {value, dim};
  if (isa<AddOp, SubtractOp, MultiplyOp, DivideOp>(op)) {
    // The size of one operand, where the other is known to fit into it.
    bool left = fitsInto(op->getOperand(1), op->getOperand(0));
    if (left || fitsInto(op->getOperand(0), op->getOperand(1)))
      return of(op->getOperand(left ? 0 : 1), dim);
    return {value, dim};
  }
  std::optional<int64_t> before = stepBack(op, dim);
  return before ? of(op->getOperand(0), *before) : DimOrigin{value, dim};
}

DimOrigin DimOrigins::of(Value value, int64_t dim) {
  auto found = known.find({value, dim});
  if (found != known.end())
    return {found->second.first, found->second.second};
  DimOrigin origin = trace(value, dim);
  known[{value, dim}] = {origin.value, origin.dim};
  return origin;
}

bool DimOrigins::fitsInto(Value other, Value value) {
  ArrayRef<int64_t> small = shapeOf(other), large = shapeOf(value);
  // A call may leave the leading dimension out; a constant keeps its rank.
  if (small.size() > large.size() || (small.size() == large.size() && isConstantState(other)))
    return false;
  int64_t offset = int64_t(large.size() - small.size());
  for (auto [i, size] : llvm::enumerate(small)) {
    if (size == 1 || (!isDynamic(size) && size == large[i + offset]))
      continue;
    if (!isDynamic(size) || !(of(other, i) == of(value, int64_t(i) + offset)))
      return false;
  }
  return true;
}
