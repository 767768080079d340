//===- Reduce.cpp - Reductions over dimensions ----------------------------===//

#include "tez/Interpreter/FunctionsReduce.h"

#include "Reduction.h"
#include "tez/Interpreter/FunctionsElementwise.h"
#include "tez/Interpreter/FunctionsShape.h"

#include <cassert>
#include <cmath>
#include <limits>

namespace tez::interp {

Reduction::Reduction(const Shape &shape, const Dims &dims) : kept(shape) {
  std::vector<bool> reduced(shape.size(), dims.empty());
  // Rank 0 accepts dimension 0 or -1, as in torch, and stays what it is.
  for (size_t i = 0; i < dims.size() && !shape.empty(); ++i)
    reduced[size_t(wrapDim(dims[i], int64_t(shape.size())))] = true;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (!reduced[i]) {
      dropped.push_back(shape[i]);
      continue;
    }
    count *= shape[i];
    kept[i] = 1;
  }
}

static Variable finish(const Variable &y, const Reduction &reduction, bool keepDim) {
  return reshape(y, keepDim ? reduction.kept : reduction.dropped);
}

/// Sum with the reduced dimensions kept.
static Variable sumKept(const Variable &x, const Reduction &reduction) {
  auto backward = [shape = x.shape()](const Tensor &upstream) {
    return broadcastTo(upstream, shape).value();
  };
  return record(sumTo(x.value(), reduction.kept), {{x, backward}});
}

Variable sum(const Variable &x, const Dims &dims, bool keepDim) {
  Reduction reduction(x.shape(), dims);
  return finish(sumKept(x, reduction), reduction, keepDim);
}

Variable mean(const Variable &x, const Dims &dims, bool keepDim) {
  Reduction reduction(x.shape(), dims);
  double count = double(reduction.count);
  // 0 / 0 is NaN for an empty extent, where a product with 1 / 0 would be too.
  Variable total = sumKept(x, reduction);
  return finish(divide(total, Tensor::scalar(count)), reduction, keepDim);
}

Variable variance(const Variable &x, const Dims &dims, double correction, bool keepDim) {
  Reduction reduction(x.shape(), dims);
  double freedom = std::max(0.0, double(reduction.count) - correction);
  Tensor center = meanOver(x.value(), reduction);
  Tensor squares =
      broadcastMap([](double x, double m) { return (x - m) * (x - m); }, x.value(), center);
  Tensor y =
      broadcastMap([freedom](double s) { return s / freedom; }, sumTo(squares, reduction.kept));
  auto gradient = [freedom](double g, double x, double m) {
    constexpr double inf = std::numeric_limits<double>::infinity();
    if (freedom > 0)
      return 2 / freedom * g * (x - m);
    return g * (x == m ? std::numeric_limits<double>::quiet_NaN() : inf);
  };
  Variable result = record(y, {{x, [=, in = x.value()](const Tensor &upstream) {
                                  return broadcastMap(gradient, upstream, in, center);
                                }}});
  return finish(result, reduction, keepDim);
}

/// Greatest of sign * x over the reduced dimensions; NaN wins.
static Tensor extremum(const Tensor &x, const Shape &kept, double sign) {
  Tensor result = Tensor::full(kept, -sign * std::numeric_limits<double>::infinity());
  StridedNest<1> nest(x.shape(), {broadcastStrides(kept, x.shape())});
  const double *from = x.data();
  nest.forEachRow([&](const std::array<int64_t, 1> &at) {
    double *to = result.mutableData() + at[0];
    for (int64_t i = 0, n = nest.rowLength(); i < n; ++i, to += nest.rowStep()[0], ++from)
      if (sign * *from > sign * *to || std::isnan(*from))
        *to = *from;
  });
  return result;
}

static Variable reduceExtremum(const Variable &x, const Dims &dims, bool keepDim, double sign) {
  Reduction reduction(x.shape(), dims);
  const Tensor &in = x.value();
  Tensor y = extremum(in, reduction.kept, sign);
  auto backward = [in, y, kept = reduction.kept](const Tensor &upstream) {
    Tensor hit = broadcastMap([](double x, double y) { return double(x == y); }, in, y);
    auto share = [](double g, double hit, double hits) { return g * hit / hits; };
    return broadcastMap(share, upstream, hit, sumTo(hit, kept));
  };
  return finish(record(y, {{x, backward}}), reduction, keepDim);
}

Variable amax(const Variable &x, const Dims &dims, bool keepDim) {
  return reduceExtremum(x, dims, keepDim, 1);
}

Variable amin(const Variable &x, const Dims &dims, bool keepDim) {
  return reduceExtremum(x, dims, keepDim, -1);
}

} // namespace tez::interp
