//===- Tune.h - Schedules by measurement ------------------------*- C++ -*-===//

#ifndef TEZ_NATIVE_TUNE_H
#define TEZ_NATIVE_TUNE_H

#include "tez/Native/MachineCode.h"

namespace tez::native {

/// Schedules by the products' names (Schedule.h).
using Schedules = std::map<std::string, std::string>;

/// The schedules of the products of `module`, which is as compile() takes it: of `known` where it
/// has one; the others, if this machine can run the target's code, by measurement. One product
/// after the other, each candidate against what the target does by itself, in turns, in a child,
/// with calls of 1, 16 and 64 rows; one that is not faster by 2 % is not taken. Without `measures`:
/// only those of `known`. Empty where the kernel has no products or no lowering. Takes seconds; the
/// answer depends on the machine's load.
llvm::Expected<Schedules> schedulesFor(mlir::ModuleOp module, const WeightStore &weights,
                                       const Target &target, const Schedules &known, bool measures);

} // namespace tez::native

#endif // TEZ_NATIVE_TUNE_H
