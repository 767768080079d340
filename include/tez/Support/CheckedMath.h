//===- CheckedMath.h - Sizes that refuse to overflow ------------*- C++ -*-===//
//
// Every size that comes from a blueprint is computed with these before memory
// is asked for. Nothing here allocates; nullopt means the exact result does
// not fit into int64_t.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_SUPPORT_CHECKEDMATH_H
#define TEZ_SUPPORT_CHECKEDMATH_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <optional>

namespace tez {

inline std::optional<int64_t> checkedAdd(int64_t a, int64_t b) {
  int64_t sum;
  if (__builtin_add_overflow(a, b, &sum))
    return std::nullopt;
  return sum;
}

inline std::optional<int64_t> checkedSub(int64_t a, int64_t b) {
  int64_t difference;
  if (__builtin_sub_overflow(a, b, &difference))
    return std::nullopt;
  return difference;
}

inline std::optional<int64_t> checkedMul(int64_t a, int64_t b) {
  int64_t product;
  if (__builtin_mul_overflow(a, b, &product))
    return std::nullopt;
  return product;
}

/// The sum of all values; of none it is 0. The partial sums, taken in order,
/// must fit as well.
inline std::optional<int64_t> checkedSum(llvm::ArrayRef<int64_t> values) {
  int64_t sum = 0;
  for (int64_t value : values)
    if (__builtin_add_overflow(sum, value, &sum))
      return std::nullopt;
  return sum;
}

/// The product of all values; of none it is 1. A zero makes it 0 wherever it
/// stands, even when the other factors alone would overflow.
inline std::optional<int64_t> checkedProduct(llvm::ArrayRef<int64_t> values) {
  int64_t product = 1;
  bool overflow = false;
  for (int64_t value : values) {
    if (value == 0)
      return 0;
    overflow |= __builtin_mul_overflow(product, value, &product);
  }
  if (overflow)
    return std::nullopt;
  return product;
}

} // namespace tez

#endif // TEZ_SUPPORT_CHECKEDMATH_H
