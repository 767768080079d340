//===- Bytes.h - Sizes of tensors, saturating -------------------*- C++ -*-===//

#ifndef TEZ_LIB_ANALYSIS_BYTES_H
#define TEZ_LIB_ANALYSIS_BYTES_H

#include "mlir/IR/BuiltinTypes.h"
#include "tez/Support/CheckedMath.h"
#include <limits>

namespace tez {

constexpr int64_t kTooMany = std::numeric_limits<int64_t>::max();

inline int64_t addSaturating(int64_t a, int64_t b) { return checkedAdd(a, b).value_or(kTooMany); }

/// Elements of a static shape.
inline int64_t elementsOf(mlir::Type type) {
  return checkedProduct(llvm::cast<mlir::RankedTensorType>(type).getShape()).value_or(kTooMany);
}

/// Bytes of a static shape; a byte for elements narrower than that.
inline int64_t bytesOf(mlir::Type type) {
  auto tensor = llvm::cast<mlir::RankedTensorType>(type);
  int64_t width = std::max<int64_t>(1, tensor.getElementTypeBitWidth() / 8);
  return checkedMul(elementsOf(type), width).value_or(kTooMany);
}

} // namespace tez

#endif // TEZ_LIB_ANALYSIS_BYTES_H
