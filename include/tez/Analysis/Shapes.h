//===- Shapes.h - Small shapes that a kernel admits -------------*- C++ -*-===//

#ifndef TEZ_ANALYSIS_SHAPES_H
#define TEZ_ANALYSIS_SHAPES_H

#include "tez/Dialect/Esper/ConcreteShapes.h"

namespace tez {

/// Small shapes that the whole kernel admits: dynamic first dimensions are
/// `batch`, the others the smallest that every shape rule accepts, different
/// from each other where they may be. `skip` takes a larger choice instead.
/// nullopt when none of the sizes tried (up to 512) fits.
std::optional<InputShapes> smallestShapes(esper::KernelOp kernel, int64_t batch, unsigned skip = 0);

/// Reports, at the op, why the largest of the shapes tried does not fit either.
/// For a kernel that has no smallestShapes.
void explainNoShapes(esper::KernelOp kernel, int64_t batch);

} // namespace tez

#endif // TEZ_ANALYSIS_SHAPES_H
