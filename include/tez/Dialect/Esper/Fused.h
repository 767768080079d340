//===- Fused.h - Ops that one call computes together ------------*- C++ -*-===//

#ifndef TEZ_DIALECT_ESPER_FUSED_H
#define TEZ_DIALECT_ESPER_FUSED_H

#include "tez/Dialect/Esper/Esper.h"

namespace tez::esper {

/// A string attribute of a relu: the ATen operator, without "aten::", that computes
/// it together with the convolution, and the sum, in front of it. A hint for
/// emission; to everybody else the ops are what they are.
inline constexpr llvm::StringLiteral kFused = "esper.fused";

///   relu(conv(...))    or    relu(conv(...) + other)
struct FusedConvolution {
  ActivationOp relu;
  AddOp sum; ///< may be null; its first operand is the convolution
  ConvOp conv;

  llvm::StringRef getOperator() const {
    return sum ? "cudnn_convolution_add_relu" : "cudnn_convolution_relu";
  }
};

/// What `relu` (may be null) is marked to be one call with. None where it is not
/// marked, or reads something else by now: a hint may be overlooked.
std::optional<FusedConvolution> fusedConvolution(ActivationOp relu);

/// Is `op` read by nothing but calls that compute it themselves.
bool isAbsorbed(mlir::Operation *op);

} // namespace tez::esper

#endif // TEZ_DIALECT_ESPER_FUSED_H
