//===- Npy.h - Tensors in NumPy's file format -------------------*- C++ -*-===//

#ifndef TEZ_SUPPORT_NPY_H
#define TEZ_SUPPORT_NPY_H

#include "tez/Support/HostTensor.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace tez {

/// Reads the bytes of a .npy file (format 1.0 to 3.0, little endian, C order;
/// NumPy's NEP 1). `name` is for errors.
llvm::Expected<HostTensor> readNpy(llvm::StringRef bytes, llvm::StringRef name);

/// The bytes of a .npy file (format 1.0). f16 is `<f2`; bf16, which NumPy does
/// not know, is widened to `<f4`.
std::string writeNpy(const HostTensor &tensor);

} // namespace tez

#endif // TEZ_SUPPORT_NPY_H
