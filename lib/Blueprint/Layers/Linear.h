//===- Linear.h - The affine map that several layers hold -------*- C++ -*-===//

#ifndef TEZ_BLUEPRINT_LAYERS_LINEAR_H
#define TEZ_BLUEPRINT_LAYERS_LINEAR_H

#include "Support.h"

namespace tez::blueprint {

/// How the weight of a linear starts.
enum class LinearInit {
  Kaiming, ///< as torch.nn.Linear resets itself: U(+-1/sqrt(in))
  Xavier,  ///< as torch.nn.Transformer resets all its matrices
};

/// The bound of U(-b, b) for a tensor with this fan-in: kaiming_uniform with
/// a = sqrt(5), which is also the bound of torch's biases.
double kaimingBound(double fanIn);
/// The bound of xavier_uniform.
double xavierBound(double fanIn, double fanOut);

/// The parameters of a torch.nn.Linear; a null weight after an error.
struct LinearState {
  mlir::Value weight, bias;

  static LinearState create(NetBuilder &net, llvm::StringRef path, int64_t in, int64_t out,
                            bool hasBias, LinearInit init = LinearInit::Kaiming);
  explicit operator bool() const { return bool(weight); }
  mlir::Value apply(NetBuilder &net, mlir::Value input) const {
    return make<esper::LinearOp>(net, input, weight, bias);
  }
};

/// Weight ones and bias zeros, as torch's norms start; the weight is null
/// after an error, or without `affine`.
struct ScaleState {
  mlir::Value weight, bias;

  /// False after an error.
  bool create(NetBuilder &net, llvm::StringRef path, llvm::ArrayRef<int64_t> shape, bool affine,
              bool hasBias);
};

} // namespace tez::blueprint

#endif // TEZ_BLUEPRINT_LAYERS_LINEAR_H
