//===- Stacks.h - Layer upon layer, as the fixed architectures have it -*- C++ -*-===//

#ifndef TEZ_LIB_BLUEPRINT_FORMS_STACKS_H
#define TEZ_LIB_BLUEPRINT_FORMS_STACKS_H

#include "../Layers/Support.h"
#include "tez/Blueprint/Form.h"

namespace tez::blueprint {

/// `kind` is a row of Activations.def without parameters. Null after an error.
mlir::Value activate(NetBuilder &net, llvm::StringRef kind, mlir::Value input);

/// AdaptiveAvgPool2d(1), Flatten. A null input stands for an error before.
Values poolAndFlatten(NetBuilder &net, mlir::Value input);

/// Linear, activation, Dropout (when p > 0) ... Linear as one torch.nn.Sequential.
struct LinearStack {
  mlir::MLIRContext *context;
  json::Value place;
  std::string activation = "relu";
  double dropout = 0;
  std::vector<int64_t> sizes = {};
  std::vector<json::Value> places = {}; ///< of each size

  void add(json::Fields &f, std::string_view name, int64_t size);
  /// Copies the stack.
  Network network() const;
  Values build(NetBuilder &net, mlir::Value input) const;
};

/// Conv2d with a square kernel, and what the conv architecture puts behind it.
struct ConvBlock {
  json::Value place; ///< of the largest of the sizes
  int64_t in, out, kernel, stride = 1, padding = 0;

  /// Null after an error.
  mlir::Value convolve(NetBuilder &net, llvm::StringRef path, mlir::Value input) const;
  /// BatchNorm2d(out), its state below `path`. Null after an error.
  mlir::Value normalize(NetBuilder &net, llvm::StringRef path, mlir::Value input) const;
};

} // namespace tez::blueprint

#endif // TEZ_LIB_BLUEPRINT_FORMS_STACKS_H
