//===- Registration.cpp ---------------------------------------------------===//

#include "tez/Pipeline/Registration.h"
#include "mlir/Transforms/Passes.h"
#include "tez/Analysis/Passes.h"
#include "tez/Conversion/Passes.h"
#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/TorchScript/TorchScript.h"
#include "tez/Native/Passes.h"
#include "tez/Pipeline/Pipelines.h"
#include "tez/Transforms/Passes.h"
#include "tez/Validate/Passes.h"

void tez::registerAllDialects(mlir::DialectRegistry &registry) {
  registry.insert<esper::EsperDialect, ts::TsDialect>();
  native::registerDialects(registry);
}

void tez::registerAllPasses() {
  mlir::registerCanonicalizerPass();
  mlir::registerCSEPass();
  mlir::registerSymbolDCEPass();
  mlir::registerStripDebugInfoPass();
  mlir::registerPrintIRPass();
  registerAnalysisPasses();
  registerTransformsPasses();
  registerConversionPasses();
  registerValidatePasses();
  registerNativePasses();
  registerPipelines();
  native::registerPipeline();
}
