//===- Softmax.cpp --------------------------------------------------------===//

#include "tez/Interpreter/FunctionsActivation.h"

#include "Lanes.h"

#include <cmath>
#include <limits>

namespace tez::interp {

static double largest(const double *x, const Lanes &lanes) {
  double result = -std::numeric_limits<double>::infinity();
  for (int64_t i = 0; i < lanes.length; ++i)
    if (double value = x[i * lanes.step]; value > result || std::isnan(value))
      result = value;
  return result;
}

static double sumOfExp(const double *x, const Lanes &lanes, double shift) {
  double sum = 0;
  for (int64_t i = 0; i < lanes.length; ++i)
    sum += std::exp(x[i * lanes.step] - shift);
  return sum;
}

static double sum(const double *x, const Lanes &lanes) {
  double result = 0;
  for (int64_t i = 0; i < lanes.length; ++i)
    result += x[i * lanes.step];
  return result;
}

static double dot(const double *x, const double *y, const Lanes &lanes) {
  double result = 0;
  for (int64_t i = 0; i < lanes.length; ++i)
    result += x[i * lanes.step] * y[i * lanes.step];
  return result;
}

/// Fills a tensor like `x` lane by lane: `make(offset)` gives the function from
/// an element's offset to its value.
template <typename F> static Tensor perLane(const Tensor &x, const Lanes &lanes, F make) {
  Tensor result(x.shape());
  double *to = result.mutableData();
  lanes.forEach([&](int64_t offset) {
    auto element = make(offset);
    for (int64_t i = 0; i < lanes.length; ++i)
      to[offset + i * lanes.step] = element(offset + i * lanes.step);
  });
  return result;
}

Variable softmax(const Variable &x, int64_t dim) {
  Lanes lanes(x.shape(), dim);
  const double *in = x.value().data();
  Tensor y = perLane(x.value(), lanes, [=](int64_t offset) {
    double shift = largest(in + offset, lanes);
    double total = sumOfExp(in + offset, lanes, shift);
    return [=](int64_t i) { return std::exp(in[i] - shift) / total; };
  });
  return record(y, {{x, [y, lanes](const Tensor &upstream) {
                       const double *g = upstream.data(), *out = y.data();
                       return perLane(y, lanes, [=](int64_t offset) {
                         double mean = dot(g + offset, out + offset, lanes);
                         return [=](int64_t i) { return out[i] * (g[i] - mean); };
                       });
                     }}});
}

Variable logSoftmax(const Variable &x, int64_t dim) {
  Lanes lanes(x.shape(), dim);
  const double *in = x.value().data();
  Tensor y = perLane(x.value(), lanes, [=](int64_t offset) {
    double shift = largest(in + offset, lanes);
    double logTotal = std::log(sumOfExp(in + offset, lanes, shift));
    return [=](int64_t i) { return in[i] - shift - logTotal; };
  });
  return record(y, {{x, [y, lanes](const Tensor &upstream) {
                       const double *g = upstream.data(), *out = y.data();
                       return perLane(y, lanes, [=](int64_t offset) {
                         double total = sum(g + offset, lanes);
                         return [=](int64_t i) { return g[i] - std::exp(out[i]) * total; };
                       });
                     }}});
}

} // namespace tez::interp
