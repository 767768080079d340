//===- FunctionsConv.h - Convolutions of one to three dimensions *- C++ -*-===//

#ifndef TEZ_INTERPRETER_FUNCTIONSCONV_H
#define TEZ_INTERPRETER_FUNCTIONSCONV_H

#include "tez/Interpreter/Tape.h"

namespace tez::interp {

/// Per spatial dimension; an empty list stands for the value written here.
struct ConvOptions {
  std::vector<int64_t> stride;        ///< 1
  std::vector<int64_t> padding;       ///< 0, zeros on both sides
  std::vector<int64_t> dilation;      ///< 1
  std::vector<int64_t> outputPadding; ///< 0, transposed only
  int64_t groups = 1;
};

/// `x` [N, in, spatial...], `weight` [out, in / groups, kernel...], `bias` [out]
/// or undefined. Other padding than zeros: pad (FunctionsIndex.h) first.
Variable conv(const Variable &x, const Variable &weight, const Variable &bias = {},
              const ConvOptions &options = {});

/// `weight` [in, out / groups, kernel...].
Variable convTransposed(const Variable &x, const Variable &weight, const Variable &bias = {},
                        const ConvOptions &options = {});

} // namespace tez::interp

#endif // TEZ_INTERPRETER_FUNCTIONSCONV_H
