//===- Elementwise.cpp - Arithmetic ---------------------------------------===//

#include "tez/Interpreter/FunctionsElementwise.h"

#include "Strided.h"

#include <cmath>
#include <numbers>

namespace tez::interp {

/// Taped binary map: `gradA` and `gradB` take (upstream, a, b).
template <typename V, typename GA, typename GB>
static Variable mapBinary(const Variable &x, const Variable &y, V value, GA gradA, GB gradB) {
  const Tensor &a = x.value(), &b = y.value();
  auto edge = [a, b](const Variable &operand, auto gradient) {
    return Edge(operand, [a, b, gradient, shape = operand.shape()](const Tensor &upstream) {
      return sumTo(broadcastMap(gradient, upstream, a, b), shape);
    });
  };
  Edge toA = edge(x, gradA), toB = edge(y, gradB);
  return record(broadcastMap(value, a, b), {std::move(toA), std::move(toB)});
}

/// The same for sums, whose gradients need no operand.
static Variable sumOrDifference(const Variable &x, const Variable &y, double sign) {
  Tensor value =
      broadcastMap([sign](double a, double b) { return a + sign * b; }, x.value(), y.value());
  return record(
      value, {{x, [shape = x.shape()](const Tensor &upstream) { return sumTo(upstream, shape); }},
              {y, [shape = y.shape(), sign](const Tensor &upstream) {
                 return sumTo(broadcastMap([sign](double g) { return sign * g; }, upstream), shape);
               }}});
}

Variable add(const Variable &a, const Variable &b) { return sumOrDifference(a, b, 1); }
Variable subtract(const Variable &a, const Variable &b) { return sumOrDifference(a, b, -1); }

Variable multiply(const Variable &x, const Variable &y) {
  return mapBinary(
      x, y, [](double a, double b) { return a * b; },
      [](double g, double a, double b) { return g * b; },
      [](double g, double a, double b) { return g * a; });
}

Variable divide(const Variable &x, const Variable &y) {
  return mapBinary(
      x, y, [](double a, double b) { return a / b; },
      [](double g, double a, double b) { return g / b; },
      [](double g, double a, double b) { return -g * (a / b / b); });
}

/// The gradient of maximum for the operand `mine`: all of it unless the other
/// is greater, half of it at a tie.
static double maximumShare(double g, double mine, double other) {
  return mine < other ? 0 : mine == other ? g / 2 : g;
}

Variable maximum(const Variable &x, const Variable &y) {
  return mapBinary(
      x, y, [](double a, double b) { return std::isnan(a) || a > b ? a : b; },
      [](double g, double a, double b) { return maximumShare(g, a, b); },
      [](double g, double a, double b) { return maximumShare(g, b, a); });
}

Variable minimum(const Variable &x, const Variable &y) {
  return mapBinary(
      x, y, [](double a, double b) { return std::isnan(a) || a < b ? a : b; },
      [](double g, double a, double b) { return maximumShare(g, -a, -b); },
      [](double g, double a, double b) { return maximumShare(g, -b, -a); });
}

Variable where(const Tensor &mask, const Variable &a, const Variable &b) {
  auto edge = [mask](const Variable &operand, bool wanted) {
    return Edge(operand, [mask, wanted, shape = operand.shape()](const Tensor &upstream) {
      auto keep = [wanted](double g, double m) { return (m != 0) == wanted ? g : 0; };
      return sumTo(broadcastMap(keep, upstream, mask), shape);
    });
  };
  auto choose = [](double m, double x, double y) { return m != 0 ? x : y; };
  Edge toA = edge(a, true), toB = edge(b, false);
  return record(broadcastMap(choose, mask, a.value(), b.value()), {std::move(toA), std::move(toB)});
}

Variable scale(const Variable &x, double factor) {
  return mapUnary(
      x, [factor](double x) { return factor * x; },
      [factor](double g, double, double) { return factor * g; });
}

Variable addScalar(const Variable &x, double term) {
  return mapUnary(
      x, [term](double x) { return x + term; }, [](double g, double, double) { return g; });
}

/// Torch takes roots instead of these two powers, which differ at -0 and -inf.
static double raise(double x, double exponent) {
  if (exponent == 0.5)
    return std::sqrt(x);
  return exponent == -0.5 ? 1 / std::sqrt(x) : std::pow(x, exponent);
}

Variable power(const Variable &x, double exponent) {
  return mapUnary(
      x, [exponent](double x) { return raise(x, exponent); },
      [exponent](double g, double x, double) {
        return exponent == 0 ? 0 : g * (exponent * raise(x, exponent - 1));
      });
}

Variable neg(const Variable &x) { return scale(x, -1); }

Variable exp(const Variable &x) {
  return mapUnary(
      x, [](double x) { return std::exp(x); }, [](double g, double, double y) { return g * y; });
}

Variable log(const Variable &x) {
  return mapUnary(
      x, [](double x) { return std::log(x); }, [](double g, double x, double) { return g / x; });
}

Variable sqrt(const Variable &x) {
  return mapUnary(
      x, [](double x) { return std::sqrt(x); },
      [](double g, double, double y) { return g / (2 * y); });
}

Variable rsqrt(const Variable &x) {
  return mapUnary(
      x, [](double x) { return 1 / std::sqrt(x); },
      [](double g, double, double y) { return -0.5 * g * (y * y * y); });
}

Variable abs(const Variable &x) {
  return mapUnary(
      x, [](double x) { return std::fabs(x); },
      [](double g, double x, double) { return g * double((x > 0) - (x < 0)); });
}

Variable square(const Variable &x) { return power(x, 2); }

Variable reciprocal(const Variable &x) {
  return mapUnary(
      x, [](double x) { return 1 / x; }, [](double g, double, double y) { return -g * (y * y); });
}

Variable round(const Variable &x) {
  return mapUnary(
      x, [](double x) { return std::nearbyint(x); }, [](double, double, double) { return 0.0; });
}

Variable floor(const Variable &x) {
  return mapUnary(
      x, [](double x) { return std::floor(x); }, [](double, double, double) { return 0.0; });
}

Variable sign(const Variable &x) {
  return mapUnary(
      x, [](double x) { return double((x > 0) - (x < 0)); },
      [](double, double, double) { return 0.0; });
}

Variable clamp(const Variable &x, double low, double high) {
  return mapUnary(
      x, [=](double x) { return x > high  ? high
                                : x < low ? low
                                          : x; },
      [=](double g, double x, double) { return x >= low && x <= high ? g : 0; });
}

/// Of all elements.
static double normOf(const Tensor &tensor, double type) {
  double sum = 0;
  for (int64_t i = 0; i < tensor.size(); ++i) {
    double magnitude = std::abs(tensor[i]);
    if (!std::isinf(type))
      sum += std::pow(magnitude, type);
    else if (std::isnan(magnitude) || magnitude > sum) // NaN stays
      sum = magnitude;
  }
  return std::isinf(type) ? sum : std::pow(sum, 1 / type);
}

Variable clipGradient(const Variable &x, double most, double normType) {
  Edge edge(x, [=](const Tensor &upstream) {
    double factor = most / (normOf(upstream, normType) + 1e-6);
    return factor >= 1 ? upstream : scale(upstream, factor).value();
  });
  return record(x.value(), {std::move(edge)});
}

Variable sin(const Variable &x) {
  return mapUnary(
      x, [](double x) { return std::sin(x); },
      [](double g, double x, double) { return g * std::cos(x); });
}

Variable cos(const Variable &x) {
  return mapUnary(
      x, [](double x) { return std::cos(x); },
      [](double g, double x, double) { return -g * std::sin(x); });
}

Variable erf(const Variable &x) {
  return mapUnary(
      x, [](double x) { return std::erf(x); },
      [](double g, double x, double) {
        return 2 * std::numbers::inv_sqrtpi * g * std::exp(-x * x);
      });
}

Variable log1p(const Variable &x) {
  return mapUnary(
      x, [](double x) { return std::log1p(x); },
      [](double g, double x, double) { return g / (1 + x); });
}

Variable expm1(const Variable &x) {
  return mapUnary(
      x, [](double x) { return std::expm1(x); },
      [](double g, double x, double) { return g * std::exp(x); });
}

Variable tan(const Variable &x) {
  return mapUnary(
      x, [](double x) { return std::tan(x); },
      [](double g, double x, double) { return g * (1 + std::tan(x) * std::tan(x)); });
}

Variable asin(const Variable &x) {
  return mapUnary(
      x, [](double x) { return std::asin(x); },
      [](double g, double x, double) { return g / std::sqrt(1 - x * x); });
}

Variable acos(const Variable &x) {
  return mapUnary(
      x, [](double x) { return std::acos(x); },
      [](double g, double x, double) { return -g / std::sqrt(1 - x * x); });
}

Variable atan(const Variable &x) {
  return mapUnary(
      x, [](double x) { return std::atan(x); },
      [](double g, double x, double) { return g / (1 + x * x); });
}

Variable asinh(const Variable &x) {
  return mapUnary(
      x, [](double x) { return std::asinh(x); },
      [](double g, double x, double) { return g / std::sqrt(1 + x * x); });
}

Variable remainder(const Variable &x, const Variable &y) {
  return mapBinary(
      x, y,
      [](double a, double b) {
        double rest = std::fmod(a, b);
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
      },
      [](double g, double, double) { return g; },
      [](double g, double a, double b) { return -g * std::floor(a / b); });
}

} // namespace tez::interp
