//===- ThinGemm.h - Products of few rows, or of few terms -------*- C++ -*-===//

#ifndef TEZ_LIB_INTERPRETER_CORE_THINGEMM_H
#define TEZ_LIB_INTERPRETER_CORE_THINGEMM_H

#include "Gemm.h"

namespace tez::interp {

/// c += a b as gemm() has it, if one of the operands is read so rarely that packing it would
/// cost more than the product; false: nothing is done, for gemm() to do.
bool thinGemm(int64_t rows, int64_t columns, int64_t depth, MatrixView a, MatrixView b, double *c,
              int64_t stride);

} // namespace tez::interp

#endif // TEZ_LIB_INTERPRETER_CORE_THINGEMM_H
