//===- Target.h - Processors that machine code is made for ------*- C++ -*-===//

#ifndef TEZ_NATIVE_TARGET_H
#define TEZ_NATIVE_TARGET_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>
#include <vector>

namespace tez::native {

/// One processor, and the tiles that fill its registers.
struct Target {
  std::string name; ///< as the user gave it; for "native" its level
  /// Level of the instruction set, "x86-64-v4+avx512vnni": what code may use, and a host must have.
  /// The part before the first + is the psABI's, the others are features as LLVM names them.
  std::string level;
  std::string triple; ///< "x86_64-unknown-linux-gnu"
  int64_t width;      ///< columns of a panel of packed weights
  int64_t depth;      ///< terms of a sum that is taken in pieces
  /// Pairs (rows, panels) of ProductOp's schedule that fill the registers; those for products of
  /// fp32, and of narrower factors.
  std::vector<int64_t> tiles, productTiles, narrowTiles;
  /// Of products that were measured, PRODUCT:SCHEDULE (tez/Native/Schedule.h); findTarget has none.
  std::vector<std::string> schedules;

  /// The level without its features, and these: "+avx512vnni,+avx512bf16".
  llvm::StringRef baseLevel() const { return llvm::StringRef(level).split('+').first; }
  std::string features() const;
  bool has(llvm::StringRef feature) const;
  /// An instruction for products of bf16.
  bool hasHalfDots() const;
};

/// `name`: native, x86-64-v3, x86-64-v4, znver4, neoverse-v1 ..., or a level; an error lists them.
/// With `narrow` the level has the dot-product instructions that the processor has: kernels of
/// fewer bits are for them, and those of fp32 run on more machines without.
llvm::Expected<Target> findTarget(llvm::StringRef name, bool narrow = false);

/// Has this machine all that code of `level` may use.
bool runsHere(llvm::StringRef level);

/// Of levels that one machine has, code of the higher one is the faster.
int64_t rankOf(llvm::StringRef level);

} // namespace tez::native

#endif // TEZ_NATIVE_TARGET_H
