//===- ConstantState.h - What a kernel for inference knows ------*- C++ -*-===//

#ifndef TEZ_LIB_TRANSFORMS_SUPPORT_CONSTANTSTATE_H
#define TEZ_LIB_TRANSFORMS_SUPPORT_CONSTANTSTATE_H

#include "tez/Dialect/Esper/Esper.h"
#include "llvm/ADT/DenseSet.h"

namespace tez {

/// The values of a kernel that are the same in every call: parameters, buffers
/// that nothing updates, flags, and what pure ops make of those alone.
class ConstantState {
public:
  explicit ConstantState(esper::KernelOp kernel);
  bool contains(mlir::Value value) const { return values.contains(value); }
  bool contains(mlir::Operation *op) const;

private:
  llvm::DenseSet<mlir::Value> values;
};

/// The same of one value, when only a few are asked for. `value` may be null:
/// an absent bias is constant.
bool isConstantState(mlir::Value value);

} // namespace tez

#endif // TEZ_LIB_TRANSFORMS_SUPPORT_CONSTANTSTATE_H
