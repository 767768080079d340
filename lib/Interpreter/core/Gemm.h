//===- Gemm.h - Blocked fp64 matrix product ---------------------*- C++ -*-===//

#ifndef TEZ_LIB_INTERPRETER_CORE_GEMM_H
#define TEZ_LIB_INTERPRETER_CORE_GEMM_H

#include <cstdint>

namespace tez::interp {

/// A matrix somewhere in memory; element (i, j) at i * rowStep + j * columnStep.
struct MatrixView {
  const double *data;
  int64_t rowStep;
  int64_t columnStep;

  MatrixView transposed() const { return {data, columnStep, rowStep}; }
  const double *at(int64_t row, int64_t column) const {
    return data + row * rowStep + column * columnStep;
  }
};

/// c += a b with `a` rows x depth, `b` depth x columns and `c` row-major with
/// `stride` elements from row to row. Packed panels and a register block
/// (Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication).
void gemm(int64_t rows, int64_t columns, int64_t depth, MatrixView a, MatrixView b, double *c,
          int64_t stride);

} // namespace tez::interp

#endif // TEZ_LIB_INTERPRETER_CORE_GEMM_H
