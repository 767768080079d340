//===- Kernel.h - A kernel that runs in this process ------------*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_KERNEL_H
#define TEZ_LIB_TORCH_KERNEL_H

#include "tez/Torch/Runtime.h"
#include "llvm/ADT/StringRef.h"

namespace tez {

/// See TorchRuntime::load.
llvm::Expected<std::unique_ptr<LoadedKernel>> loadKernel(llvm::StringRef bytes);

} // namespace tez

#endif // TEZ_LIB_TORCH_KERNEL_H
