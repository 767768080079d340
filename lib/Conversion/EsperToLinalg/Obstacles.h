//===- Obstacles.h - What stands in the way of machine code -----*- C++ -*-===//

#ifndef TEZ_LIB_CONVERSION_ESPERTOLINALG_OBSTACLES_H
#define TEZ_LIB_CONVERSION_ESPERTOLINALG_OBSTACLES_H

#include "Attention.h"

namespace tez {

/// Null, or what has no lowering: an op, or the kernel because of its signature.
mlir::Operation *findObstacle(esper::KernelOp kernel, const Attentions &attentions);

} // namespace tez

#endif // TEZ_LIB_CONVERSION_ESPERTOLINALG_OBSTACLES_H
