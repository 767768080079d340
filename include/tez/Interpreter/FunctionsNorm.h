//===- FunctionsNorm.h - Normalisation --------------------------*- C++ -*-===//
//
// The core that batch, layer, group and instance norm share; they differ in the
// dimensions, in a reshape before and in the affine map behind.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_INTERPRETER_FUNCTIONSNORM_H
#define TEZ_INTERPRETER_FUNCTIONSNORM_H

#include "tez/Interpreter/FunctionsReduce.h"

namespace tez::interp {

struct Normalized {
  Variable output;
  /// Statistics with the reduced dimensions kept, for running averages; the
  /// variance is the biased one. They carry no gradient.
  Tensor mean;
  Tensor variance;
};

/// (x - mean) / sqrt(variance + eps), the statistics taken over `dims`.
Normalized normalize(const Variable &x, const Dims &dims, double eps);

/// x / sqrt(mean of squares over `dims` + eps).
Variable rmsNorm(const Variable &x, const Dims &dims, double eps);

} // namespace tez::interp

#endif // TEZ_INTERPRETER_FUNCTIONSNORM_H
