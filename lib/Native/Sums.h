//===- Sums.h - Sums of a tile, kept in registers ---------------*- C++ -*-===//

#ifndef TEZ_LIB_NATIVE_SUMS_H
#define TEZ_LIB_NATIVE_SUMS_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tez::native {

/// Vectors of one tile: [row][panel].
using Sums = llvm::SmallVector<llvm::SmallVector<mlir::Value>>;

/// As many zeros.
Sums zeroSums(int64_t rows, int64_t panels, mlir::VectorType type,
              mlir::ImplicitLocOpBuilder &builder);

/// A loop of `count` steps that carries sums: what `step` makes of `start`.
using SumStep = llvm::function_ref<Sums(mlir::Value, const Sums &)>;
Sums foldSums(mlir::Value count, const Sums &start, SumStep step,
              mlir::ImplicitLocOpBuilder &builder);

/// A loop that carries nothing.
void forLoop(mlir::Value begin, mlir::Value end, int64_t step,
             llvm::function_ref<void(mlir::Value)> body, mlir::ImplicitLocOpBuilder &builder);

} // namespace tez::native

#endif // TEZ_LIB_NATIVE_SUMS_H
