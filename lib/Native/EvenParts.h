//===- EvenParts.h - A length cut into nearly equal parts -------*- C++ -*-===//

#ifndef TEZ_LIB_NATIVE_EVENPARTS_H
#define TEZ_LIB_NATIVE_EVENPARTS_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/MathExtras.h"
#include <cstdint>

namespace tez::native {

/// Parts of one length: `count` of them from `begin` on.
struct Parts {
  int64_t begin, length, count;
  int64_t end() const { return begin + length * count; }
};

/// `size` cut evenly into parts of at most `most`: longer ones, then those shorter by one. So none
/// is too small to hide the latency of a sum.
inline llvm::SmallVector<Parts, 2> cutEvenly(int64_t size, int64_t most) {
  int64_t count = llvm::divideCeil(size, most), least = size / count, longer = size % count;
  llvm::SmallVector<Parts, 2> parts;
  if (longer)
    parts.push_back({0, least + 1, longer});
  parts.push_back({longer * (least + 1), least, count - longer});
  return parts;
}

/// The longest of them.
inline int64_t evenPart(int64_t size, int64_t most) { return cutEvenly(size, most)[0].length; }

} // namespace tez::native

#endif // TEZ_LIB_NATIVE_EVENPARTS_H
