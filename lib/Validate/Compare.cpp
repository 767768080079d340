//===- Compare.cpp --------------------------------------------------------===//

#include "Compare.h"
#include <cmath>
#include <cstdio>
#include <limits>

using namespace tez;

/// Error and bound of one element; an infinite error where only one side is
/// NaN, or an infinity stands where none should.
static double elementError(double found, double expected) {
  if (std::isnan(found) && std::isnan(expected))
    return 0;
  if (found == expected)
    return 0;
  double error = std::fabs(found - expected);
  return std::isfinite(error) ? error : std::numeric_limits<double>::infinity();
}

Comparison tez::compare(const HostTensor &found, const interp::Tensor &expected, Bound bound) {
  Comparison result;
  if (found.shape() != expected.shape()) {
    result.sameShape = false;
    result.ratio = result.error = std::numeric_limits<double>::infinity();
    return result;
  }
  std::vector<double> values = found.toDoubles();
  for (size_t i = 0; i < values.size(); ++i) {
    double want = expected[int64_t(i)];
    double error = elementError(values[i], want);
    double limit = bound.absolute + bound.relative * std::fabs(want);
    double ratio = error == 0 ? 0 : std::isfinite(limit) ? error / limit : 0;
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
