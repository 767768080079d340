//===- DiagnosticBridge.h - MLIR's diagnostics as findings ------*- C++ -*-===//

#ifndef TEZ_BLUEPRINT_DIAGNOSTICBRIDGE_H
#define TEZ_BLUEPRINT_DIAGNOSTICBRIDGE_H

#include "mlir/IR/Diagnostics.h"
#include "tez/Json/Diagnostic.h"

namespace tez::blueprint {

/// Puts the field (path and pointer) and the place in the source that the
/// location names (locationOf) into `made`. Of a fused location the first part
/// that names a field counts.
void locate(mlir::Location location, const json::Source &source, json::Diagnostic &made);

/// While it lives, what MLIR reports in the context goes to the sink, with the
/// field and the place in the source that the location names (locationOf).
class DiagnosticBridge {
public:
  DiagnosticBridge(mlir::MLIRContext *context, const json::Source &source,
                   json::DiagnosticSink &sink);

  /// Errors handed on so far.
  size_t errorCount() const { return errors; }

private:
  void pass(mlir::Diagnostic &diagnostic);
  void report(mlir::Diagnostic &diagnostic);

  const json::Source &source;
  json::DiagnosticSink &sink;
  size_t errors = 0;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace tez::blueprint

#endif // TEZ_BLUEPRINT_DIAGNOSTICBRIDGE_H
