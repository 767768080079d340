//===- Translations.cpp - Our texts to and from MLIR ----------------------===//

#include "tez/Pipeline/Translations.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "tez/Blueprint/Importer.h"
#include "tez/Dialect/Esper/Esper.h"
#include "tez/Pipeline/Registration.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace tez;

/// Findings in clang's form on the standard error stream, as `tez` prints them.
static OwningOpRef<Operation *> importBlueprint(llvm::SourceMgr &manager, MLIRContext *context) {
  const llvm::MemoryBuffer *buffer = manager.getMemoryBuffer(manager.getMainFileID());
  json::Source source(buffer->getBufferIdentifier().str(), buffer->getBuffer().str());
  json::DiagnosticList findings;
  OwningOpRef<ModuleOp> module =
      blueprint::importBlueprint(source, *context, blueprint::ImportOptions(), findings);
  for (const json::Diagnostic &finding : findings.all())
    llvm::errs() << json::renderText(source, finding);
  return module ? OwningOpRef<Operation *>(module.release()) : OwningOpRef<Operation *>();
}

void tez::registerTranslations() {
  static TranslateToMLIRRegistration blueprint(
      "import-blueprint", "read a blueprint of any form into the esper dialect",
      TranslateRawSourceMgrToMLIRFunction(importBlueprint), registerAllDialects);
}
