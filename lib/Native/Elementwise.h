//===- Elementwise.h - Element-wise ops of rows and columns -----*- C++ -*-===//

#ifndef TEZ_LIB_NATIVE_ELEMENTWISE_H
#define TEZ_LIB_NATIVE_ELEMENTWISE_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace tez::native {

/// Of two dimensions, every operand [m, n], [n] or [m, 1], one result, its old values unread.
bool isElementwise(mlir::linalg::GenericOp op);

} // namespace tez::native

#endif // TEZ_LIB_NATIVE_ELEMENTWISE_H
