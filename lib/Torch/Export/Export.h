//===- Export.h - A kernel as an ExportedProgram ----------------*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_EXPORT_EXPORT_H
#define TEZ_LIB_TORCH_EXPORT_EXPORT_H

#include "tez/Torch/Runtime.h"

namespace tez {

/// See TorchRuntime::exportProgram.
llvm::Expected<std::optional<std::string>>
exportProgram(ts::ModuleOp module, const WeightStore &weights, const ProgramRequest &request);

} // namespace tez

#endif // TEZ_LIB_TORCH_EXPORT_EXPORT_H
