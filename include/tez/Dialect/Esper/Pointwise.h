//===- Pointwise.h - Convolutions that torch cannot differentiate -*- C++ -*-===//

#ifndef TEZ_DIALECT_ESPER_POINTWISE_H
#define TEZ_DIALECT_ESPER_POINTWISE_H

#include "mlir/IR/Operation.h"

namespace tez::esper {

/// A convolution, transposed or not, of images by 1x1 with a stride. On a CPU torch 2.15 writes
/// past its memory where it differentiates one of channels-last images, so kernels that train make
/// its input row-major.
bool isStridedPointwise(mlir::Operation *op);

} // namespace tez::esper

#endif // TEZ_DIALECT_ESPER_POINTWISE_H
