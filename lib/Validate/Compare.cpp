//===- Compare.cpp --------------------------------------------------------===//

#include "Compare.h"
#include <cmath>
#include <cstdio>
#include <limits>

using namespace tez;

double tez::representable(double value, DType dtype) {
  return dtype == DType::f32 ? double(float(value)) : value;
}

double tez::largestOf(std::span<const double> values) {
  double most = 0;
  for (double value : values)
    most = std::isfinite(value) ? std::max(most, std::fabs(value)) : most;
  return most;
}

/// An infinite error where only one side is NaN, or an infinity stands where
/// none should. In fp32 it should where fp32 has no number for the value.
static double elementError(double found, double expected, DType dtype) {
  if (std::isnan(found) && std::isnan(expected))
    return 0;
  if (found == expected || (std::isinf(found) && found == representable(expected, dtype)))
    return 0;
  // On the way to where fp32 has no number, two infinities may have met.
  if (std::isnan(found) && std::isfinite(expected) && std::isinf(representable(expected, dtype)))
    return 0;
  double error = std::fabs(found - expected);
  return std::isfinite(error) ? error : std::numeric_limits<double>::infinity();
}

Comparison tez::compare(const HostTensor &found, const interp::Tensor &expected, Bound bound,
                        const interp::Tensor *allowance) {
  Comparison result;
  if (found.shape() != expected.shape()) {
    result.sameShape = false;
    result.ratio = result.error = std::numeric_limits<double>::infinity();
    return result;
  }
  std::vector<double> values = found.toDoubles();
  for (size_t i = 0; i < values.size(); ++i) {
    double want = expected[int64_t(i)];
    double error = elementError(values[i], want, found.dtype());
    double limit = bound.absolute + bound.relative * std::fabs(want) +
                   (allowance ? (*allowance)[int64_t(i)] : 0);
    double ratio = error == 0             ? 0
                   : std::isfinite(limit) ? error / limit
                                          : std::numeric_limits<double>::infinity();
    result.error = std::max(result.error, error);
    if (ratio > result.ratio) {
      result.ratio = ratio;
      result.index = i;
      result.found = values[i];
      result.expected = want;
    }
  }
  return result;
}

void Comparison::merge(const Comparison &other) {
  double largest = std::max(error, other.error);
  if (other.ratio > ratio)
    *this = other;
  error = largest;
}

std::string Comparison::text() const {
  if (!sameShape)
    return "the shapes differ";
  char buffer[160];
  std::snprintf(buffer, sizeof buffer, "element %zu is %.9g, expected %.9g (%.3g times the bound)",
                index, found, expected, ratio);
  return buffer;
}
