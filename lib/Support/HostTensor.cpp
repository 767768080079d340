//===- HostTensor.cpp - A dense tensor in host memory ---------------------===//

#include "tez/Support/HostTensor.h"
#include "tez/Support/DTypes.h"
#include "llvm/Support/MemAlloc.h"
#include <algorithm>
#include <cstdlib>

using namespace tez;

size_t tez::byteWidth(DType dtype) {
  return dispatch(dtype, []<typename T>() { return sizeof(T); });
}

const char *tez::name(DType dtype) {
  static constexpr const char *names[] = {"f64", "f32", "f16", "bf16", "i64",
                                          "i32", "i16", "i8",  "u8",   "i1"};
  return names[static_cast<size_t>(dtype)];
}

HostTensor::HostTensor(DType dtype, std::vector<int64_t> shape)
    : elementType(dtype), dims(std::move(shape)) {
  // calloc hands out untouched zero pages for large tensors.
  owner = std::shared_ptr<void>(llvm::safe_calloc(std::max<size_t>(numBytes(), 1), 1), std::free);
  bytes = owner.get();
}

HostTensor::HostTensor(DType dtype, std::vector<int64_t> shape, std::shared_ptr<void> owner,
                       void *data)
    : elementType(dtype), dims(std::move(shape)), owner(std::move(owner)), bytes(data) {}

int64_t HostTensor::numElements() const {
  // A zero anywhere wins before the product of the others can overflow.
  if (std::ranges::find(dims, 0) != dims.end())
    return 0;
  int64_t count = 1;
  for (int64_t dim : dims)
    count *= dim;
  return count;
}

std::vector<double> HostTensor::toDoubles() const {
  std::vector<double> values(static_cast<size_t>(numElements()));
  dispatch(elementType, [&]<typename T>() {
    const T *from = data<T>();
    for (size_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<double>(from[i]);
  });
  return values;
}

HostTensor HostTensor::fromDoubles(DType dtype, std::vector<int64_t> shape,
                                   const std::vector<double> &values) {
  HostTensor result(dtype, std::move(shape));
  dispatch(dtype, [&]<typename T>() {
    T *to = result.data<T>();
    for (size_t i = 0; i < values.size(); ++i)
      to[i] = static_cast<T>(values[i]);
  });
  return result;
}
