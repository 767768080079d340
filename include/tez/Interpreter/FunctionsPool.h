//===- FunctionsPool.h - Pooling of one to three dimensions -----*- C++ -*-===//
//
// The last kernel.size() (or outputSize.size()) dimensions are pooled, whatever
// stands before them.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_INTERPRETER_FUNCTIONSPOOL_H
#define TEZ_INTERPRETER_FUNCTIONSPOOL_H

#include "tez/Interpreter/Tape.h"

namespace tez::interp {

struct PoolOptions {
  std::vector<int64_t> kernel;
  std::vector<int64_t> stride;   ///< empty: the kernel
  std::vector<int64_t> padding;  ///< empty: 0
  std::vector<int64_t> dilation; ///< empty: 1; max only
  /// Also windows that reach over the end, if they start before it.
  bool ceilMode = false;
  bool countIncludePad = true; ///< average only
  int64_t divisorOverride = 0; ///< average only; 0: none
};

/// The first greatest element of each window; a NaN wins.
Variable maxPool(const Variable &x, const PoolOptions &options);
/// The same, and where each stands in its plane of the pooled dimensions.
struct MaxPooled {
  Variable values;
  Tensor indices;
};
MaxPooled maxPoolWithIndices(const Variable &x, const PoolOptions &options);
Variable avgPool(const Variable &x, const PoolOptions &options);

Variable adaptiveMaxPool(const Variable &x, const std::vector<int64_t> &outputSize);
Variable adaptiveAvgPool(const Variable &x, const std::vector<int64_t> &outputSize);

} // namespace tez::interp

#endif // TEZ_INTERPRETER_FUNCTIONSPOOL_H
