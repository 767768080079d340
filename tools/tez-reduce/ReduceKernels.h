//===- ReduceKernels.h - Shrinks kernels op by op ---------------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_REDUCE_REDUCEKERNELS_H
#define TEZ_TOOLS_TEZ_REDUCE_REDUCEKERNELS_H

namespace tez::tool {

/// Registers `--esper-reduce='test=SCRIPT test-arg=...'`: leaves out ops, one
/// at a time, while SCRIPT finds the module interesting (exit code not 0).
/// Knows what mlir-reduce's own reductions do not: that an op may be replaced
/// by an operand of its type and that a param nobody reads can go.
void registerReduceKernels();

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_REDUCE_REDUCEKERNELS_H
