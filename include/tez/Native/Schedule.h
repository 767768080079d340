//===- Schedule.h - Tiles of products, as text ------------------*- C++ -*-===//
//
// A schedule says how a native.product is computed: "6x1+4x1+1x4" takes tiles of six rows and one
// panel, then what is left in tiles of four rows and one panel, then single rows in four panels;
// "...@256" also takes the sum in pieces of 256 terms. A product is named by its sizes, "128x256":
// terms and columns, with the type of narrow factors, "128x256.i8"; "128+64x256" is a nest of two
// products with the same result.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_NATIVE_SCHEDULE_H
#define TEZ_NATIVE_SCHEDULE_H

#include "tez/Dialect/Native/Native.h"
#include "tez/Native/Target.h"
#include "llvm/Support/Error.h"
#include <map>
#include <optional>

namespace tez::native {

struct Schedule {
  std::vector<int64_t> tiles; ///< pairs (rows, panels); rows fall, to one
  std::optional<int64_t> piece;

  std::string text() const;
  void applyTo(ProductOp product) const;
};

/// Refused unless every number of rows meets a tile and a tile's sums are at most 64 vectors.
llvm::Expected<Schedule> parseSchedule(llvm::StringRef text);

std::string nameOf(ProductOp product);

/// What the target does with a product that nobody has measured.
Schedule defaultSchedule(ProductOp product, const Target &target);

/// Others worth a measurement: fewer kinds of tiles, tiles of fewer rows, other pieces.
std::vector<Schedule> candidateSchedules(const Schedule &normal);

} // namespace tez::native

#endif // TEZ_NATIVE_SCHEDULE_H
