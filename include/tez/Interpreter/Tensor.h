//===- Tensor.h - Dense fp64 tensor of the interpreter ----------*- C++ -*-===//
//
// The only value type of lib/Interpreter/core. Integers and booleans are
// carried as doubles. Plain C++: neither MLIR nor libtorch.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_INTERPRETER_TENSOR_H
#define TEZ_INTERPRETER_TENSOR_H

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace tez::interp {

using Shape = std::vector<int64_t>;

/// Number of elements of `shape` (1 for rank 0). Nothing if a dimension is
/// negative or if the bytes of the non-zero dimensions overflow int64; the
/// latter so that strides are safe even beside a zero-size dimension.
std::optional<int64_t> checkedCount(std::span<const int64_t> shape);

/// Strides of a contiguous row-major tensor, in elements.
Shape contiguousStrides(std::span<const int64_t> shape);

/// `dim`, counted from the right if negative, as an index below `rank`.
int64_t wrapDim(int64_t dim, int64_t rank);

/// A contiguous row-major tensor. Copies share the storage, so a tensor that
/// has been handed out is never written again; `mutableData` is for the one who
/// has just made it. Rank 0 and zero-size dimensions are legal. Reading from
/// several threads is safe.
class Tensor {
public:
  /// The undefined tensor: no shape, no data.
  Tensor() = default;

  /// Zeros. Throws std::length_error where checkedCount gives nothing and
  /// std::bad_alloc where memory ends; whoever takes shapes from outside asks
  /// checkedCount first.
  explicit Tensor(Shape shape);

  /// `values` in row-major order, as many as the shape has elements.
  Tensor(Shape shape, std::span<const double> values);

  static Tensor scalar(double value) { return full({}, value); }
  static Tensor full(Shape shape, double value);

  bool defined() const { return storage != nullptr; }
  /// Whether nobody else holds the storage.
  bool unique() const { return storage.use_count() == 1; }

  const Shape &shape() const { return dims; }
  int64_t rank() const { return int64_t(dims.size()); }
  /// Size of dimension `index`, negative from the right.
  int64_t dim(int64_t index) const { return dims[size_t(wrapDim(index, rank()))]; }
  int64_t size() const { return count; }

  const double *data() const { return storage.get(); }
  double *mutableData() { return storage.get(); }
  std::span<const double> values() const { return {storage.get(), size_t(count)}; }
  double operator[](int64_t flatIndex) const { return storage[flatIndex]; }

  /// The same elements under another shape of the same count; shares storage.
  Tensor reshaped(Shape shape) const;
  /// A copy with storage of its own.
  Tensor clone() const { return Tensor(dims, values()); }

private:
  Shape dims;
  int64_t count = 0;
  std::shared_ptr<double[]> storage;
};

} // namespace tez::interp

#endif // TEZ_INTERPRETER_TENSOR_H
