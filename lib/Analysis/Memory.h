//===- Memory.h - Activation memory of a static kernel ----------*- C++ -*-===//

#ifndef TEZ_LIB_ANALYSIS_MEMORY_H
#define TEZ_LIB_ANALYSIS_MEMORY_H

#include "tez/Dialect/Esper/Esper.h"

namespace tez {

/// The op's results are the storage of its first operand, seen otherwise.
bool isView(mlir::Operation &op);

/// Bytes that the op makes: results that are not views, and what a recurrent
/// op keeps of its gates.
int64_t storageOf(mlir::Operation &op);

struct MemoryPeaks {
  int64_t inference = 0, training = 0;
};

/// Of a kernel whose shapes are all static and that holds primitives only.
MemoryPeaks memoryPeaks(esper::KernelOp kernel);

} // namespace tez

#endif // TEZ_LIB_ANALYSIS_MEMORY_H
