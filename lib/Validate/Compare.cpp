//===- Compare.cpp --------------------------------------------------------===//

#include "Compare.h"
#include <cmath>
#include <cstdio>
#include <limits>

using namespace tez;

/// `value` as a tensor of `dtype` can hold it: what fp32 has no number for is infinite.
static double representable(double value, DType dtype) {
  return dtype == DType::f32 ? double(float(value)) : value;
}

double tez::largestOf(std::span<const double> values, DType dtype) {
  // Where rounding to fp32 begins to give an infinity.
  double end = dtype == DType::f32 ? 0x1.ffffffp127 : std::numeric_limits<double>::infinity();
  double most = 0;
  for (double value : values) {
    double size = std::fabs(value);
    most = size < end && size > most ? size : most; // NaN is neither
  }
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

/// Those of `tensor`, in `widened` if they have to be.
static std::span<const double> valuesOf(const HostTensor &tensor, std::vector<double> &widened) {
  if (tensor.dtype() == DType::f64)
    return {tensor.data<double>(), size_t(tensor.numElements())};
  widened = tensor.toDoubles();
  return widened;
}

Comparison tez::compare(const HostTensor &found, const interp::Tensor &expected, Bound bound,
                        const interp::Tensor *allowance) {
  Comparison result;
  if (found.shape() != expected.shape()) {
    result.sameShape = false;
    result.ratio = result.error = std::numeric_limits<double>::infinity();
    return result;
  }
  std::vector<double> widened;
  std::span<const double> values = valuesOf(found, widened);
  for (size_t i = 0; i < values.size(); ++i) {
    double want = expected[int64_t(i)], error = std::fabs(values[i] - want);
    double limit = bound.around(want) + (allowance ? (*allowance)[int64_t(i)] : 0);
    // Most are not the worst so far, which a product tells sooner than a quotient.
    if (error <= result.error && error <= result.ratio * limit && std::isfinite(limit))
      continue;
    error = elementError(values[i], want, found.dtype());
    result.error = std::max(result.error, error);
    double ratio = error == 0             ? 0
                   : std::isfinite(limit) ? error / limit
                                          : std::numeric_limits<double>::infinity();
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
