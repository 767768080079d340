//===- Matmul.cpp - Matrix products with torch's broadcasting -------------===//

#include "Gemm.h"
#include "Strided.h"
#include "tez/Interpreter/FunctionsLinear.h"
#include "tez/Interpreter/FunctionsShape.h"

#include <cassert>

namespace tez::interp {

static Shape batchOf(const Tensor &x) { return Shape(x.shape().begin(), x.shape().end() - 2); }

static Shape join(Shape batch, int64_t rows, int64_t columns) {
  batch.push_back(rows);
  batch.push_back(columns);
  return batch;
}

/// Strides, in elements, of the matrices of `x` within the batch `batch`.
static Shape matrixStrides(const Tensor &x, const Shape &batch) {
  Shape strides = broadcastStrides(batchOf(x), batch);
  for (int64_t &stride : strides)
    stride *= x.dim(-1) * x.dim(-2);
  return strides;
}

/// The last two dimensions exchanged, as a view of one matrix.
static MatrixView matrixAt(const Tensor &x, int64_t offset, bool transpose) {
  MatrixView view{x.data() + offset, x.dim(-1), 1};
  return transpose ? view.transposed() : view;
}

/// to += a b over the batch, `to` [batch of `to`, rows, columns]; any of the
/// three may be broadcast, and a broadcast `to` sums.
static void addProducts(double *to, const Shape &toBatch, const Shape &batch, const Tensor &a,
                        bool transposeA, const Tensor &b, bool transposeB) {
  int64_t rows = a.dim(transposeA ? -1 : -2), depth = a.dim(transposeA ? -2 : -1);
  int64_t columns = b.dim(transposeB ? -2 : -1);
  Shape toStrides = broadcastStrides(toBatch, batch);
  for (int64_t &stride : toStrides)
    stride *= rows * columns;
  StridedNest<3> nest(batch, {toStrides, matrixStrides(a, batch), matrixStrides(b, batch)});
  nest.forEachRow([&](std::array<int64_t, 3> at) {
    for (int64_t i = 0; i < nest.rowLength(); ++i) {
      gemm(rows, columns, depth, matrixAt(a, at[1], transposeA), matrixAt(b, at[2], transposeB),
           to + at[0], columns);
      for (size_t k = 0; k < 3; ++k)
        at[k] += nest.rowStep()[k];
    }
  });
}

/// Both operands have rank >= 2.
static Variable product(const Variable &x, const Variable &y) {
  const Tensor &a = x.value(), &b = y.value();
  assert(a.dim(-1) == b.dim(-2) && "matmul fits");
  Shape batch = broadcastShapes(batchOf(a), batchOf(b));
  Tensor result(join(batch, a.dim(-2), b.dim(-1)));
  addProducts(result.mutableData(), batch, batch, a, false, b, false);
  auto toLeft = [=](const Tensor &upstream, GradientSum &gradient) {
    addProducts(gradient.buffer(a.shape()), batchOf(a), batch, upstream, false, b, true);
  };
  auto toRight = [=](const Tensor &upstream, GradientSum &gradient) {
    addProducts(gradient.buffer(b.shape()), batchOf(b), batch, a, true, upstream, false);
  };
  return record(result, {{x, toLeft}, {y, toRight}});
}

Variable matmul(const Variable &a, const Variable &b) {
  bool row = a.rank() == 1, column = b.rank() == 1;
  Variable left = row ? reshape(a, {1, a.dim(0)}) : a;
  Variable right = column ? reshape(b, {b.dim(0), 1}) : b;
  // One matrix for a whole batch on the left: a single tall product.
  bool tall = right.rank() == 2 && left.rank() > 2;
  Shape shape = broadcastShapes(batchOf(left.value()), batchOf(right.value()));
  if (!row)
    shape.push_back(left.dim(-2));
  if (!column)
    shape.push_back(right.dim(-1));
  if (tall && left.dim(-1) != 0)
    left = reshape(left, {left.value().size() / left.dim(-1), left.dim(-1)});
  return reshape(product(left, right), shape);
}

} // namespace tez::interp
