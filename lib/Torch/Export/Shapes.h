//===- Shapes.h - Symbolic shapes of what a program computes ----*- C++ -*-===//
//
// torch's own symbolic shapes live in Python. Here every call is run with several sizes of the
// inputs, and an expression is looked for that gives what was seen in all of them: sizes of the
// operands, their products and sums, and for windows the rule of the window.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_TORCH_EXPORT_SHAPES_H
#define TEZ_LIB_TORCH_EXPORT_SHAPES_H

#include "Size.h"
#include "llvm/ADT/SmallVector.h"
#include <ATen/core/Tensor.h>
#include <optional>

namespace tez::program {

/// What the schema calls TensorMeta.
struct Meta {
  at::ScalarType type = at::ScalarType::Undefined;
  std::vector<Size> sizes, strides;
  Size offset;
  bool requiresGrad = false;
};

/// A window that runs over the last `kernel.size()` dimensions of a call's first operand.
struct Window {
  std::vector<int64_t> kernel, stride, padding, dilation;
  std::vector<int64_t> scale; ///< of sizes, before the window runs over them; empty: 1
  bool roundsUp = false;
};

/// Finds the expressions for one call's results.
class ShapeFinder {
public:
  ShapeFinder(llvm::ArrayRef<const Meta *> operands, std::optional<Window> window)
      : operands(operands), window(std::move(window)) {}

  /// `samples`: the result in each sample, all of one rank and type. nullopt: a size has no
  /// expression.
  std::optional<Meta> describe(llvm::ArrayRef<at::Tensor> samples) const;

private:
  using Values = std::vector<int64_t>;

  std::optional<Size> findSize(const Values &values, size_t dim, size_t rank) const;
  std::optional<Size> findStride(const Values &measured, size_t dim, const Meta &meta,
                                 llvm::ArrayRef<at::Tensor> samples) const;
  std::optional<Size> findOffset(const Values &values, const Meta &meta) const;
  std::optional<Size> windowed(const Values &values, size_t dim, size_t rank) const;
  std::optional<Size> sameAsOperand(const Values &values, size_t dim, size_t rank) const;
  std::optional<Size> combined(const Values &values, size_t dim) const;

  llvm::SmallVector<const Meta *> operands;
  std::optional<Window> window;
};

} // namespace tez::program

#endif // TEZ_LIB_TORCH_EXPORT_SHAPES_H
