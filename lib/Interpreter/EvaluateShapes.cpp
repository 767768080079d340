//===- EvaluateShapes.cpp - Shapes and reductions -------------------------===//
//
// Result shapes come from the ops' own shape rules.
//
//===----------------------------------------------------------------------===//

#include "Evaluator.h"

using namespace mlir;
using namespace tez;
using namespace tez::interp;
using namespace tez::esper;

static Variable reduce(ReduceOp op, Evaluator &e) {
  Variable x = e(op.getInput());
  Dims dims = vec(op.getDims());
  switch (op.getKind()) {
  case ReduceKind::Sum:
    return sum(x, dims, op.getKeepdim());
  case ReduceKind::Mean:
    return mean(x, dims, op.getKeepdim());
  case ReduceKind::Max:
    return amax(x, dims, op.getKeepdim());
  case ReduceKind::Min:
    return amin(x, dims, op.getKeepdim());
  case ReduceKind::Var:
    return variance(x, dims, double(op.getCorrection()), op.getKeepdim());
  }
  return x;
}

static LogicalResult evaluateSplit(SplitOp op, Evaluator &e) {
  Variable x = e(op.getInput());
  int64_t start = 0;
  for (auto [result, size] : llvm::zip(op.getOutputs(), op.getSizes())) {
    e.set(result, slice(x, op.getDim(), start, start + size));
    start += size;
  }
  return success();
}

static Variable concatOp(ConcatOp op, Evaluator &e) {
  std::vector<Variable> parts;
  for (Value input : op.getInputs())
    parts.push_back(e(input));
  return concat(parts, op.getDim());
}

/// Python's bounds: negative ones count from the end, all are clamped.
static int64_t clampBound(int64_t bound, int64_t size) {
  return std::clamp<int64_t>(bound < 0 ? bound + size : bound, 0, size);
}

static Variable sliceOp(SliceOp op, Evaluator &e) {
  Variable x = e(op.getInput());
  int64_t size = x.dim(op.getDim());
  int64_t start = clampBound(op.getStart(), size);
  int64_t end = op.getEnd() ? clampBound(*op.getEnd(), size) : size;
  return slice(x, op.getDim(), start, std::max(start, end), op.getStep());
}

static Variable sliceLikeOp(SliceLikeOp op, Evaluator &e) {
  Variable x = e(op.getInput());
  int64_t most = e(op.getLike()).dim(op.getLikeDim());
  return slice(x, op.getDim(), 0, std::min(x.dim(op.getDim()), most));
}

static Variable cumsumOp(CumsumOp op, Evaluator &e) {
  Variable x = e(op.getInput());
  std::vector<Variable> sums;
  for (int64_t i = 0; i < x.dim(op.getDim()); ++i) {
    Variable one = slice(x, op.getDim(), i, i + 1);
    sums.push_back(sums.empty() ? one : add(sums.back(), one));
  }
  return sums.empty() ? x : concat(sums, op.getDim());
}

/// Ops that only name the same elements in another shape.
template <typename Op> static void addReshaping(EvaluatorTable &table) {
  addRow<Op>(table, [](Op op, Evaluator &e) {
    return reshape(e(op.getInput()), shapeOf(op.getOutput()));
  });
}

void interp::addShapes(EvaluatorTable &table) {
  addReshaping<ReshapeOp>(table);
  addReshaping<FlattenOp>(table);
  addReshaping<UnflattenOp>(table);
  addReshaping<UnsqueezeOp>(table);
  addReshaping<SqueezeOp>(table);
  addRow<ReduceOp>(table, reduce);
  addRow<TransposeOp>(table, [](TransposeOp op, Evaluator &e) {
    return transpose(e(op.getInput()), op.getDim0(), op.getDim1());
  });
  addRow<PermuteOp>(table, [](PermuteOp op, Evaluator &e) {
    return permute(e(op.getInput()), vec(op.getDims()));
  });
  addRow<ConcatOp>(table, concatOp);
  addRows<SplitOp>(table, evaluateSplit);
  addRow<SliceOp>(table, sliceOp);
  addRow<SliceLikeOp>(table, sliceLikeOp);
  addRow<CumsumOp>(table, cumsumOp);
  addRow<IndexOp>(table, [](IndexOp op, Evaluator &e) {
    return select(e(op.getInput()), op.getDim(), op.getIndex());
  });
  addRow<PadOp>(table, [](PadOp op, Evaluator &e) {
    return pad(e(op.getInput()), vec(op.getPads()), interp::PadMode(int(op.getMode())),
               op.getValue().convertToDouble());
  });
  addRow<ExpandAsOp>(table, [](ExpandAsOp op, Evaluator &e) {
    return broadcastTo(e(op.getInput()), shapeOf(op.getOutput()));
  });
  addRow<PixelShuffleOp>(table, [](PixelShuffleOp op, Evaluator &e) {
    return pixelShuffle(e(op.getInput()), op.getFactor());
  });
  addRow<PixelUnshuffleOp>(table, [](PixelUnshuffleOp op, Evaluator &e) {
    return pixelUnshuffle(e(op.getInput()), op.getFactor());
  });
  addRow<ContiguousOp>(table, [](ContiguousOp op, Evaluator &e) { return e(op.getInput()); });
  addRow<ChannelShuffleOp>(table, [](ChannelShuffleOp op, Evaluator &e) {
    return channelShuffle(e(op.getInput()), op.getGroups());
  });
}
