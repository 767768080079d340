//===- Window.h - Sliding windows over up to three dimensions ---*- C++ -*-===//

#ifndef TEZ_LIB_INTERPRETER_CORE_WINDOW_H
#define TEZ_LIB_INTERPRETER_CORE_WINDOW_H

#include "tez/Interpreter/Tensor.h"

#include <array>

namespace tez::interp {

/// One number per spatial dimension. All windowed functions run on exactly
/// three, those that are missing in front being 1 (or 0 for a padding), so that
/// one nest of loops serves every rank.
using Triple = std::array<int64_t, 3>;

/// The last `rank` entries are the last entries of `values`; `filler` in front,
/// and everywhere if `values` is empty.
inline Triple triple(const std::vector<int64_t> &values, int64_t filler, size_t rank) {
  Triple result{filler, filler, filler};
  for (size_t i = 0; i < rank && !values.empty(); ++i)
    result[2 - i] = values[values.size() - 1 - i];
  return result;
}

inline int64_t product(const Triple &sizes) { return sizes[0] * sizes[1] * sizes[2]; }

/// Calls `visit(triple, flat index)` for every position within `sizes`.
template <typename F> void forEachPosition(const Triple &sizes, F visit) {
  int64_t flat = 0;
  for (int64_t a = 0; a < sizes[0]; ++a)
    for (int64_t b = 0; b < sizes[1]; ++b)
      for (int64_t c = 0; c < sizes[2]; ++c)
        visit(Triple{a, b, c}, flat++);
}

} // namespace tez::interp

#endif // TEZ_LIB_INTERPRETER_CORE_WINDOW_H
