//===- FunctionsReduce.h - Reductions over dimensions -----------*- C++ -*-===//

#ifndef TEZ_INTERPRETER_FUNCTIONSREDUCE_H
#define TEZ_INTERPRETER_FUNCTIONSREDUCE_H

#include "tez/Interpreter/Tape.h"

namespace tez::interp {

/// Dimensions to reduce; empty means all of them, as in torch.
using Dims = std::vector<int64_t>;

Variable sum(const Variable &x, const Dims &dims = {}, bool keepDim = false);
Variable mean(const Variable &x, const Dims &dims = {}, bool keepDim = false);
/// Sum of squared deviations over max(0, count - correction).
Variable variance(const Variable &x, const Dims &dims = {}, double correction = 1,
                  bool keepDim = false);
/// The reduced extent must not be empty. Equal extrema share the gradient
/// evenly, as in torch.amax.
Variable amax(const Variable &x, const Dims &dims = {}, bool keepDim = false);
Variable amin(const Variable &x, const Dims &dims = {}, bool keepDim = false);

struct TopK {
  Variable values;
  Tensor indices;
};
/// The `k` largest (or smallest) along the last dimension, best first; equal
/// elements in the order of their index, NaN greater than all.
TopK topK(const Variable &x, int64_t k, bool largest = true);

} // namespace tez::interp

#endif // TEZ_INTERPRETER_FUNCTIONSREDUCE_H
