//===- ActivationPiecewise.cpp - Activation functions with kinks ----------===//
//
// Comparisons are written so that a NaN input gives NaN and so that the
// gradient at a kink is torch's.
//
//===----------------------------------------------------------------------===//

#include "Strided.h"
#include "tez/Interpreter/FunctionsActivation.h"

#include <cmath>

namespace tez::interp {

Variable relu(const Variable &x) { return threshold(x, 0, 0); }
Variable relu6(const Variable &x) { return hardtanh(x, 0, 6); }

Variable threshold(const Variable &x, double limit, double otherwise) {
  return mapUnary(
      x, [=](double x) { return x <= limit ? otherwise : x; },
      [=](double g, double x, double) { return x <= limit ? 0 : g; });
}

Variable leakyRelu(const Variable &x, double slope) {
  return mapUnary(
      x, [slope](double x) { return x > 0 ? x : x * slope; },
      [slope](double g, double x, double) { return x > 0 ? g : g * slope; });
}

Variable elu(const Variable &x, double alpha, double scale, double inputScale) {
  return mapUnary(
      x,
      [=](double x) { return x <= 0 ? std::expm1(x * inputScale) * (alpha * scale) : x * scale; },
      [=](double g, double x, double) {
        return x > 0 ? g * scale : g * inputScale * (alpha * scale) * std::exp(x * inputScale);
      });
}

Variable selu(const Variable &x) {
  return elu(x, 1.6732632423543772848170429916717, 1.0507009873554804934193349852946);
}

Variable celu(const Variable &x, double alpha) { return elu(x, alpha, 1, 1 / alpha); }

Variable hardtanh(const Variable &x, double low, double high) {
  return mapUnary(
      x, [=](double x) { return x < low    ? low
                                : x > high ? high
                                           : x; },
      [=](double g, double x, double) { return x > low && x < high ? g : 0; });
}

/// min(max(x + 3, 0), 6), NaN for NaN.
static double hardGate(double x) { return x < -3 ? 0 : x > 3 ? 6 : x + 3; }

Variable hardswish(const Variable &x) {
  return mapUnary(
      x, [](double x) { return x * hardGate(x) / 6; },
      [](double g, double x, double) { return x <= -3  ? 0
                                              : x >= 3 ? g
                                                       : g * (x / 3 + 0.5); });
}

Variable hardsigmoid(const Variable &x) {
  return mapUnary(
      x, [](double x) { return hardGate(x) / 6; },
      [](double g, double x, double) { return x > -3 && x < 3 ? g / 6 : 0; });
}

/// The gradient of both shrinkages.
static auto shrinkGradient(double lambda) {
  return [lambda](double g, double x, double) { return x < -lambda || x > lambda ? g : 0; };
}

Variable hardshrink(const Variable &x, double lambda) {
  return mapUnary(
      x, [lambda](double x) { return x >= -lambda && x <= lambda ? 0 : x; },
      shrinkGradient(lambda));
}

Variable softshrink(const Variable &x, double lambda) {
  return mapUnary(
      x, [lambda](double x) { return x > lambda    ? x - lambda
                                     : x < -lambda ? x + lambda
                                                   : x * 0; },
      shrinkGradient(lambda));
}

Variable prelu(const Variable &x, const Variable &weight) {
  Shape shape(size_t(x.rank()), 1); // a number alone has one slope
  if (x.rank() > 0)
    shape[x.rank() > 1 ? 1 : 0] = weight.value().size();
  const Tensor &in = x.value();
  Tensor slope = weight.value().reshaped(shape);
  auto value = [](double x, double w) { return x > 0 ? x : w * x; };
  Edge toInput(x, [in, slope](const Tensor &upstream) {
    auto gradient = [](double g, double x, double w) { return x > 0 ? g : w * g; };
    return broadcastMap(gradient, upstream, in, slope).reshaped(in.shape());
  });
  Edge toWeight(weight, [in, slope, shape = weight.shape()](const Tensor &upstream) {
    auto gradient = [](double g, double x) { return x > 0 ? 0 : g * x; };
    return sumTo(broadcastMap(gradient, upstream, in), slope.shape()).reshaped(shape);
  });
  return record(broadcastMap(value, in, slope).reshaped(in.shape()),
                {std::move(toInput), std::move(toWeight)});
}

} // namespace tez::interp
