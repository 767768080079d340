//===- Emit.h - From a ts.module to the bytes of a kernel file --*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_EMIT_H
#define TEZ_LIB_TORCH_EMIT_H

#include "tez/Torch/Runtime.h"

namespace tez {

/// See TorchRuntime::emit.
llvm::Expected<std::string> emitKernel(ts::ModuleOp module, const WeightStore &weights,
                                       const std::map<std::string, std::string> &extra);

} // namespace tez

#endif // TEZ_LIB_TORCH_EMIT_H
