//===- ScalarFunctions.cpp - esper.activation, one number at a time -------===//

#include "ScalarFunctions.h"
#include <cmath>
#include <numbers>

using namespace tez;
using llvm::ArrayRef;
using P = llvm::ArrayRef<double>;

static double logistic(double x) { return 1 / (1 + std::exp(-x)); }
static double clamp(double x, double low, double high) { return std::min(std::max(x, low), high); }
static double logOnePlusExp(double x) {
  return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x)));
}
static double elu(double x, double alpha, double width) {
  return x > 0 ? x : alpha * std::expm1(x / width);
}
/// 0 * inf arises only in limits, where these functions tend to 0.
static double gated(double x, double gate) { return gate == 0 ? 0 : x * gate; }
static double geluTanhGate(double x) {
  double inner = std::numbers::sqrt2 * std::numbers::inv_sqrtpi * (x + 0.044715 * x * x * x);
  return 0.5 * (1 + std::tanh(inner));
}
constexpr double kSeluAlpha = 1.6732632423543772848170429916717;
constexpr double kSeluScale = 1.0507009873554804934193349852946;

static constexpr ScalarRow rows[] = {
    {"relu", [](double x, P) { return std::max(x, 0.0); }, Course::Rising},
    {"relu6", [](double x, P) { return clamp(x, 0, 6); }, Course::Rising},
    {"gelu", [](double x, P) { return gated(x, 0.5 * std::erfc(-x / std::numbers::sqrt2)); },
     Course::Valley, -0.7517916243860},
    {"gelu_tanh", [](double x, P) { return gated(x, geluTanhGate(x)); }, Course::Valley,
     -0.7524614220710},
    {"silu", [](double x, P) { return gated(x, logistic(x)); }, Course::Valley, -1.2784645427611},
    {"mish", [](double x, P) { return gated(x, std::tanh(logOnePlusExp(x))); }, Course::Valley,
     -1.1924312145154},
    {"tanh", [](double x, P) { return std::tanh(x); }, Course::Rising},
    {"sigmoid", [](double x, P) { return logistic(x); }, Course::Rising},
    {"log_sigmoid", [](double x, P) { return -logOnePlusExp(-x); }, Course::Rising},
    {"hardswish", [](double x, P) { return gated(x, clamp(x + 3, 0, 6) / 6); }, Course::Valley,
     -1.5},
    {"hardsigmoid", [](double x, P) { return clamp(x + 3, 0, 6) / 6; }, Course::Rising},
    {"selu", [](double x, P) { return kSeluScale * elu(x, kSeluAlpha, 1); }, Course::Rising},
    {"elu", [](double x, P p) { return elu(x, p[0], 1); }, Course::Rising},
    {"celu", [](double x, P p) { return elu(x, p[0], p[0]); }, Course::Rising},
    {"leaky_relu", [](double x, P p) { return x > 0 ? x : p[0] * x; }, Course::Rising},
    {"softplus", [](double x, P p) { return p[0] * x > p[1] ? x : logOnePlusExp(p[0] * x) / p[0]; },
     Course::Rising},
    {"hardtanh", [](double x, P p) { return clamp(x, p[0], p[1]); }, Course::Rising},
    {"threshold", [](double x, P p) { return x > p[0] ? x : p[1]; }, Course::Irregular},
    {"hardshrink", [](double x, P p) { return std::fabs(x) > p[0] ? x : 0; }, Course::Rising},
    {"softshrink",
     [](double x, P p) { return std::copysign(std::max(std::fabs(x) - p[0], 0.0), x); },
     Course::Rising},
    {"clamp", [](double x, P p) { return clamp(x, p[0], p[1]); }, Course::Rising},
    {"round", [](double x, P) { return std::nearbyint(x); }, Course::Rising},
    {"floor", [](double x, P) { return std::floor(x); }, Course::Rising},
    {"sign", [](double x, P) { return double((x > 0) - (x < 0)); }, Course::Rising},
    {"sin", [](double x, P) { return std::sin(x); }, Course::Irregular},
    {"cos", [](double x, P) { return std::cos(x); }, Course::Irregular},
    {"erf", [](double x, P) { return std::erf(x); }, Course::Rising},
    {"log1p", [](double x, P) { return std::log1p(x); }, Course::Rising, 0, -1},
    {"expm1", [](double x, P) { return std::expm1(x); }, Course::Rising},
    {"tan", [](double x, P) { return std::tan(x); }, Course::Irregular},
    {"asin", [](double x, P) { return std::asin(x); }, Course::Irregular},
    {"acos", [](double x, P) { return std::acos(x); }, Course::Irregular},
    {"atan", [](double x, P) { return std::atan(x); }, Course::Rising},
    {"asinh", [](double x, P) { return std::asinh(x); }, Course::Rising},
    {"neg", [](double x, P) { return -x; }, Course::Falling},
    {"exp", [](double x, P) { return std::exp(x); }, Course::Rising},
    {"log", [](double x, P) { return std::log(x); }, Course::Rising, 0, 0},
    {"sqrt", [](double x, P) { return std::sqrt(x); }, Course::Rising, 0, 0},
    {"rsqrt", [](double x, P) { return 1 / std::sqrt(x); }, Course::Falling, 0, 0},
    {"abs", [](double x, P) { return std::fabs(x); }, Course::Valley, 0},
    {"square", [](double x, P) { return x * x; }, Course::Valley, 0},
    {"add_scalar", [](double x, P p) { return x + p[0]; }, Course::Rising},
    {"pow", [](double x, P p) { return std::pow(x, p[0]); }, Course::Irregular},
};

