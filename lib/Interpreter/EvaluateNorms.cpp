//===- EvaluateNorms.cpp - Normalisations ---------------------------------===//

#include "Evaluator.h"

using namespace mlir;
using namespace tez;
using namespace tez::interp;
using namespace tez::esper;

/// A vector over the channels (dimension 1), shaped to broadcast.
static Variable overChannels(const Variable &vector, int64_t rank) {
  Shape shape(size_t(rank), 1);
  shape[1] = vector.dim(0);
  return reshape(vector, shape);
}

/// y * weight + bias, each optional, after `shaped`.
template <typename Shaped>
static Variable affine(Variable y, const Variable &weight, const Variable &bias, Shaped shaped) {
  if (weight.defined())
    y = multiply(y, shaped(weight));
  if (bias.defined())
    y = add(y, shaped(bias));
  return y;
}

static Dims allButChannels(int64_t rank, int64_t first) {
  Dims dims;
  for (int64_t dim = first; dim < rank; ++dim)
    if (dim != 1)
      dims.push_back(dim);
  return dims;
}

/// (1 - momentum) * old + momentum * statistics, flat over the channels. The
/// statistics have one value for each (batch entry and) channel: the mean over
/// the batch counts. `unbias` turns the biased variance into torch's.
static Tensor runningAverage(const Tensor &old, const Tensor &statistics, double momentum,
                             double unbias) {
  int64_t channels = old.size(), rows = statistics.size() / std::max<int64_t>(channels, 1);
  Tensor result(old.shape());
  for (int64_t c = 0; c < channels; ++c) {
    double sum = 0;
    for (int64_t row = 0; row < rows; ++row)
      sum += statistics[row * channels + c] * unbias;
    result.mutableData()[c] = (1 - momentum) * old[c] + momentum * sum / double(rows);
  }
  return result;
}

/// Batch and instance norm: they differ in the dimensions of the statistics.
template <typename Op>
static LogicalResult evaluateStatistics(Op op, Evaluator &e, bool live, int64_t firstDim,
                                        double momentum) {
  Variable x = e(op.getInput());
  auto shaped = [&](const Variable &vector) { return overChannels(vector, x.rank()); };
  Tensor mean = e(op.getRunningMean()).value(), variance = e(op.getRunningVar()).value();
  double eps = op.getEps().convertToDouble();
  Variable y;
  if (live || !mean.defined()) {
    Normalized normalized = normalize(x, allButChannels(x.rank(), firstDim), eps);
    y = normalized.output;
    double count = double(x.value().size()) / double(std::max<int64_t>(normalized.mean.size(), 1));
    bool nothing = firstDim == 0 && x.value().size() == 0; // to torch's batch norm, no batch
    if (mean.defined() && !nothing) {
      mean = runningAverage(mean, normalized.mean, momentum, 1);
      variance = runningAverage(variance, normalized.variance, momentum, count / (count - 1));
    }
  } else {
    Variable scale = rsqrt(addScalar(Variable(variance), eps));
    y = multiply(subtract(x, shaped(Variable(mean))), shaped(scale));
  }
  e.set(op.getOutput(), affine(y, e(op.getWeight()), e(op.getBias()), shaped));
  if (op.getNewMean()) {
    e.set(op.getNewMean(), mean);
    e.set(op.getNewVar(), variance);
  }
  return success();
}

static LogicalResult evaluateBatchNorm(BatchNormOp op, Evaluator &e) {
  double momentum =
      op.getCount() ? 1 / (e(op.getCount()).value()[0] + 1) : op.getMomentum().convertToDouble();
  return evaluateStatistics(op, e, e.flag(op.getTraining()), 0, momentum);
}
static LogicalResult evaluateInstanceNorm(InstanceNormOp op, Evaluator &e) {
  return evaluateStatistics(op, e, e.flag(op.getUseInputStats()), 2,
                            op.getMomentum().convertToDouble());
}

static Dims lastDims(int64_t rank, size_t count) {
  Dims dims;
  for (size_t i = 0; i < count; ++i)
    dims.push_back(rank - int64_t(count - i));
  return dims;
}

static Variable layerNorm(LayerNormOp op, Evaluator &e) {
  Variable x = e(op.getInput());
  Variable y = normalize(x, lastDims(x.rank(), op.getNormalizedShape().size()),
                         op.getEps().convertToDouble())
                   .output;
  return affine(y, e(op.getWeight()), e(op.getBias()), [](const Variable &v) { return v; });
}

/// Each group of channels as one row: (N, groups, rest).
static Variable groupNorm(GroupNormOp op, Evaluator &e) {
  Variable x = e(op.getInput());
  int64_t rows = x.dim(0) * op.getNumGroups();
  int64_t width = rows ? x.value().size() / rows : 0;
  Variable grouped = reshape(x, {rows, width});
  Variable y = reshape(normalize(grouped, {1}, op.getEps().convertToDouble()).output, x.shape());
  return affine(y, e(op.getWeight()), e(op.getBias()),
                [&](const Variable &v) { return overChannels(v, x.rank()); });
}

static Variable rmsNormOp(RmsNormOp op, Evaluator &e) {
  Variable x = e(op.getInput());
  double eps = op.getEps() ? op.getEps()->convertToDouble() : e.machineEpsilon();
  Variable y = rmsNorm(x, lastDims(x.rank(), op.getNormalizedShape().size()), eps);
  return op.getWeight() ? multiply(y, e(op.getWeight())) : y;
}

void interp::addNorms(EvaluatorTable &table) {
  addRows<BatchNormOp>(table, evaluateBatchNorm);
  addRows<InstanceNormOp>(table, evaluateInstanceNorm);
  addRow<LayerNormOp>(table, layerNorm);
  addRow<GroupNormOp>(table, groupNorm);
  addRow<RmsNormOp>(table, rmsNormOp);
}
