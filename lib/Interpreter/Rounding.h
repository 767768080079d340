//===- Rounding.h - Values in the bits of their type ------------*- C++ -*-===//

#ifndef TEZ_LIB_INTERPRETER_ROUNDING_H
#define TEZ_LIB_INTERPRETER_ROUNDING_H

#include "mlir/IR/BuiltinTypes.h"
#include "tez/Interpreter/Tape.h"
#include <random>

namespace tez::interp {

/// Is `element` a floating type of fewer bits than f32.
inline bool isNarrow(mlir::Type element) { return element.isF16() || element.isBF16(); }

/// `x` rounded to a narrow type, ties to even; the gradient passes as it is.
Variable roundTo(mlir::Type narrow, const Variable &x);

/// `x` with every element times 1 + size * r, r uniform in [-1, 1).
Variable perturb(const Variable &x, double size, std::mt19937_64 &noise);

} // namespace tez::interp

#endif // TEZ_LIB_INTERPRETER_ROUNDING_H
