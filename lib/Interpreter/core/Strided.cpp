//===- Strided.cpp --------------------------------------------------------===//

#include "Strided.h"

#include <cassert>

namespace tez::interp {

Shape broadcastShapes(const Shape &a, const Shape &b) {
  const Shape &longer = a.size() >= b.size() ? a : b;
  const Shape &shorter = a.size() >= b.size() ? b : a;
  Shape result = longer;
  size_t shift = longer.size() - shorter.size();
  for (size_t i = 0; i < shorter.size(); ++i) {
    assert((shorter[i] == longer[i + shift] || shorter[i] == 1 || longer[i + shift] == 1) &&
           "shapes broadcast");
    if (longer[i + shift] == 1)
      result[i + shift] = shorter[i];
  }
  return result;
}

Shape broadcastStrides(const Shape &from, const Shape &to) {
  assert(from.size() <= to.size() && "broadcasting adds dimensions in front");
  Shape result(to.size(), 0);
  Shape strides = contiguousStrides(from);
  size_t shift = to.size() - from.size();
  for (size_t i = 0; i < from.size(); ++i) {
    assert((from[i] == to[i + shift] || from[i] == 1) && "shapes broadcast");
    result[i + shift] = from[i] == 1 ? 0 : strides[i];
  }
  return result;
}

static double sumRow(const double *from, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; ++i)
    sum += from[i];
  return sum;
}

Tensor sumTo(const Tensor &x, const Shape &shape) {
  if (x.shape() == shape)
    return x;
  Tensor result(shape);
  StridedNest<1> nest(x.shape(), {broadcastStrides(shape, x.shape())});
  const double *from = x.data();
  int64_t n = nest.rowLength(), step = nest.rowStep()[0];
  nest.forEachRow([&](const std::array<int64_t, 1> &at) {
    double *to = result.mutableData() + at[0];
    if (step == 0)
      *to += sumRow(from, n);
    else
      for (int64_t i = 0; i < n; ++i)
        to[i * step] += from[i];
    from += n;
  });
  return result;
}

Tensor permuted(const Tensor &x, const Shape &order) {
  Shape strides = contiguousStrides(x.shape());
  Shape shape, from;
  for (int64_t dim : order) {
    shape.push_back(x.dim(dim));
    from.push_back(strides[size_t(wrapDim(dim, x.rank()))]);
  }
  Tensor result(shape);
  StridedNest<1> nest(shape, {from});
  double *to = result.mutableData();
  nest.forEachRow([&](const std::array<int64_t, 1> &at) {
    const double *source = x.data() + at[0];
    for (int64_t i = 0, n = nest.rowLength(), step = nest.rowStep()[0]; i < n; ++i)
      *to++ = source[i * step];
  });
  return result;
}

} // namespace tez::interp
