//===- EvaluateArithmetic.cpp - Matrix products and arithmetic ------------===//

#include "Evaluator.h"

using namespace tez;
using namespace tez::interp;
using namespace tez::esper;

/// Lower triangle kept, -inf above it.
static Variable causalMask(const Variable &scores) {
  Tensor mask(scores.shape());
  int64_t rows = scores.dim(-2), columns = scores.dim(-1);
  for (int64_t i = 0; i < mask.size(); ++i)
    mask.mutableData()[i] = i % columns <= (i / columns) % rows;
  return where(mask, scores, Variable(Tensor::scalar(-std::numeric_limits<double>::infinity())));
}

static Variable oneHot(const Tensor &indices, int64_t classes) {
  Shape shape = indices.shape();
  shape.push_back(classes);
  Tensor result(shape);
  for (int64_t i = 0; i < indices.size(); ++i)
    result.mutableData()[i * classes + int64_t(indices[i])] = 1;
  return result;
}

/// Indices come from whoever calls the kernel, so they are checked as they come.
static mlir::LogicalResult checkIndices(mlir::Operation *op, const Tensor &indices, int64_t end) {
  for (double index : indices.values())
    if (index < 0 || index >= double(end))
      return op->emitOpError() << "looks up index " << int64_t(index) << ", expected one in [0, "
                               << end << ")";
  return mlir::success();
}

static mlir::LogicalResult evaluateEmbedding(EmbeddingOp op, Evaluator &e) {
  Variable table = e(op.getWeight());
  Tensor indices = e(op.getIndices()).value();
  if (mlir::failed(checkIndices(op, indices, table.dim(0))))
    return mlir::failure();
  e.set(op, embedding(table, indices, op.getPaddingIdx(), op.getScaleGradByFreq()));
  return mlir::success();
}

static mlir::LogicalResult evaluateOneHot(OneHotOp op, Evaluator &e) {
  Tensor indices = e(op.getIndices()).value();
  if (mlir::failed(checkIndices(op, indices, op.getNumClasses())))
    return mlir::failure();
  e.set(op, oneHot(indices, op.getNumClasses()));
  return mlir::success();
}

void interp::addArithmetic(EvaluatorTable &table) {
  addRow<LinearOp>(table, [](LinearOp op, Evaluator &e) {
    return linear(e(op.getInput()), e(op.getWeight()), e(op.getBias()));
  });
  addRow<BilinearOp>(table, [](BilinearOp op, Evaluator &e) {
    return bilinear(e(op.getLeft()), e(op.getRight()), e(op.getWeight()), e(op.getBias()));
  });
  addRow<MatmulOp>(
      table, [](MatmulOp op, Evaluator &e) { return matmul(e(op.getLeft()), e(op.getRight())); });
  addRows<EmbeddingOp>(table, evaluateEmbedding);
  addRow<AddOp>(table,
                [](AddOp op, Evaluator &e) { return add(e(op.getLeft()), e(op.getRight())); });
  addRow<SubtractOp>(table, [](SubtractOp op, Evaluator &e) {
    return subtract(e(op.getLeft()), e(op.getRight()));
  });
  addRow<MultiplyOp>(table, [](MultiplyOp op, Evaluator &e) {
    return multiply(e(op.getLeft()), e(op.getRight()));
  });
  addRow<DivideOp>(
      table, [](DivideOp op, Evaluator &e) { return divide(e(op.getLeft()), e(op.getRight())); });
  addRow<MaximumOp>(
      table, [](MaximumOp op, Evaluator &e) { return maximum(e(op.getLeft()), e(op.getRight())); });
  addRow<MinimumOp>(
      table, [](MinimumOp op, Evaluator &e) { return minimum(e(op.getLeft()), e(op.getRight())); });
  addRow<ScaleOp>(table, [](ScaleOp op, Evaluator &e) {
    return scale(e(op.getInput()), op.getValue().convertToDouble());
  });
  addRow<DetachOp>(table, [](DetachOp op, Evaluator &e) { return detach(e(op.getInput())); });
  addRow<ClipGradientOp>(table, [](ClipGradientOp op, Evaluator &e) {
    return clipGradient(e(op.getInput()), op.getMaxNorm().convertToDouble(),
                        op.getNormType().convertToDouble());
  });
  addRow<CausalMaskOp>(table,
                       [](CausalMaskOp op, Evaluator &e) { return causalMask(e(op.getScores())); });
  addRows<OneHotOp>(table, evaluateOneHot);
  addRow<TypeAsOp>(table, [](TypeAsOp op, Evaluator &e) { return e(op.getInput()); });
  addRow<IncrementOp>(table, [](IncrementOp op, Evaluator &e) {
    return addScalar(e(op.getInput()), e.flag(op.getTraining()) ? 1 : 0);
  });
  addRow<ValueOrOp>(table, [](ValueOrOp op, Evaluator &e) {
    Variable input = e(op.getInput());
    return input.defined() ? input : e(op.getFallback());
  });
}
