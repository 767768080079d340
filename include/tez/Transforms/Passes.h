//===- Passes.h - Passes from esper to esper --------------------*- C++ -*-===//

#ifndef TEZ_TRANSFORMS_PASSES_H
#define TEZ_TRANSFORMS_PASSES_H

#include "mlir/Pass/Pass.h"
#include "tez/Dialect/Esper/Esper.h"

namespace tez {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "tez/Transforms/Passes.h.inc"
} // namespace tez

#endif // TEZ_TRANSFORMS_PASSES_H
