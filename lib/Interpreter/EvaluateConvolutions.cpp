//===- EvaluateConvolutions.cpp - Convolutions, pools, resampling ---------===//

#include "Evaluator.h"

using namespace tez;
using namespace tez::interp;
using namespace tez::esper;

template <typename Op> static ConvOptions convOptions(Op op) {
  ConvOptions options;
  options.stride = vec(op.getStride());
  options.padding = vec(op.getPadding());
  options.dilation = vec(op.getDilation());
  options.groups = op.getGroups();
  return options;
}

template <typename Op> static PoolOptions poolOptions(Op op) {
  PoolOptions options;
  options.kernel = vec(op.getKernelSize());
  options.stride = vec(op.getStride());
  options.padding = vec(op.getPadding());
  options.ceilMode = op.getCeilMode();
  return options;
}

static mlir::LogicalResult evaluateMaxPoolWithIndices(MaxPoolWithIndicesOp op, Evaluator &e) {
  PoolOptions options = poolOptions(op);
  options.dilation = vec(op.getDilation());
  MaxPooled found = maxPoolWithIndices(e(op.getInput()), options);
  e.set(op.getOutput(), found.values);
  e.set(op.getIndices(), Variable(found.indices));
  return mlir::success();
}

/// The sizes behind batch and channels, from the op's shape rule.
static std::vector<int64_t> spatialOf(mlir::Value output) {
  Shape shape = shapeOf(output);
  return {shape.begin() + 2, shape.end()};
}

static ResampleMode resampleMode(UpsampleMode mode) {
  switch (mode) {
  case UpsampleMode::Nearest:
    return ResampleMode::Nearest;
  case UpsampleMode::NearestExact:
    return ResampleMode::NearestExact;
  case UpsampleMode::Bicubic:
    return ResampleMode::Cubic;
  default:
    return ResampleMode::Linear;
  }
}

static Variable upsample(UpsampleOp op, Evaluator &e) {
  ResampleOptions options;
  options.mode = resampleMode(op.getMode());
  options.alignCorners = op.getAlignCorners().value_or(false);
  if (auto scales = op.getScaleFactor())
    options.scales.assign(scales->begin(), scales->end());
  return resample(e(op.getInput()), spatialOf(op.getOutput()), options);
}

void interp::addConvolutions(EvaluatorTable &table) {
  addRow<ConvOp>(table, [](ConvOp op, Evaluator &e) {
    return conv(e(op.getInput()), e(op.getWeight()), e(op.getBias()), convOptions(op));
  });
  addRow<ConvTransposeOp>(table, [](ConvTransposeOp op, Evaluator &e) {
    ConvOptions options = convOptions(op);
    options.outputPadding = vec(op.getOutputPadding());
    return convTransposed(e(op.getInput()), e(op.getWeight()), e(op.getBias()), options);
  });
  addRow<MaxPoolOp>(table, [](MaxPoolOp op, Evaluator &e) {
    PoolOptions options = poolOptions(op);
    options.dilation = vec(op.getDilation());
    return maxPool(e(op.getInput()), options);
  });
  addRows<MaxPoolWithIndicesOp>(table, evaluateMaxPoolWithIndices);
  addRow<AvgPoolOp>(table, [](AvgPoolOp op, Evaluator &e) {
    PoolOptions options = poolOptions(op);
    options.countIncludePad = op.getCountIncludePad();
    options.divisorOverride = op.getDivisorOverride().value_or(0);
    return avgPool(e(op.getInput()), options);
  });
  addRow<AdaptiveAvgPoolOp>(table, [](AdaptiveAvgPoolOp op, Evaluator &e) {
    return adaptiveAvgPool(e(op.getInput()), spatialOf(op.getOutput()));
  });
  addRow<AdaptiveMaxPoolOp>(table, [](AdaptiveMaxPoolOp op, Evaluator &e) {
    return adaptiveMaxPool(e(op.getInput()), spatialOf(op.getOutput()));
  });
  addRow<UpsampleOp>(table, upsample);
}
