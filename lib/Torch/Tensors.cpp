//===- Tensors.cpp - HostTensor and at::Tensor ----------------------------===//

#include "Tensors.h"
#include <ATen/ops/from_blob.h>

using namespace tez;

/// In the order of DType.
static constexpr at::ScalarType kScalarTypes[] = {
    at::kDouble, at::kFloat, at::kHalf, at::kBFloat16, at::kLong,
    at::kInt,    at::kShort, at::kChar, at::kByte,     at::kBool};

at::ScalarType tez::toScalarType(DType dtype) { return kScalarTypes[size_t(dtype)]; }

static DType toDType(at::ScalarType type) {
  auto found = std::find(std::begin(kScalarTypes), std::end(kScalarTypes), type);
  TORCH_CHECK(found != std::end(kScalarTypes), "tensors of ", type, " are not supported");
  return DType(found - std::begin(kScalarTypes));
}

at::Tensor tez::toTorch(const HostTensor &tensor) {
  // The copy in the deleter holds the memory; nobody writes to what is shared.
  auto *data = const_cast<char *>(tensor.data());
  return at::from_blob(
      data, tensor.shape(), [held = tensor](void *) {}, at::dtype(toScalarType(tensor.dtype())));
}

HostTensor tez::toHost(const at::Tensor &tensor) {
  auto held = std::make_shared<at::Tensor>(tensor.detach().cpu().contiguous());
  void *data = held->data_ptr();
  std::vector<int64_t> shape(held->sizes().begin(), held->sizes().end());
  return HostTensor(toDType(held->scalar_type()), std::move(shape), std::move(held), data);
}
