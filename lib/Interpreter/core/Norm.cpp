//===- Norm.cpp - Normalisation -------------------------------------------===//

#include "tez/Interpreter/FunctionsNorm.h"

#include "Reduction.h"

#include <cmath>

namespace tez::interp {

static double times(double a, double b) { return a * b; }

static Tensor inverseDeviation(const Tensor &secondMoment, double eps) {
  return broadcastMap([eps](double v) { return 1 / std::sqrt(v + eps); }, secondMoment);
}

Normalized normalize(const Variable &x, const Dims &dims, double eps) {
  Reduction reduction(x.shape(), dims);
  const Tensor &in = x.value();
  Tensor mean = meanOver(in, reduction);
  auto squaredDistance = [](double x, double m) { return (x - m) * (x - m); };
  Tensor variance = meanOver(broadcastMap(squaredDistance, in, mean), reduction);
  Tensor inverse = inverseDeviation(variance, eps);
  auto standardize = [](double x, double m, double s) { return (x - m) * s; };
  Tensor y = broadcastMap(standardize, in, mean, inverse);
  auto backward = [=](const Tensor &upstream) {
    Tensor center = meanOver(upstream, reduction);
    Tensor slope = meanOver(broadcastMap(times, upstream, y), reduction);
    auto gradient = [](double g, double y, double s, double center, double slope) {
      return s * (g - center - y * slope);
    };
    return broadcastMap(gradient, upstream, y, inverse, center, slope);
  };
  return {record(y, {{x, backward}}), mean, variance};
}

Variable rmsNorm(const Variable &x, const Dims &dims, double eps) {
  Reduction reduction(x.shape(), dims);
  const Tensor &in = x.value();
  Tensor moment = meanOver(broadcastMap([](double x) { return x * x; }, in), reduction);
  Tensor inverse = inverseDeviation(moment, eps);
  Tensor y = broadcastMap(times, in, inverse);
  auto backward = [=](const Tensor &upstream) {
    Tensor slope = meanOver(broadcastMap(times, upstream, y), reduction);
    auto gradient = [](double g, double y, double s, double slope) { return s * (g - y * slope); };
    return broadcastMap(gradient, upstream, y, inverse, slope);
  };
  return record(y, {{x, backward}});
}

} // namespace tez::interp
