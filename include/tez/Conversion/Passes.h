//===- Passes.h - Conversions between dialects ------------------*- C++ -*-===//

#ifndef TEZ_CONVERSION_PASSES_H
#define TEZ_CONVERSION_PASSES_H

#include "mlir/Pass/Pass.h"
#include "tez/Dialect/TorchScript/TorchScript.h"

namespace tez {
#define GEN_PASS_DECL
#include "tez/Conversion/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "tez/Conversion/Passes.h.inc"
} // namespace tez

#endif // TEZ_CONVERSION_PASSES_H
