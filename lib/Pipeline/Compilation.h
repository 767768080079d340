//===- Compilation.h - One compilation on its way ---------------*- C++ -*-===//

#ifndef TEZ_LIB_PIPELINE_COMPILATION_H
#define TEZ_LIB_PIPELINE_COMPILATION_H

#include "Cache.h"
#include "Observer.h"
#include "Remarks.h"
#include "RewriteCounter.h"
#include "mlir/Pass/PassManager.h"
#include "tez/Artifact/Archive.h"
#include "tez/Blueprint/DiagnosticBridge.h"
#include "tez/Pipeline/Compiler.h"
#include "tez/Pipeline/Registration.h"

namespace tez {

/// One compilation: the phases as methods, run in order until one fails.
class Compilation {
public:
  Compilation(const json::Source &source, const CompileOptions &options, json::DiagnosticSink &sink,
              const WeightStore *given = nullptr)
      : source(source), options(options), sink(sink), given(given),
        context(mlir::MLIRContext::Threading::DISABLED), bridge(&context, source, sink),
        observer(options), pluginPasses(&context) {
    mlir::DialectRegistry registry;
    registerAllDialects(registry);
    context.appendDialectRegistry(registry);
    context.loadDialect<esper::EsperDialect, ts::TsDialect>();
    context.printOpOnDiagnostic(false);
    if (!options.remarks.empty())
      enableRemarks(context, options.remarks, source, sink, rehearsing);
  }

  CompileResult run();
  std::optional<ScheduleRecord> findSchedules(const ScheduleRecord &known, bool measures);

private:
  mlir::LogicalResult preparePlugins();
  mlir::LogicalResult import();
  mlir::LogicalResult findIdentity();
  bool observes() const;
  void consultCache();
  void fillCache();
  mlir::LogicalResult simplify();
  mlir::LogicalResult planPrecision();
  void setSamples();
  mlir::OwningOpRef<mlir::ModuleOp> makeModel();
  mlir::LogicalResult lower();
  mlir::LogicalResult emit();
  mlir::LogicalResult makeMachineCode(const WeightStore &weights);
  mlir::LogicalResult compareMachineCode();
  mlir::LogicalResult validate();
  Phase lastPhase() const;
  mlir::LogicalResult runPhases();
  mlir::LogicalResult exportOnnx();
  mlir::LogicalResult exportProgram();
  void timeOperators();
  mlir::LogicalResult seal();
  mlir::LogicalResult runPipeline(void (*build)(mlir::OpPassManager &, const CompileOptions &));
  mlir::LogicalResult runPasses(mlir::PassManager &passes);
  void countRewrites();
  RewriteList rehearse();
  void finishStatistics();
  llvm::Expected<WeightStore> readWeights(esper::KernelOp kernel) const;
  llvm::Expected<WeightStore> loadWeights(esper::KernelOp kernel);
  mlir::LogicalResult environmentError(llvm::Error error);
  mlir::LogicalResult fail(Outcome outcome, llvm::Error error);

  const json::Source &source;
  const CompileOptions &options;
  json::DiagnosticSink &sink;
  const WeightStore *given; ///< what options.weights names, if it was read before
  bool rehearsing = false;  ///< what the passes do and say now is not for the user
  mlir::MLIRContext context;
  blueprint::DiagnosticBridge bridge;
  Observer observer;
  mlir::PassManager pluginPasses; ///< run after simplify
  mlir::OwningOpRef<mlir::ModuleOp> module, reference;
  mlir::OwningOpRef<mlir::ModuleOp> model;     ///< of reduced precision: the kernel before lowering
  mlir::OwningOpRef<mlir::ModuleOp> optimized; ///< where machine code is wanted: before lowering
  ExtraRecords machineCode;                    ///< records of it
  std::optional<WeightStore> weights;          ///< once they were asked for
  std::unique_ptr<RewriteCounter> counter;
  std::shared_ptr<KernelUnderTest> file;
  std::optional<CompileCache> cache;
  CompileResult result;
};

} // namespace tez

#endif // TEZ_LIB_PIPELINE_COMPILATION_H
