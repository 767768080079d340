//===- EvaluatePrecision.cpp - Fewer bits than fp32 -----------------------===//

#include "Evaluator.h"
#include "Rounding.h"
#include <algorithm>
#include <cmath>

using namespace tez;
using namespace tez::interp;
using namespace tez::esper;

namespace {
/// Unsigned 8-bit numbers q up to `most` that stand for scale * (q - zero).
struct Grid {
  float scale;
  int64_t zero;
  double most = 127;

  double nearest(double value) const {
    double q = std::nearbyint(value / double(scale)) + double(zero);
    return double(scale) * (std::clamp(q, 0.0, most) - double(zero));
  }
};
} // namespace

static Tensor onGrid(const Tensor &x, Grid grid) {
  Tensor rounded(x.shape());
  for (int64_t i = 0; i < x.size(); ++i)
    rounded.mutableData()[i] = grid.nearest(x[i]);
  return rounded;
}

/// What torch's ChooseQuantizationParams makes of a range, with reduce_range: 128
/// steps that include 0 exactly, none finer than 6.1e-5.
static Grid dynamicGrid(const Tensor &x) {
  constexpr double most = 127, finest = 6.1e-5F;
  double low = 0, high = 0;
  for (double value : x.values()) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  double step = (high - low) / most;
  if (float(step) == 0 || std::isinf(1 / float(step)))
    step = 0.1;
  if (step < finest) {
    low *= finest / step;
    high *= finest / step;
    step = finest;
  }
  bool fromLow = -std::fabs(low / step) < most - std::fabs(high / step);
  double zero = std::clamp(fromLow ? -low / step : most - high / step, 0.0, most);
  return {float(step), int64_t(std::nearbyint(zero)), 255};
}

/// torch divides by the product of two scales in fp32.
static constexpr double kFinest = 0x1p-60;

/// The scale of each slice of dimension 0.
static Tensor sliceScales(const Tensor &weight, bool rounds) {
  int64_t slices = weight.dim(0), size = slices ? weight.size() / slices : 0;
  Tensor scales(Shape{slices});
  for (int64_t i = 0; i < slices; ++i) {
    double largest = 0;
    for (double value : weight.values().subspan(size_t(i * size), size_t(size)))
      largest = std::max(largest, std::fabs(value));
    double scale = largest == 0 ? 1 : std::max(largest / 127, kFinest);
    scales.mutableData()[i] = rounds ? double(float(scale)) : scale;
  }
  return scales;
}

/// (slices, 1, 1, ...): broadcasts over the other dimensions of the weight.
static Variable along(const Variable &scales, int64_t rank) {
  Shape shape(size_t(rank), 1);
  shape[0] = scales.dim(0);
  return reshape(scales, shape);
}

static mlir::LogicalResult quantizeWeight(QuantizeWeightOp op, Evaluator &e) {
  Variable weight = e(op.getWeight());
  Variable scales = sliceScales(weight.value(), e.rounds());
  Variable values = divide(weight, along(scales, weight.rank()));
  e.set(op.getValues(), e.rounds() ? round(values) : values);
  e.set(op.getScales(), scales);
  return mlir::success();
}

template <typename Op> static Variable weightOf(Op op, Evaluator &e) {
  Variable values = e(op.getWeight());
  return multiply(values, along(e(op.getScales()), values.rank()));
}

static Variable quantizedLinear(QuantizedLinearOp op, Evaluator &e) {
  Variable x = e(op.getInput());
  if (e.rounds())
    x = op.getInputScale() ? onGrid(x.value(), {float(op.getInputScale()->convertToDouble()),
                                                int64_t(*op.getInputZero())})
                           : onGrid(x.value(), dynamicGrid(x.value()));
  Variable y = linear(x, weightOf(op, e), e(op.getBias()));
  return op.getRelu() ? relu(y) : y;
}

static Variable quantizedConv(QuantizedConvOp op, Evaluator &e) {
  Variable x = e(op.getInput());
  if (e.rounds())
    x = onGrid(x.value(),
               {float(op.getInputScale().convertToDouble()), int64_t(op.getInputZero())});
  ConvOptions options;
  options.stride = vec(op.getStride());
  options.padding = vec(op.getPadding());
  options.dilation = vec(op.getDilation());
  options.groups = op.getGroups();
  Variable y = conv(x, weightOf(op, e), e(op.getBias()), options);
  if (op.getRelu())
    y = relu(y);
  if (e.rounds())
    y = onGrid(y.value(),
               {float(op.getOutputScale().convertToDouble()), int64_t(op.getOutputZero()), 255});
  return y;
}

void interp::addPrecision(EvaluatorTable &table) {
  // Whatever has a narrow type is rounded to it, a cast's result too.
  addRow<CastOp>(table, [](CastOp op, Evaluator &e) { return e(op.getInput()); });
  addRows<QuantizeWeightOp>(table, quantizeWeight);
  addRow<QuantizedLinearOp>(table, quantizedLinear);
  addRow<QuantizedConvOp>(table, quantizedConv);
}
