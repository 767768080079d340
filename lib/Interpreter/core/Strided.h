//===- Strided.h - Loops over broadcast and permuted tensors ----*- C++ -*-===//
//
// Private to lib/Interpreter/core: loops that visit several tensors at once,
// each with strides of its own, and the untaped maps and sums made of them.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_INTERPRETER_CORE_STRIDED_H
#define TEZ_LIB_INTERPRETER_CORE_STRIDED_H

#include "tez/Interpreter/Tape.h"

#include <algorithm>
#include <array>
#include <concepts>

namespace tez::interp {

/// Torch's broadcast of two shapes that fit.
Shape broadcastShapes(const Shape &a, const Shape &b);

/// Strides to read a tensor of shape `from` as one of shape `to`: 0 where an
/// element is repeated.
Shape broadcastStrides(const Shape &from, const Shape &to);

/// Sums `x` over the dimensions in which `shape` was broadcast to it.
Tensor sumTo(const Tensor &x, const Shape &shape);

/// Copies `x` with its dimensions in the order `order`.
Tensor permuted(const Tensor &x, const Shape &order);

/// A nest of loops over `shape` with N offsets. Unit dimensions are dropped and
/// neighbours that step alike are merged, so that the innermost loop, a row, is
/// as long as can be.
template <size_t N> class StridedNest {
public:
  using Offsets = std::array<int64_t, N>;

  StridedNest(const Shape &shape, const std::array<Shape, N> &strides) {
    for (size_t i = 0; i < shape.size(); ++i) {
      Offsets step;
      for (size_t k = 0; k < N; ++k)
        step[k] = strides[k][i];
      push(shape[i], step);
    }
    if (!levels.empty()) {
      row = levels.back();
      levels.pop_back();
    }
  }

  int64_t rowLength() const { return row.size; }
  const Offsets &rowStep() const { return row.step; }

  /// Calls `visit(offsets of the row's first elements)` in row-major order.
  template <typename F> void forEachRow(F visit) const {
    if (empty)
      return;
    Offsets at{};
    std::vector<int64_t> index(levels.size(), 0);
    do
      visit(at);
    while (advance(index, at));
  }

private:
  struct Level {
    int64_t size = 1;
    Offsets step{};
  };

  void push(int64_t size, const Offsets &step) {
    empty |= size == 0;
    if (size == 1)
      return;
    if (!levels.empty() && continues(levels.back(), size, step)) {
      levels.back().size *= size;
      levels.back().step = step;
      return;
    }
    levels.push_back({size, step});
  }

  static bool continues(const Level &outer, int64_t size, const Offsets &step) {
    for (size_t k = 0; k < N; ++k)
      if (outer.step[k] != size * step[k])
        return false;
    return true;
  }

  bool advance(std::vector<int64_t> &index, Offsets &at) const {
    for (size_t i = levels.size(); i-- > 0;) {
      const Level &level = levels[i];
      bool carry = ++index[i] == level.size;
      int64_t steps = carry ? 1 - level.size : 1;
      for (size_t k = 0; k < N; ++k)
        at[k] += steps * level.step[k];
      if (!carry)
        return true;
      index[i] = 0;
    }
    return false;
  }

  std::vector<Level> levels;
  Level row;
  bool empty = false;
};

/// One row of broadcastMap.
template <typename F, size_t N, size_t... K>
void mapRow(F f, double *to, int64_t n, const std::array<const double *, N> &from,
            const std::array<int64_t, N> &step, std::index_sequence<K...>) {
  if (((step[K] == 1) && ...)) {
    for (int64_t i = 0; i < n; ++i)
      to[i] = f(from[K][i]...);
    return;
  }
  for (int64_t i = 0; i < n; ++i)
    to[i] = f(from[K][i * step[K]]...);
}

/// `f` of the elements of the inputs, broadcast to one shape.
template <typename F, std::same_as<Tensor>... T> Tensor broadcastMap(F f, const T &...inputs) {
  constexpr size_t N = sizeof...(T);
  Shape shape;
  ((shape = broadcastShapes(shape, inputs.shape())), ...);
  Tensor result(shape);
  StridedNest<N> nest(shape, {broadcastStrides(inputs.shape(), shape)...});
  std::array<const double *, N> data{inputs.data()...};
  double *to = result.mutableData();
  nest.forEachRow([&](const std::array<int64_t, N> &at) {
    std::array<const double *, N> from = data;
    for (size_t k = 0; k < N; ++k)
      from[k] += at[k];
    mapRow(f, to, nest.rowLength(), from, nest.rowStep(), std::make_index_sequence<N>());
    to += nest.rowLength();
  });
  return result;
}

/// Taped unary map. `value(x)`; `gradient(upstream, x, y)`, which decides itself
/// what becomes of an upstream NaN where the derivative is zero.
template <typename V, typename G> Variable mapUnary(const Variable &x, V value, G gradient) {
  const Tensor &in = x.value();
  Tensor out = broadcastMap(value, in);
  return record(out, {{x, [in, out, gradient](const Tensor &upstream) {
                         return broadcastMap(gradient, upstream, in, out);
                       }}});
}

} // namespace tez::interp

#endif // TEZ_LIB_INTERPRETER_CORE_STRIDED_H