llvm::ArrayRef<ScalarRow> tez::scalarRows() { return rows; }

const ScalarRow *tez::findScalar(llvm::StringRef kind) {
  const ScalarRow *row =
      llvm::find_if(rows, [&](const ScalarRow &row) { return row.kind == kind; });
  return row == std::end(rows) ? nullptr : row;
}

//===----------------------------------------------------------------------===//
// Images
//===----------------------------------------------------------------------===//

/// A power runs as its exponent says; a negative one has a pole at 0.
static ScalarRow powRow(const ScalarRow &row, double exponent) {
  ScalarRow course = row;
  bool whole = exponent == std::trunc(exponent), even = whole && std::fmod(exponent, 2) == 0;
  if (exponent >= 0)
    course.course = even ? Course::Valley : Course::Rising;
  if (!whole)
    course.domain = 0;
  return course;
}

/// The row with what the parameters change about its course.
static ScalarRow courseOf(esper::ActivationOp op, const ScalarRow &row) {
  P p = op.getParameters();
  ScalarRow course = row;
  if (row.kind == "pow")
    return powRow(row, p[0]);
  if (row.kind == "leaky_relu" && p[0] < 0)
    course.course = Course::Valley;
  if ((row.kind == "elu" || row.kind == "celu" || row.kind == "softplus") && !(p[0] > 0))
    course.course = Course::Irregular;
  // Below 20 the line that takes over begins visibly lower.
  if (row.kind == "softplus" && p[1] < 20)
    course.course = Course::Irregular;
  if ((row.kind == "hardshrink" || row.kind == "softshrink") && p[0] < 0)
    course.course = Course::Irregular;
  return course;
}

/// A bound that is NaN says nothing.
static Interval ordered(double low, double high) {
  if (std::isnan(low) || std::isnan(high))
    return {};
  return {low, high};
}

Interval tez::imageOf(esper::ActivationOp op, Interval input) {
  const ScalarRow *row = findScalar(op.getKind());
  if (!row)
    return {};
  ScalarRow course = courseOf(op, *row);
  double low = std::max(input.low, course.domain);
  if (low > input.high)
    return {};
  auto value = [&](double x) { return row->value(x, op.getParameters()); };
  switch (course.course) {
  case Course::Rising:
    return ordered(value(low), value(input.high));
  case Course::Falling:
    return ordered(value(input.high), value(low));
  case Course::Valley: {
    bool turns = low <= course.turn && course.turn <= input.high;
    double bottom = turns ? course.turn : course.turn < low ? low : input.high;
    return ordered(value(bottom), std::max(value(low), value(input.high)));
  }
  case Course::Irregular:
    return {};
  }
  return {};
}
