//===- ConcreteShapes.h - Kernels with every dimension known ----*- C++ -*-===//

#ifndef TEZ_DIALECT_ESPER_CONCRETESHAPES_H
#define TEZ_DIALECT_ESPER_CONCRETESHAPES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "tez/Dialect/Esper/Esper.h"

namespace tez {

/// One shape for each input of a kernel.
using InputShapes = llvm::SmallVector<llvm::SmallVector<int64_t>>;

/// The tensor type of an input: inside an optional, else the type itself.
mlir::RankedTensorType tensorTypeOf(mlir::Type inputType);

/// A copy of `kernel` whose inputs have these shapes, every type inferred anew
/// by the ops' own shape rules. An optional input whose shape keeps a dynamic
/// dimension counts as left out: its default decides. Null when the shapes do
/// not fit: with `report`, the rule's error is emitted at the op. The kernel is
/// the only op of the module returned.
mlir::OwningOpRef<mlir::ModuleOp> withInputShapes(esper::KernelOp kernel, const InputShapes &shapes,
                                                  bool report = false);

} // namespace tez

#endif // TEZ_DIALECT_ESPER_CONCRETESHAPES_H
