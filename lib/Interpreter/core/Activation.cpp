//===- Activation.cpp - Smooth activation functions -----------------------===//

#include "tez/Interpreter/FunctionsActivation.h"

#include "Strided.h"

#include <cmath>
#include <numbers>

namespace tez::interp {

static double logistic(double x) { return 1 / (1 + std::exp(-x)); }

Variable tanh(const Variable &x) {
  return mapUnary(
      x, [](double x) { return std::tanh(x); },
      [](double g, double, double y) { return g * (1 - y * y); });
}

Variable sigmoid(const Variable &x) {
  return mapUnary(x, logistic, [](double g, double, double y) { return g * (1 - y) * y; });
}

/// Distribution function of the standard normal.
static double normalCdf(double x) { return 0.5 * (1 + std::erf(x / std::numbers::sqrt2)); }

Variable gelu(const Variable &x) {
  return mapUnary(
      x, [](double x) { return x * normalCdf(x); },
      [](double g, double x, double) {
        constexpr double peak = std::numbers::inv_sqrtpi / std::numbers::sqrt2;
        return g * (normalCdf(x) + x * peak * std::exp(-0.5 * x * x));
      });
}

namespace {
/// The constants of the tanh form: 0.5 x (1 + tanh(slope (x + cubic x^3))).
constexpr double geluSlope = std::numbers::sqrt2 * std::numbers::inv_sqrtpi;
constexpr double geluCubic = 0.044715;
} // namespace

static double geluTanhInner(double x) { return std::tanh(geluSlope * (x + geluCubic * x * x * x)); }

Variable geluTanh(const Variable &x) {
  return mapUnary(
      x, [](double x) { return 0.5 * x * (1 + geluTanhInner(x)); },
      [](double g, double x, double) {
        double t = geluTanhInner(x);
        double inner = geluSlope * (1 + 3 * geluCubic * x * x);
        return g * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * inner);
      });
}

Variable silu(const Variable &x) {
  return mapUnary(
      x, [](double x) { return x / (1 + std::exp(-x)); },
      [](double g, double x, double) {
        double s = logistic(x);
        return g * s * (1 + x * (1 - s));
      });
}

Variable mish(const Variable &x) {
  auto gate = [](double x) { return std::tanh(std::log1p(std::exp(x))); };
  return mapUnary(
      x, [gate](double x) { return x * gate(x); },
      [gate](double g, double x, double) {
        double t = gate(x);
        return g * (t + x * logistic(x) * (1 - t * t));
      });
}

Variable logSigmoid(const Variable &x) {
  return mapUnary(
      x, [](double x) { return (x > 0 ? 0 : x) - std::log1p(std::exp(-std::fabs(x))); },
      [](double g, double x, double) {
        double z = std::exp(-std::fabs(x));
        return g * (x < 0 ? 1 - z / (1 + z) : z / (1 + z));
      });
}

Variable softplus(const Variable &x, double beta, double threshold) {
  return mapUnary(
      x, [=](double x) { return x * beta > threshold ? x : std::log1p(std::exp(x * beta)) / beta; },
      [=](double g, double x, double) {
        double z = std::exp(x * beta);
        return x * beta > threshold ? g : g * z / (z + 1);
      });
}

Variable softsign(const Variable &x) {
  return mapUnary(
      x, [](double x) { return x / (1 + std::fabs(x)); },
      [](double g, double x, double) {
        // The quotient rule as torch composes it: NaN at infinity.
        double scale = 1 + std::fabs(x), sign = double((x > 0) - (x < 0));
        return g / scale - g * (x / scale / scale) * sign;
      });
}

Variable tanhshrink(const Variable &x) {
  return mapUnary(
      x, [](double x) { return x - std::tanh(x); },
      [](double g, double x, double) {
        double t = std::tanh(x);
        return g * (t * t);
      });
}

} // namespace tez::interp
