//===- PassNames.h - Flags of passes on command lines -----------*- C++ -*-===//

#ifndef TEZ_PIPELINE_PASSNAMES_H
#define TEZ_PIPELINE_PASSNAMES_H

#include "tez/Pipeline/Compiler.h"

namespace tez {

/// An error where the options disable or print after a pass that no pipeline
/// has, or disable one without which there is no kernel. It names the nearest.
llvm::Error checkPassNames(const CompileOptions &options);

} // namespace tez

#endif // TEZ_PIPELINE_PASSNAMES_H
