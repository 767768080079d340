//===- Shape.cpp - Rearranging, without index tables ----------------------===//

#include "tez/Interpreter/FunctionsShape.h"

#include "Lanes.h"
#include "Strided.h"

#include <cassert>
#include <numeric>

namespace tez::interp {

Variable reshape(const Variable &x, const Shape &shape) {
  if (shape == x.shape())
    return x;
  return record(x.value().reshaped(shape), {{x, [back = x.shape()](const Tensor &upstream) {
                                               return upstream.reshaped(back);
                                             }}});
}

Variable permute(const Variable &x, const Shape &order) {
  assert(int64_t(order.size()) == x.rank() && "one entry per dimension");
  Shape inverse(order.size());
  for (size_t i = 0; i < order.size(); ++i)
    inverse[size_t(wrapDim(order[i], x.rank()))] = int64_t(i);
  return record(permuted(x.value(), order),
                {{x, [inverse](const Tensor &upstream) { return permuted(upstream, inverse); }}});
}

Variable transpose(const Variable &x, int64_t a, int64_t b) {
  if (x.rank() == 0)
    return x;
  Shape order(size_t(x.rank()));
  std::iota(order.begin(), order.end(), 0);
  std::swap(order[size_t(wrapDim(a, x.rank()))], order[size_t(wrapDim(b, x.rank()))]);
  return permute(x, order);
}

Variable broadcastTo(const Variable &x, const Shape &shape) {
  if (shape == x.shape())
    return x;
  Tensor result(shape);
  StridedNest<1> nest(shape, {broadcastStrides(x.shape(), shape)});
  double *to = result.mutableData();
  nest.forEachRow([&](const std::array<int64_t, 1> &at) {
    const double *from = x.value().data() + at[0];
    for (int64_t i = 0, n = nest.rowLength(), step = nest.rowStep()[0]; i < n; ++i)
      *to++ = from[i * step];
  });
  return record(
      result, {{x, [back = x.shape()](const Tensor &upstream) { return sumTo(upstream, back); }}});
}

/// A slice of `whole`: element j of a lane is element start + j * step there.
/// Calls `row(offset in whole, offset in part, elements)`.
template <typename F>
static void forEachSlicedRow(const Lanes &whole, int64_t length, int64_t start, int64_t step,
                             F row) {
  for (int64_t o = 0; o < whole.outer; ++o) {
    int64_t in = (o * whole.length + start) * whole.step, out = o * length * whole.step;
    if (step == 1) {
      row(in, out, length * whole.step);
      continue;
    }
    for (int64_t j = 0; j < length; ++j)
      row(in + j * step * whole.step, out + j * whole.step, whole.step);
  }
}

static void addRow(double *to, const double *from, int64_t n) {
  for (int64_t i = 0; i < n; ++i)
    to[i] += from[i];
}

static int64_t clampBound(int64_t bound, int64_t size) {
  return std::clamp<int64_t>(bound < 0 ? bound + size : bound, 0, size);
}

Variable slice(const Variable &x, int64_t dim, int64_t start, int64_t end, int64_t step) {
  assert(step > 0 && "slices go forward");
  int64_t along = wrapDim(dim, x.rank());
  Lanes lanes(x.shape(), along);
  start = clampBound(start, lanes.length);
  end = std::max(start, clampBound(end, lanes.length));
  int64_t length = (end - start) / step + ((end - start) % step != 0);
  Shape shape = x.shape();
  shape[size_t(along)] = length;
  Tensor result(shape);
  double *to = result.mutableData();
  const double *from = x.value().data();
  forEachSlicedRow(lanes, length, start, step, [=](int64_t in, int64_t out, int64_t n) {
    std::copy_n(from + in, n, to + out);
  });
  auto backward = [=, whole = x.shape()](const Tensor &upstream, GradientSum &gradient) {
    double *sum = gradient.buffer(whole);
    forEachSlicedRow(lanes, length, start, step, [&](int64_t in, int64_t out, int64_t n) {
      addRow(sum + in, upstream.data() + out, n);
    });
  };
  return record(result, {{x, backward}});
}

Variable select(const Variable &x, int64_t dim, int64_t index) {
  int64_t along = wrapDim(dim, x.rank());
  int64_t at = index < 0 ? index + x.dim(along) : index;
  Shape shape = x.shape();
  shape.erase(shape.begin() + along);
  return reshape(slice(x, along, at, at + 1), shape);
}

Variable concat(const std::vector<Variable> &parts, int64_t dim) {
  int64_t along = wrapDim(dim, parts.front().rank());
  Shape shape = parts.front().shape();
  shape[size_t(along)] = 0;
  for (const Variable &part : parts)
    shape[size_t(along)] += part.dim(along);
  Tensor result(shape);
  Lanes lanes(shape, along);
  std::vector<Edge> edges;
  int64_t start = 0;
  for (const Variable &part : parts) {
    int64_t length = part.dim(along);
    double *to = result.mutableData();
    const double *from = part.value().data();
    forEachSlicedRow(lanes, length, start, 1, [=](int64_t in, int64_t out, int64_t n) {
      std::copy_n(from + out, n, to + in);
    });
    auto backward = [=, own = part.shape()](const Tensor &upstream, GradientSum &gradient) {
      double *sum = gradient.buffer(own);
      forEachSlicedRow(lanes, length, start, 1, [&](int64_t in, int64_t out, int64_t n) {
        addRow(sum + out, upstream.data() + in, n);
      });
    };
    edges.emplace_back(part, backward);
    start += length;
  }
  return record(result, std::move(edges));
}

Variable stack(const std::vector<Variable> &parts, int64_t dim) {
  int64_t along = wrapDim(dim, parts.front().rank() + 1);
  std::vector<Variable> raised;
  raised.reserve(parts.size());
  for (const Variable &part : parts) {
    Shape shape = part.shape();
    shape.insert(shape.begin() + along, 1);
    raised.push_back(reshape(part, shape));
  }
  return concat(raised, along);
}

} // namespace tez::interp
