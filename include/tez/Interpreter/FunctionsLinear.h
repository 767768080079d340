//===- FunctionsLinear.h - Matrix products ----------------------*- C++ -*-===//

#ifndef TEZ_INTERPRETER_FUNCTIONSLINEAR_H
#define TEZ_INTERPRETER_FUNCTIONSLINEAR_H

#include "tez/Interpreter/Tape.h"

namespace tez::interp {

/// Torch's matmul: a vector on the left is a row, on the right a column, and the
/// leading dimensions broadcast.
Variable matmul(const Variable &a, const Variable &b);

/// `x` [..., in] times the transpose of `weight` [out, in], plus `bias` [out]
/// unless that is undefined.
Variable linear(const Variable &x, const Variable &weight, const Variable &bias = {});

/// y[..., o] = sum over i, j of x1[..., i] weight[o, i, j] x2[..., j], plus bias.
Variable bilinear(const Variable &x1, const Variable &x2, const Variable &weight,
                  const Variable &bias = {});

} // namespace tez::interp

#endif // TEZ_INTERPRETER_FUNCTIONSLINEAR_H
