//===- Measure.h - How long kernels of one blueprint take -------*- C++ -*-===//

#ifndef TEZ_PIPELINE_MEASURE_H
#define TEZ_PIPELINE_MEASURE_H

#include "tez/Pipeline/Compiler.h"
#include <map>

namespace tez {

/// The batches that are measured.
inline constexpr int64_t measuredBatches[] = {1, 32};

/// Of one call of forward, by batch.
using Milliseconds = std::map<int64_t, double>;

/// Times kernel files of `source` for inference beside each other: on this CPU,
/// one thread, random inputs of the smallest shapes, about 75 ms a batch in all.
/// The kernels take turns, so that what else the machine does in a moment falls
/// on all; the least of the turns counts, since it can only add. A batch that no
/// shape fits, or at which a value would exceed the limits, is not measured.
llvm::Expected<std::vector<Milliseconds>> measureCalls(const json::Source &source,
                                                       const CompileOptions &options,
                                                       const std::vector<llvm::StringRef> &files);

} // namespace tez

#endif // TEZ_PIPELINE_MEASURE_H
