//===- Intervals.h - Between which numbers a value lies ---------*- C++ -*-===//

#ifndef TEZ_ANALYSIS_INTERVALS_H
#define TEZ_ANALYSIS_INTERVALS_H

#include "tez/Dialect/Esper/Esper.h"
#include <limits>

namespace tez {

/// low <= every element <= high. Bounds are closed: exp is in [0, inf], for it
/// does reach 0 in floating point.
struct Interval {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();

  bool contains(double x) const { return low <= x && x <= high; }
  bool operator==(const Interval &) const = default;
};

/// The intervals of a kernel's values. Inputs and state may be any number:
/// training moves parameters where it likes. One pass over the ops; a value
/// that no rule speaks of is unbounded.
class Intervals {
public:
  explicit Intervals(esper::KernelOp kernel);

  Interval of(mlir::Value value) const { return known.lookup(value); }

private:
  llvm::DenseMap<mlir::Value, Interval> known;
};

} // namespace tez

#endif // TEZ_ANALYSIS_INTERVALS_H
