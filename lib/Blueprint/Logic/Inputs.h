//===- Inputs.h - Ops by what they do to shapes -----------------*- C++ -*-===//

#ifndef TEZ_LIB_BLUEPRINT_LOGIC_INPUTS_H
#define TEZ_LIB_BLUEPRINT_LOGIC_INPUTS_H

#include "mlir/IR/Operation.h"

namespace tez::blueprint::logic {

/// Ops whose result has the shape of their first operand, whatever that is.
bool keepsShape(mlir::Operation *op);

/// Ops whose result has the shape that their operands broadcast to.
bool isArithmetic(mlir::Operation *op);

} // namespace tez::blueprint::logic

#endif // TEZ_LIB_BLUEPRINT_LOGIC_INPUTS_H
