//===- Pipelines.h - The order of the passes --------------------*- C++ -*-===//

#ifndef TEZ_PIPELINE_PIPELINES_H
#define TEZ_PIPELINE_PIPELINES_H

#include "mlir/Pass/PassManager.h"
#include "tez/Pipeline/Compiler.h"

namespace tez {

/// esper to esper, in fp32: between import and the choice of precision.
void buildSimplifyPipeline(mlir::OpPassManager &passes, const CompileOptions &options);
/// esper to esper: the precision, and what comes after it because it depends on the
/// types: frozen state, layout, reuse of buffers.
void buildPrecisionPipeline(mlir::OpPassManager &passes, const CompileOptions &options);
/// esper to ts.
void buildLowerPipeline(mlir::OpPassManager &passes, const CompileOptions &options);
/// All three, one after the other.
void buildWholePipeline(mlir::OpPassManager &passes, const CompileOptions &options);
/// The same as tez-opt takes it on its command line.
std::string pipelineText(const CompileOptions &options, mlir::MLIRContext *context);

/// May kernels so compiled have machine code besides (lib/Native): for inference on the CPU, in
/// fp32, by tier aggressive.
bool admitsMachineCode(const CompileOptions &options);

/// `tez-train` and `tez-infer`: both, as one named pipeline each for tez-opt.
void registerPipelines();

} // namespace tez

#endif // TEZ_PIPELINE_PIPELINES_H
