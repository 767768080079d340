//===- Origins.cpp - Where a dimension comes from -------------------------===//
//
// `B, N, C = x.shape` and then y.reshape(B, N, -1) of what x has become: sizes known at run time
// are the same where they are one dimension of one value. Steps are taken only where the op proves
// it.
//
//===----------------------------------------------------------------------===//

#include "Inputs.h"
#include "Translator.h"
#include "tez/Dialect/Esper/ShapeRules.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

using Origin = std::pair<Value, int64_t>; ///< a null value: not known

static int64_t rankOf(Value value) { return typeOf(value).getRank(); }

static Origin throughArithmetic(Operation *op, int64_t dim, int64_t rank) {
  for (Value operand : op->getOperands()) {
    auto type = dyn_cast<RankedTensorType>(operand.getType());
    int64_t offset = type ? rank - type.getRank() : 0;
    if (type && dim >= offset && type.getDimSize(dim - offset) != 1)
      return {operand, dim - offset};
  }
  return {};
}

static Origin throughProduct(esper::MatmulOp op, int64_t dim, int64_t rank) {
  Value from = dim == rank - 1 ? op.getRight() : op.getLeft();
  bool alike = rankOf(op.getLeft()) == rankOf(op.getRight());
  return alike && typeOf(from).getDimSize(dim) != 1 ? Origin{from, dim} : Origin();
}

/// First results of layers: (batch, positions ..., features), (batch, channels, sizes ...).
static Origin throughLayer(Operation *op, int64_t dim, int64_t rank) {
  if (isa<esper::LinearOp, esper::TopkOp, esper::EmbeddingOp, esper::LstmOp, esper::GruOp,
          esper::RnnOp, esper::AttentionOp, esper::OneHotOp>(op))
    return dim != rank - 1 ? Origin{op->getOperand(0), dim} : Origin();
  if (isa<esper::BatchNormOp, esper::InstanceNormOp, esper::GroupNormOp, esper::LocalResponseNormOp,
          esper::PReluOp, esper::CausalMaskOp>(op))
    return {op->getOperand(0), dim};
  if (isa<esper::ConvOp, esper::ConvTransposeOp, esper::PixelShuffleOp, esper::PixelUnshuffleOp>(
          op))
    return dim == 0 ? Origin{op->getOperand(0), 0} : Origin();
  if (isa<esper::MaxPoolOp, esper::AvgPoolOp, esper::LpPoolOp, esper::AdaptiveAvgPoolOp,
          esper::AdaptiveMaxPoolOp, esper::UpsampleOp>(op))
    return dim < 2 ? Origin{op->getOperand(0), dim} : Origin();
  if (auto glu = dyn_cast<esper::GluOp>(op))
    return dim != *esper::normalizeDim(glu.getDim(), rank) ? Origin{glu.getInput(), dim} : Origin();
  return {};
}

static Origin throughReduction(esper::ReduceOp op, int64_t dim) {
  int64_t rank = rankOf(op.getInput());
  SmallVector<int64_t> gone, kept;
  for (int64_t given : op.getDims())
    gone.push_back(*esper::normalizeDim(given, rank));
  for (int64_t from = 0; from < rank; ++from)
    if (!llvm::is_contained(gone, from))
      kept.push_back(from);
  if (op.getDims().empty())
    return {};
  if (op.getKeepdim())
    return llvm::is_contained(gone, dim) ? Origin() : Origin{op.getInput(), dim};
  return {op.getInput(), kept[dim]};
}

/// Ops of which one dimension is another one behind them.
static Origin throughParts(Operation *op, int64_t dim, int64_t rank) {
  auto unless = [&](Value input, int64_t changed) {
    return dim != *esper::normalizeDim(changed, rank) ? Origin{input, dim} : Origin();
  };
  if (auto split = dyn_cast<esper::SplitOp>(op))
    return unless(split.getInput(), split.getDim());
  if (auto slice = dyn_cast<esper::SliceOp>(op))
    return unless(slice.getInput(), slice.getDim());
  if (auto slice = dyn_cast<esper::SliceLikeOp>(op))
    return unless(slice.getInput(), slice.getDim());
  if (auto index = dyn_cast<esper::IndexOp>(op))
    return {index.getInput(), dim + (dim >= *esper::normalizeDim(index.getDim(), rank + 1))};
  if (auto concat = dyn_cast<esper::ConcatOp>(op))
    return unless(concat.getInputs().front(), concat.getDim());
  if (auto pad = dyn_cast<esper::PadOp>(op)) {
    size_t at = 2 * size_t(rank - 1 - dim);
    ArrayRef<int64_t> pads = pad.getPads();
    bool same = at >= pads.size() || (pads[at] == 0 && pads[at + 1] == 0);
    return same ? Origin{pad.getInput(), dim} : Origin();
  }
  if (auto expand = dyn_cast<esper::ExpandAsOp>(op))
    return {expand.getLike(), dim};
  return {};
}

