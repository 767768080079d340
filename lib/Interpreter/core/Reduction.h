//===- Reduction.h - Shapes of a reduction ----------------------*- C++ -*-===//

#ifndef TEZ_LIB_INTERPRETER_CORE_REDUCTION_H
#define TEZ_LIB_INTERPRETER_CORE_REDUCTION_H

#include "Strided.h"
#include "tez/Interpreter/FunctionsReduce.h"

namespace tez::interp {

/// What a reduction of `shape` over `dims` (empty: all) gives.
struct Reduction {
  Reduction(const Shape &shape, const Dims &dims);

  Shape kept;        ///< the reduced dimensions have size 1
  Shape dropped;     ///< the reduced dimensions are gone
  int64_t count = 1; ///< elements that become one
};

/// Mean with the reduced dimensions kept.
inline Tensor meanOver(const Tensor &x, const Reduction &reduction) {
  double count = double(reduction.count);
  return broadcastMap([count](double s) { return s / count; }, sumTo(x, reduction.kept));
}

} // namespace tez::interp

#endif // TEZ_LIB_INTERPRETER_CORE_REDUCTION_H
