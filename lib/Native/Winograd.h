//===- Winograd.h - The transforms of F(2x2, 3x3) ---------------*- C++ -*-===//
//
// Minimal filtering (Winograd 1980; for convolutions Lavin and Gray 2015): 2x2 places of a 3x3
// convolution are A'[(G w G') * (B' d B)]A of the window w and the 4x4 pixels d beneath it, the
// product taken number by number. Summed over channels each of the 16 numbers is a matrix product.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_NATIVE_WINOGRAD_H
#define TEZ_LIB_NATIVE_WINOGRAD_H

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include <vector>

namespace tez::native {

/// A 4x4 square, line by line.
using Square = std::array<mlir::Value, 16>;

/// B' d B.
Square transformInput(const Square &pixels, mlir::ImplicitLocOpBuilder &builder);

/// A' m A: the four places, line by line.
std::array<mlir::Value, 4> transformProducts(const Square &products,
                                             mlir::ImplicitLocOpBuilder &builder);

/// G w G' of `windows` 3x3 windows that lie behind each other: [16][windows]. Computed in fp64 and
/// rounded once.
std::vector<float> transformWindows(const float *weight, int64_t windows);

} // namespace tez::native

#endif // TEZ_LIB_NATIVE_WINOGRAD_H
