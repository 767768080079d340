//===- Shapes.h - Kernels with every dimension known ------------*- C++ -*-===//

#ifndef TEZ_ANALYSIS_SHAPES_H
#define TEZ_ANALYSIS_SHAPES_H

#include "tez/Dialect/Esper/Esper.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace tez {

/// One shape for each input of a kernel.
using InputShapes = llvm::SmallVector<llvm::SmallVector<int64_t>>;

/// A copy of `kernel` whose inputs have these shapes, every type inferred anew
/// by the ops' own shape rules; optional inputs become present. Null when the
/// shapes do not fit: with `report`, the rule's error is emitted at the op.
/// The kernel is the only op of the module returned.
mlir::OwningOpRef<mlir::ModuleOp> withInputShapes(esper::KernelOp kernel,
                                                  const InputShapes &shapes, bool report = false);

/// Small shapes that the whole kernel admits: dynamic first dimensions are
/// `batch`, the others the smallest that every shape rule accepts, different
/// from each other where they may be. `skip` takes a larger choice instead.
/// nullopt when none of the sizes tried (up to 512) fits.
std::optional<InputShapes> smallestShapes(esper::KernelOp kernel, int64_t batch, unsigned skip = 0);

} // namespace tez

#endif // TEZ_ANALYSIS_SHAPES_H
