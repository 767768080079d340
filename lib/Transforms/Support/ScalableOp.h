//===- ScalableOp.h - Ops with state to scale and shift by -------*- C++ -*-===//

#ifndef TEZ_LIB_TRANSFORMS_SUPPORT_SCALABLEOP_H
#define TEZ_LIB_TRANSFORMS_SUPPORT_SCALABLEOP_H

#include "mlir/IR/PatternMatch.h"
#include "tez/Dialect/Esper/Esper.h"

namespace tez {

/// A linear, a convolution or a layer norm with constant weight and bias: what
/// scales or shifts its output channels can become part of its state.
///
///   scale * (W x + b) + shift  =  (scale * W) x + (scale * b + shift)
///
/// Scales and shifts are vectors over the channels, or null for none.
class ScalableOp {
public:
  /// nullopt, with the reason in `why`, when `value` is not the result of one
  /// that a single op reads.
  static std::optional<ScalableOp> of(mlir::Value value, llvm::StringRef &why);

  int64_t channels() const { return size; }
  /// The dimension of the output that the channels are, from 0.
  int64_t channelDim() const { return dim; }

  /// A constant that broadcasts against the output, varies over channels only
  /// and has no leading dimensions, as a vector; null for any other.
  mlir::Value asVector(mlir::PatternRewriter &rewriter, mlir::Value operand) const;

  /// The op again at `location`, whose value it now has.
  mlir::Value rebuild(mlir::PatternRewriter &rewriter, mlir::Location location, mlir::Value scale,
                      mlir::Value shift) const;
  mlir::Value rebuild(mlir::PatternRewriter &rewriter, mlir::Location location,
                      llvm::APFloat scale) const;

private:
  mlir::Value create(mlir::PatternRewriter &rewriter, mlir::Location location,
                     mlir::Value newWeight, mlir::Value newBias) const;

  mlir::Operation *op = nullptr;
  mlir::Value weight, bias; ///< null: all ones, all zeros
  int64_t size = 0, dim = 0;
  int64_t weightDim = 0; ///< the channels in the weight
};

} // namespace tez

#endif // TEZ_LIB_TRANSFORMS_SUPPORT_SCALABLEOP_H
