//===- MemoryWatch.h - What torch's operators allocate ----------*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_MEMORYWATCH_H
#define TEZ_LIB_TORCH_MEMORYWATCH_H

#include "tez/Torch/Runtime.h"

namespace tez {

/// TorchRuntime::watchMemory.
std::unique_ptr<MemoryWatch> createMemoryWatch(std::optional<uint8_t> fill);

} // namespace tez

#endif // TEZ_LIB_TORCH_MEMORYWATCH_H
