//===- Tensor.cpp ---------------------------------------------------------===//

#include "tez/Interpreter/Tensor.h"

#include <algorithm>
#include <cassert>
#include <stdexcept>

namespace tez::interp {

std::optional<int64_t> checkedCount(std::span<const int64_t> shape) {
  int64_t bytes = sizeof(double);
  bool empty = false;
  for (int64_t dim : shape) {
    if (dim < 0)
      return std::nullopt;
    empty |= dim == 0;
    if (dim != 0 && __builtin_mul_overflow(bytes, dim, &bytes))
      return std::nullopt;
  }
  return empty ? 0 : bytes / int64_t(sizeof(double));
}

Shape contiguousStrides(std::span<const int64_t> shape) {
  Shape strides(shape.size());
  int64_t stride = 1;
  for (size_t i = shape.size(); i-- > 0;) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

int64_t wrapDim(int64_t dim, int64_t rank) {
  int64_t wrapped = dim < 0 ? dim + rank : dim;
  assert(wrapped >= 0 && wrapped < rank && "dimension out of range");
  return wrapped;
}

Tensor::Tensor(Shape shape) : dims(std::move(shape)) {
  std::optional<int64_t> elements = checkedCount(dims);
  if (!elements)
    throw std::length_error(
        "interpreter tensor: the element count overflows or a size is negative");
  count = *elements;
  storage = std::shared_ptr<double[]>(new double[size_t(count)]());
}

Tensor::Tensor(Shape shape, std::span<const double> values) : Tensor(std::move(shape)) {
  assert(int64_t(values.size()) == count && "one value per element");
  std::copy(values.begin(), values.end(), storage.get());
}

Tensor Tensor::full(Shape shape, double value) {
  Tensor result(std::move(shape));
  std::fill_n(result.mutableData(), result.size(), value);
  return result;
}

Tensor Tensor::reshaped(Shape shape) const {
  assert(checkedCount(shape) == count && "reshape keeps the element count");
  Tensor result = *this;
  result.dims = std::move(shape);
  return result;
}

} // namespace tez::interp
