//===- FunctionsActivation.h - Activation functions -------------*- C++ -*-===//

#ifndef TEZ_INTERPRETER_FUNCTIONSACTIVATION_H
#define TEZ_INTERPRETER_FUNCTIONSACTIVATION_H

#include "tez/Interpreter/Tape.h"

namespace tez::interp {

Variable tanh(const Variable &x);
Variable sigmoid(const Variable &x);
/// Through erf.
Variable gelu(const Variable &x);
Variable geluTanh(const Variable &x);
Variable silu(const Variable &x);
Variable mish(const Variable &x);
Variable logSigmoid(const Variable &x);
Variable softplus(const Variable &x, double beta = 1, double threshold = 20);
Variable softsign(const Variable &x);
Variable tanhshrink(const Variable &x);

Variable relu(const Variable &x);
Variable relu6(const Variable &x);
Variable leakyRelu(const Variable &x, double slope = 0.01);
/// scale * (x > 0 ? x : alpha * (exp(inputScale * x) - 1)).
Variable elu(const Variable &x, double alpha = 1, double scale = 1, double inputScale = 1);
Variable selu(const Variable &x);
Variable celu(const Variable &x, double alpha = 1);
/// Also torch's clamp, except for the gradient at the bounds (zero here).
Variable hardtanh(const Variable &x, double low = -1, double high = 1);
Variable hardswish(const Variable &x);
Variable hardsigmoid(const Variable &x);
Variable hardshrink(const Variable &x, double lambda = 0.5);
Variable softshrink(const Variable &x, double lambda = 0.5);
Variable threshold(const Variable &x, double limit, double otherwise);
/// `weight` [1] or [C]; the channels are dimension 1 (rank 1: one weight).
Variable prelu(const Variable &x, const Variable &weight);

Variable softmax(const Variable &x, int64_t dim);
Variable logSoftmax(const Variable &x, int64_t dim);

} // namespace tez::interp

#endif // TEZ_INTERPRETER_FUNCTIONSACTIVATION_H
