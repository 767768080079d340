//===- Vectors.h - Scalar code on vectors -----------------------*- C++ -*-===//

#ifndef TEZ_LIB_NATIVE_VECTORS_H
#define TEZ_LIB_NATIVE_VECTORS_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tez::native {

/// The ops of `body` (element-wise arith and math) on vectors: `arguments` stand for the
/// block's. The vector that its terminator takes.
mlir::Value vectorize(mlir::Block &body, mlir::ValueRange arguments, int64_t lanes,
                      mlir::ImplicitLocOpBuilder &builder);

/// `used` numbers of a row, filled up with zeros to `lanes`; `indices` is where they begin.
mlir::Value loadVector(mlir::Value memory, mlir::ValueRange indices, int64_t used, int64_t lanes,
                       mlir::ImplicitLocOpBuilder &builder);

/// The same, filled up with the numbers of `filling`.
mlir::Value loadVector(mlir::Value memory, mlir::ValueRange indices, int64_t used,
                       mlir::Value filling, mlir::ImplicitLocOpBuilder &builder);

/// The first `used` numbers of `vector`.
void storeVector(mlir::Value vector, mlir::Value memory, mlir::ValueRange indices, int64_t used,
                 mlir::ImplicitLocOpBuilder &builder);

/// `number` in all lanes.
mlir::Value broadcast(mlir::Value number, int64_t lanes, mlir::ImplicitLocOpBuilder &builder);

/// All lanes of `vector`, of which there are a power of two, as one number: one half and the other,
/// and so on, so that the order is the same on every target.
using Combine = llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)>;
mlir::Value reduceLanes(mlir::Value vector, Combine combine, mlir::ImplicitLocOpBuilder &builder);
mlir::Value sumOfLanes(mlir::Value vector, mlir::ImplicitLocOpBuilder &builder);
mlir::Value largestOfLanes(mlir::Value vector, mlir::ImplicitLocOpBuilder &builder);

/// The larger ones, the smaller ones; a NaN in `a` is passed over.
mlir::Value larger(mlir::Value a, mlir::Value b, mlir::ImplicitLocOpBuilder &builder);
mlir::Value smaller(mlir::Value a, mlir::Value b, mlir::ImplicitLocOpBuilder &builder);

mlir::Value index(int64_t number, mlir::ImplicitLocOpBuilder &builder);

} // namespace tez::native

#endif // TEZ_LIB_NATIVE_VECTORS_H
