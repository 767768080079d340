//===- Lanes.h - The lines of a tensor along one dimension ------*- C++ -*-===//

#ifndef TEZ_LIB_INTERPRETER_CORE_LANES_H
#define TEZ_LIB_INTERPRETER_CORE_LANES_H

#include "tez/Interpreter/Tensor.h"

namespace tez::interp {

/// A contiguous tensor seen as outer x length x step, `length` being the size of
/// one dimension. A tensor of rank 0 has one lane of length 1.
struct Lanes {
  int64_t outer = 1;
  int64_t length = 1;
  int64_t step = 1;

  Lanes(const Shape &shape, int64_t dim) {
    if (shape.empty())
      return;
    size_t along = size_t(wrapDim(dim, int64_t(shape.size())));
    length = shape[along];
    for (size_t i = 0; i < along; ++i)
      outer *= shape[i];
    for (size_t i = along + 1; i < shape.size(); ++i)
      step *= shape[i];
  }

  /// Calls `visit(offset of the lane's first element)`.
  template <typename F> void forEach(F visit) const {
    for (int64_t o = 0; o < outer; ++o)
      for (int64_t i = 0; i < step; ++i)
        visit(o * length * step + i);
  }
};

} // namespace tez::interp

#endif // TEZ_LIB_INTERPRETER_CORE_LANES_H
