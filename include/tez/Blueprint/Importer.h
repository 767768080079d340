//===- Importer.h - Blueprints to esper -------------------------*- C++ -*-===//

#ifndef TEZ_BLUEPRINT_IMPORTER_H
#define TEZ_BLUEPRINT_IMPORTER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "tez/Json/Diagnostic.h"

namespace tez::blueprint {

/// What a blueprint may ask for, checked before anything is allocated.
struct Limits {
  int64_t parameters = int64_t(1) << 31;
  int64_t layers = 4096;
  int64_t bytes = int64_t(8) << 30;
  int64_t elements = int64_t(1) << 27; ///< of one value; checkElements
};

struct ImportOptions {
  Limits limits;
};

/// Reads a blueprint in any form (wire-formats 1a to 1e, told apart by its
/// keys; .mlir and .mlirbc by content) into a module that holds one
/// esper.kernel. The kernel carries the blueprint's envelope in the
/// dictionary attribute `tez.blueprint`. Null after errors; every finding,
/// those of the dialect's verifiers too, goes to `sink` with its field.
/// `source` must outlive the sink's findings, not the module.
mlir::OwningOpRef<mlir::ModuleOp> importBlueprint(const json::Source &source,
                                                  mlir::MLIRContext &context,
                                                  const ImportOptions &options,
                                                  json::DiagnosticSink &sink);

} // namespace tez::blueprint

#endif // TEZ_BLUEPRINT_IMPORTER_H
