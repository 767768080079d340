//===- PackedWeights.h - Weights in the order that code reads them -*- C++ -*-===//

#ifndef TEZ_LIB_NATIVE_PACKEDWEIGHTS_H
#define TEZ_LIB_NATIVE_PACKEDWEIGHTS_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace tez::native {

/// A new argument of the function around `reader` that is the packed `weight`, [panels, depth,
/// width], as a tensor: other readers of the weight may want it as it is. `marks` say how it is
/// packed (see the dialect). Failure, after an error, where `weight` is no weight.
mlir::FailureOr<mlir::Value> packedWeight(mlir::Operation *reader, mlir::Value weight,
                                          llvm::ArrayRef<int64_t> shape,
                                          llvm::ArrayRef<mlir::NamedAttribute> marks,
                                          mlir::OpBuilder &builder);

/// Takes `weight` and the argument behind it away, where nobody reads them any more.
void eraseUnread(mlir::Value weight);

/// Does an epilogue call functions that become polynomials: some thirty instructions a vector.
bool isLong(mlir::Region &epilogue);

} // namespace tez::native

#endif // TEZ_LIB_NATIVE_PACKEDWEIGHTS_H