/// The elements are as many as before: where all sizes but one are known in both shapes and have
/// one product, the one is the same.
static Origin throughReshape(esper::ReshapeOp op, int64_t dim) {
  auto open = [](RankedTensorType type) -> std::pair<int64_t, int64_t> {
    int64_t at = -1, product = 1;
    for (auto [i, size] : llvm::enumerate(type.getShape())) {
      if (esper::isDynamic(size) && at >= 0)
        return {-1, 0};
      if (esper::isDynamic(size))
        at = int64_t(i);
      else
        product *= size;
    }
    return {at, product};
  };
  auto [before, one] = open(typeOf(op.getInput()));
  auto [after, other] = open(typeOf(op.getResult()));
  bool same = before >= 0 && after == dim && one == other && one != 0;
  return same ? Origin{op.getInput(), before} : Origin();
}

static Origin throughView(Operation *op, int64_t dim, int64_t rank) {
  if (auto permute = dyn_cast<esper::PermuteOp>(op))
    return {permute.getInput(), *esper::normalizeDim(permute.getDims()[dim], rank)};
  if (auto transpose = dyn_cast<esper::TransposeOp>(op)) {
    int64_t a = *esper::normalizeDim(transpose.getDim0(), rank);
    int64_t b = *esper::normalizeDim(transpose.getDim1(), rank);
    return {transpose.getInput(), dim == a ? b : dim == b ? a : dim};
  }
  if (auto unsqueeze = dyn_cast<esper::UnsqueezeOp>(op)) {
    int64_t made = *esper::normalizeDim(unsqueeze.getDim(), rank);
    return dim == made ? Origin() : Origin{unsqueeze.getInput(), dim - (dim > made)};
  }
  if (auto squeeze = dyn_cast<esper::SqueezeOp>(op)) {
    int64_t from = rankOf(squeeze.getInput());
    int64_t gone = *esper::normalizeDim(squeeze.getDim(), from);
    return {squeeze.getInput(), dim + (from != rank && dim >= gone)};
  }
  if (auto flatten = dyn_cast<esper::FlattenOp>(op)) {
    int64_t from = rankOf(flatten.getInput());
    if (from == 0)
      return {};
    int64_t start = *esper::normalizeDim(flatten.getStartDim(), from);
    return dim == start ? Origin()
                        : Origin{flatten.getInput(), dim < start ? dim : dim + from - rank};
  }
  if (auto unflatten = dyn_cast<esper::UnflattenOp>(op)) {
    int64_t from = rankOf(unflatten.getInput());
    int64_t start = *esper::normalizeDim(unflatten.getDim(), from);
    if (dim < start)
      return {unflatten.getInput(), dim};
    int64_t end = start + int64_t(unflatten.getSizes().size());
    return dim >= end ? Origin{unflatten.getInput(), dim + from - rank} : Origin();
  }
  auto reshape = dyn_cast<esper::ReshapeOp>(op);
  return reshape ? throughReshape(reshape, dim) : Origin();
}

static Origin stepBack(OpResult value, int64_t dim) {
  Operation *op = value.getOwner();
  int64_t rank = rankOf(value);
  if (keepsShape(op))
    return {op->getOperand(0), dim};
  if (isArithmetic(op))
    return throughArithmetic(op, dim, rank);
  if (auto matmul = dyn_cast<esper::MatmulOp>(op))
    return throughProduct(matmul, dim, rank);
  if (auto reduce = dyn_cast<esper::ReduceOp>(op))
    return throughReduction(reduce, dim);
  if (Origin origin = throughParts(op, dim, rank); origin.first)
    return origin;
  if (Origin origin = throughView(op, dim, rank); origin.first)
    return origin;
  bool first = value.getResultNumber() == 0 || isa<esper::TopkOp>(op);
  return first ? throughLayer(op, dim, rank) : Origin();
}

std::pair<Value, int64_t> Translator::originOf(Value value, int64_t dim) {
  while (auto result = dyn_cast<OpResult>(value)) {
    auto [before, at] = stepBack(result, dim);
    if (!before || !isa<RankedTensorType>(before.getType()))
      break;
    value = before;
    dim = at;
  }
  return {value, dim};
}
