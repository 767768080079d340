//===- Registration.h - Our dialects and passes -----------------*- C++ -*-===//

#ifndef TEZ_PIPELINE_REGISTRATION_H
#define TEZ_PIPELINE_REGISTRATION_H

#include "mlir/IR/DialectRegistry.h"

namespace tez {

/// esper, ts and the upstream dialects that our passes produce.
void registerAllDialects(mlir::DialectRegistry &registry);

/// Every pass and every named pipeline, for command lines. Once a process.
void registerAllPasses();

} // namespace tez

#endif // TEZ_PIPELINE_REGISTRATION_H
