//===- ScalarFunctions.h - Activation functions of one element --*- C++ -*-===//

#ifndef TEZ_LIB_CONVERSION_ESPERTOLINALG_SCALARFUNCTIONS_H
#define TEZ_LIB_CONVERSION_ESPERTOLINALG_SCALARFUNCTIONS_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tez {

/// Has `makeActivation` a row for it.
bool hasScalarActivation(llvm::StringRef kind);

/// The function `kind` of Activations.def of `x`, a floating scalar, in the arith and
/// math dialects. NaN in, NaN out, as torch's functions do it.
mlir::Value makeActivation(llvm::StringRef kind, llvm::ArrayRef<double> parameters, mlir::Value x,
                           mlir::ImplicitLocOpBuilder &builder);

} // namespace tez

#endif // TEZ_LIB_CONVERSION_ESPERTOLINALG_SCALARFUNCTIONS_H
