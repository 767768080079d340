//===- FunctionsElementwise.h - Arithmetic ----------------------*- C++ -*-===//

#ifndef TEZ_INTERPRETER_FUNCTIONSELEMENTWISE_H
#define TEZ_INTERPRETER_FUNCTIONSELEMENTWISE_H

#include "tez/Interpreter/Tape.h"

namespace tez::interp {

// With broadcasting.
Variable add(const Variable &a, const Variable &b);
Variable subtract(const Variable &a, const Variable &b);
Variable multiply(const Variable &a, const Variable &b);
Variable divide(const Variable &a, const Variable &b);
/// NaN wins; equal elements share the gradient half and half.
Variable maximum(const Variable &a, const Variable &b);
Variable minimum(const Variable &a, const Variable &b);
/// `a` where `mask` is not zero, `b` elsewhere.
Variable where(const Tensor &mask, const Variable &a, const Variable &b);

Variable scale(const Variable &x, double factor);
Variable addScalar(const Variable &x, double term);
Variable power(const Variable &x, double exponent);

Variable neg(const Variable &x);
Variable exp(const Variable &x);
Variable log(const Variable &x);
Variable sqrt(const Variable &x);
Variable rsqrt(const Variable &x);
Variable abs(const Variable &x);
Variable square(const Variable &x);
Variable reciprocal(const Variable &x);
/// Half to even; the gradient is zero, not absent.
Variable round(const Variable &x);
/// The same for the next whole number below.
Variable floor(const Variable &x);
Variable sign(const Variable &x);
/// x; its gradient is scaled down to a norm of `most` by the rule of torch's clip_grad_norm_.
Variable clipGradient(const Variable &x, double most, double normType);
/// The gradient passes at the bounds, too.
Variable clamp(const Variable &x, double low, double high);
Variable sin(const Variable &x);
Variable cos(const Variable &x);
Variable erf(const Variable &x);
Variable log1p(const Variable &x);
Variable expm1(const Variable &x);
Variable tan(const Variable &x);
Variable asin(const Variable &x);
Variable acos(const Variable &x);
Variable atan(const Variable &x);
Variable asinh(const Variable &x);
/// As Python's %: x - y * floor(x / y).
Variable remainder(const Variable &x, const Variable &y);

} // namespace tez::interp

#endif // TEZ_INTERPRETER_FUNCTIONSELEMENTWISE_H
