//===- Linear.cpp - linear and bilinear -----------------------------------===//

#include "tez/Interpreter/FunctionsLinear.h"

#include "Gemm.h"
#include "Strided.h"
#include "tez/Interpreter/FunctionsElementwise.h"
#include "tez/Interpreter/FunctionsReduce.h"
#include "tez/Interpreter/FunctionsShape.h"

#include <cassert>

namespace tez::interp {

static MatrixView view(const Tensor &x, int64_t columns) { return {x.data(), columns, 1}; }

/// x weight^T for x [..., in].
static Variable project(const Variable &x, const Variable &weight) {
  int64_t in = weight.dim(1), out = weight.dim(0);
  assert(x.dim(-1) == in && "linear fits its input");
  Shape shape = x.shape();
  shape.back() = out;
  Tensor y(shape);
  const Tensor &input = x.value(), &matrix = weight.value();
  int64_t rows = out == 0 ? 0 : y.size() / out;
  gemm(rows, out, in, view(input, in), view(matrix, in).transposed(), y.mutableData(), out);
  auto toInput = [=](const Tensor &upstream, GradientSum &gradient) {
    gemm(rows, in, out, view(upstream, out), view(matrix, in), gradient.buffer(input.shape()), in);
  };
  auto toWeight = [=](const Tensor &upstream, GradientSum &gradient) {
    gemm(out, in, rows, view(upstream, out).transposed(), view(input, in),
         gradient.buffer(matrix.shape()), in);
  };
  return record(y, {{x, toInput}, {weight, toWeight}});
}

Variable linear(const Variable &x, const Variable &weight, const Variable &bias) {
  Variable y = project(x, weight);
  return bias.defined() ? add(y, bias) : y;
}

Variable bilinear(const Variable &x1, const Variable &x2, const Variable &weight,
                  const Variable &bias) {
  int64_t out = weight.dim(0), left = weight.dim(1), right = weight.dim(2);
  Variable rows = reshape(permute(weight, {0, 2, 1}), {out * right, left});
  Shape split = x1.shape();
  split.back() = out;
  split.push_back(right);
  Shape spread = x2.shape();
  spread.insert(spread.end() - 1, 1);
  Variable products = multiply(reshape(linear(x1, rows), split), reshape(x2, spread));
  Variable y = sum(products, {-1});
  return bias.defined() ? add(y, bias) : y;
}

} // namespace tez::interp
