//===- Passes.h - Passes that look and change nothing -----------*- C++ -*-===//

#ifndef TEZ_ANALYSIS_PASSES_H
#define TEZ_ANALYSIS_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "tez/Dialect/Esper/Esper.h"

namespace tez {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "tez/Analysis/Passes.h.inc"
} // namespace tez

#endif // TEZ_ANALYSIS_PASSES_H
