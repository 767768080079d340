//===- NativeCode.h - Machine code for several processors -------*- C++ -*-===//

#ifndef TEZ_LIB_PIPELINE_NATIVECODE_H
#define TEZ_LIB_PIPELINE_NATIVECODE_H

#include "tez/Native/MachineCode.h"
#include "tez/Pipeline/Compiler.h"

namespace tez {

/// What `--cpu=` names, or an error for the first that there is not.
llvm::Expected<std::vector<native::Target>> findTargets(llvm::ArrayRef<std::string> cpus,
                                                        const ScheduleRecord &schedules);

/// Code of `module` (see native::compile) for each target; none, after remarks, where an op has no
/// lowering. Code that is `toBeRun` here comes with its twin with checks.
llvm::Expected<std::vector<native::MachineCode>>
compileForTargets(mlir::ModuleOp module, const WeightStore &weights,
                  llvm::ArrayRef<native::Target> targets, bool toBeRun, mlir::TimingScope &time);

} // namespace tez

#endif // TEZ_LIB_PIPELINE_NATIVECODE_H
