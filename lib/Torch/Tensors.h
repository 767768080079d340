//===- Tensors.h - HostTensor and at::Tensor --------------------*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_TENSORS_H
#define TEZ_LIB_TORCH_TENSORS_H

#include "tez/Support/HostTensor.h"
#include <ATen/core/Tensor.h>

namespace tez {

at::ScalarType toScalarType(DType dtype);

/// A tensor over the same memory, which it keeps alive.
at::Tensor toTorch(const HostTensor &tensor);

/// A host tensor over the same memory where `tensor` is contiguous, else over a
/// copy. Throws for element types that HostTensor has not.
HostTensor toHost(const at::Tensor &tensor);

} // namespace tez

#endif // TEZ_LIB_TORCH_TENSORS_H
