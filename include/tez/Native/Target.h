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
  /// Level of the instruction set: what code may use, and a host must have.
  std::string level;
  std::string triple; ///< "x86_64-unknown-linux-gnu"
  int64_t width;      ///< columns of a panel of packed weights
  int64_t depth; ///< rows of a panel that the nearest cache holds beside what it is multiplied by
  /// Pairs (rows, panels) of ProductOp's schedule.
  std::vector<int64_t> tiles;
  /// Of products that were measured, PRODUCT:SCHEDULE (tez/Native/Schedule.h); findTarget has none.
  std::vector<std::string> schedules;
};

/// `name`: native, x86-64-v3, x86-64-v4, znver4, neoverse-v1 ...; an error lists them.
llvm::Expected<Target> findTarget(llvm::StringRef name);

} // namespace tez::native

#endif // TEZ_NATIVE_TARGET_H
