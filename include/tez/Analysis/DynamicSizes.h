//===- DynamicSizes.h - Which sizes of inputs are one -----------*- C++ -*-===//

#ifndef TEZ_ANALYSIS_DYNAMICSIZES_H
#define TEZ_ANALYSIS_DYNAMICSIZES_H

#include "tez/Dialect/Esper/ConcreteShapes.h"

namespace tez {

/// The dynamic dimensions of a kernel's inputs, without those that may be left out. Dimensions
/// that no call may have differently share a number.
struct DynamicSizes {
  /// For each input and dimension its number, -1: one size only. An input that may be left out
  /// has no entries.
  llvm::SmallVector<llvm::SmallVector<int>> numbers;
  /// Of each number: the least size that is admitted, the others at hand.
  llvm::SmallVector<int64_t> least;
  /// Shapes that the kernel admits. Each number has several sizes in them, and no two have the
  /// same in all. Inputs that may be left out keep their dynamic dimensions, as left out.
  llvm::SmallVector<InputShapes> samples;
};

/// By trying shapes with the ops' own shape rules. nullopt where no shapes fit, as explainNoShapes
/// tells (tez/Analysis/Shapes.h), or where dimensions hang on each other otherwise than by being
/// equal (after an error at the kernel).
std::optional<DynamicSizes> findDynamicSizes(esper::KernelOp kernel);

} // namespace tez

#endif // TEZ_ANALYSIS_DYNAMICSIZES_H
