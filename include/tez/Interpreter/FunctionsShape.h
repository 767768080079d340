//===- FunctionsShape.h - Rearranging, without index tables -----*- C++ -*-===//

#ifndef TEZ_INTERPRETER_FUNCTIONSSHAPE_H
#define TEZ_INTERPRETER_FUNCTIONSSHAPE_H

#include "tez/Interpreter/Tape.h"

namespace tez::interp {

/// All sizes are given (no -1).
Variable reshape(const Variable &x, const Shape &shape);
Variable permute(const Variable &x, const Shape &order);
Variable transpose(const Variable &x, int64_t a, int64_t b);
Variable broadcastTo(const Variable &x, const Shape &shape);
/// Elements start, start + step, ... below `end` of dimension `dim`; bounds are
/// wrapped and clamped as in torch, `step` is positive.
Variable slice(const Variable &x, int64_t dim, int64_t start, int64_t end, int64_t step = 1);
/// One index of a dimension, which disappears.
Variable select(const Variable &x, int64_t dim, int64_t index);
/// At least one part; equal ranks.
Variable concat(const std::vector<Variable> &parts, int64_t dim);
/// Joins tensors of one shape along a new dimension.
Variable stack(const std::vector<Variable> &parts, int64_t dim);

} // namespace tez::interp

#endif // TEZ_INTERPRETER_FUNCTIONSSHAPE_H
