//===- Elements.h - How large the values of a kernel are --------*- C++ -*-===//

#ifndef TEZ_ANALYSIS_ELEMENTS_H
#define TEZ_ANALYSIS_ELEMENTS_H

#include "tez/Dialect/Esper/Esper.h"

namespace tez {

/// Fails, with an error at the op or input, when a value has more than `limit`
/// elements at the smallest shapes of this batch that the kernel admits; at 2,
/// those validation runs it at. Parameters and buffers have limits of their own.
/// Allocates no value; a kernel that admits no shape passes.
mlir::LogicalResult checkElements(esper::KernelOp kernel, int64_t limit, int64_t batch = 2);

} // namespace tez

#endif // TEZ_ANALYSIS_ELEMENTS_H
