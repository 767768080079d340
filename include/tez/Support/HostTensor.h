//===- HostTensor.h - A dense tensor in host memory -------------*- C++ -*-===//
//
// The currency between the parts that hold weights, run kernels and judge
// results. Plain C++: neither MLIR nor libtorch, so either side can include it.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_SUPPORT_HOSTTENSOR_H
#define TEZ_SUPPORT_HOSTTENSOR_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tez {

enum class DType : uint8_t { f64, f32, f16, bf16, i64, i32, i16, i8, u8, i1 };

/// Bytes of one element (i1 takes a byte).
size_t byteWidth(DType dtype);

/// "f32", "i64", ...: the spelling of MLIR.
const char *name(DType dtype);

/// A contiguous row-major tensor. Copies share the storage; nobody writes to
/// storage that is shared. Rank 0 and zero-size dimensions are legal.
class HostTensor {
public:
  HostTensor() = default;

  /// Allocates zeroed storage. The element count must not overflow: callers
  /// check sizes (CheckedMath.h) before they get here.
  HostTensor(DType dtype, std::vector<int64_t> shape);

  /// Wraps storage that `owner` keeps alive.
  HostTensor(DType dtype, std::vector<int64_t> shape, std::shared_ptr<void> owner, void *data);

  DType dtype() const { return elementType; }
  const std::vector<int64_t> &shape() const { return dims; }
  int64_t numElements() const;
  size_t numBytes() const { return size_t(numElements()) * byteWidth(elementType); }

  template <typename T = char> T *data() { return static_cast<T *>(bytes); }
  template <typename T = char> const T *data() const { return static_cast<const T *>(bytes); }

  /// The elements widened to fp64 (integers and booleans too).
  std::vector<double> toDoubles() const;

  /// A tensor of `dtype` holding `values` rounded to it.
  static HostTensor fromDoubles(DType dtype, std::vector<int64_t> shape,
                                const std::vector<double> &values);

private:
  DType elementType = DType::f32;
  std::vector<int64_t> dims;
  std::shared_ptr<void> owner;
  void *bytes = nullptr;
};

} // namespace tez

#endif // TEZ_SUPPORT_HOSTTENSOR_H
