//===- Remarks.h - MLIR's remarks as findings -------------------*- C++ -*-===//

#ifndef TEZ_PIPELINE_REMARKS_H
#define TEZ_PIPELINE_REMARKS_H

#include "mlir/IR/MLIRContext.h"
#include "tez/Json/Diagnostic.h"

namespace tez {

/// Remarks of the passes whose category (flag without `esper-`) matches the
/// regular expression go to the sink, unless `*muted`. `source`, `sink` and
/// `muted` must outlive the context.
void enableRemarks(mlir::MLIRContext &context, const std::string &categories,
                   const json::Source &source, json::DiagnosticSink &sink, const bool &muted);

} // namespace tez

#endif // TEZ_PIPELINE_REMARKS_H
