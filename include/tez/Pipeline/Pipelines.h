//===- Pipelines.h - The order of the passes --------------------*- C++ -*-===//

#ifndef TEZ_PIPELINE_PIPELINES_H
#define TEZ_PIPELINE_PIPELINES_H

#include "mlir/Pass/PassManager.h"
#include "tez/Pipeline/Compiler.h"

namespace tez {

/// esper to esper: everything between import and lowering.
void buildSimplifyPipeline(mlir::OpPassManager &passes, const CompileOptions &options);
/// esper to ts.
void buildLowerPipeline(mlir::OpPassManager &passes, const CompileOptions &options);

/// `tez-train` and `tez-infer`: both, as one named pipeline each for tez-opt.
void registerPipelines();

} // namespace tez

#endif // TEZ_PIPELINE_PIPELINES_H
