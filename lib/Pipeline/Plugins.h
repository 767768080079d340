//===- Plugins.h - Passes from elsewhere ------------------------*- C++ -*-===//

#ifndef TEZ_LIB_PIPELINE_PLUGINS_H
#define TEZ_LIB_PIPELINE_PLUGINS_H

#include "mlir/Pass/PassManager.h"
#include "llvm/Support/Error.h"

namespace tez {

/// Opens each pass plugin (mlirGetPassPluginInfo) and lets it register its
/// passes, once a process however often it is asked for. Plugins stay loaded.
llvm::Error loadPassPlugins(llvm::ArrayRef<std::string> files);

/// Adds `flags`, each the flag of a pass or a whole textual pipeline, to `passes`,
/// in their order. The error quotes what is wrong with the flag.
llvm::Error addPassesByFlag(mlir::OpPassManager &passes, llvm::ArrayRef<std::string> flags);

} // namespace tez

#endif // TEZ_LIB_PIPELINE_PLUGINS_H
