//===- Narrow.h - Numbers of bf16 and of 8 bits -----------------*- C++ -*-===//

#ifndef TEZ_LIB_CONVERSION_ESPERTOLINALG_NARROW_H
#define TEZ_LIB_CONVERSION_ESPERTOLINALG_NARROW_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tez {

/// A bf16 number in fp32; others as they are.
mlir::Value widenNarrow(mlir::Value number, mlir::ImplicitLocOpBuilder &builder);

/// An fp32 number as `element`, where that is bf16; others as they are.
mlir::Value roundTo(mlir::Type element, mlir::Value number, mlir::ImplicitLocOpBuilder &builder);

/// `sum` and `left * right`, widened to its type: bf16, or unsigned and signed 8-bit numbers.
mlir::Value addTerm(mlir::Value sum, mlir::Value left, mlir::Value right,
                    mlir::ImplicitLocOpBuilder &builder);

mlir::Value constant(float number, mlir::ImplicitLocOpBuilder &builder);

/// An fp32 number as the nearest of the grid's 128, in i8. `zero` is a whole number; what is no
/// number becomes the grid's first.
mlir::Value putOnGrid(mlir::Value number, mlir::Value inverseScale, mlir::Value zero,
                      mlir::ImplicitLocOpBuilder &builder);

/// fp32: what 0 is on the grid, and a step of it.
struct GridPoint {
  mlir::Value scale, zero;
};

/// `scale * weightScale * (sum - zero * weightSum)`, in the order of torch's operators: `sum` and
/// `weightSum` are i32.
mlir::Value takeOffGrid(mlir::Value sum, mlir::Value weightSum, mlir::Value weightScale,
                        const GridPoint &grid, mlir::ImplicitLocOpBuilder &builder);

} // namespace tez

#endif // TEZ_LIB_CONVERSION_ESPERTOLINALG_NARROW_H
