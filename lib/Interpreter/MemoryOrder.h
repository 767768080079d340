//===- MemoryOrder.h - How torch lays a value out ---------------*- C++ -*-===//

#ifndef TEZ_LIB_INTERPRETER_MEMORYORDER_H
#define TEZ_LIB_INTERPRETER_MEMORYORDER_H

#include "mlir/IR/Value.h"
#include <vector>

namespace tez::interp {

/// The dimensions of `value`, slowest in memory first, as torch's operators
/// leave them; empty when the value is row-major. `value` belongs to a kernel
/// of primitives with static shapes. torch's random operators fill a tensor of
/// their input's layout from its first byte to its last, so this decides which
/// element gets which draw.
std::vector<int64_t> memoryOrder(mlir::Value value);

} // namespace tez::interp

#endif // TEZ_LIB_INTERPRETER_MEMORYORDER_H
