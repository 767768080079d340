//===- LogScale.h - Positions on a logarithmic axis -------------*- C++ -*-===//

#ifndef TEZ_LIB_REPORT_LOGSCALE_H
#define TEZ_LIB_REPORT_LOGSCALE_H

#include <cstddef>
#include <vector>

namespace tez::report {

/// An axis of `length` that begins at `start`, from the least to the greatest of some
/// positive numbers. Numbers that have no place on it are overlooked.
class LogScale {
public:
  LogScale(double start, double length) : start(start), length(length) {}

  static bool hasPlace(double value); ///< positive and finite
  void include(double value);
  void widen(double factor); ///< on both sides

  bool isEmpty() const { return !(low <= high); }
  double at(double value) const;
  /// Round numbers, as many as stand `apart` from each other.
  std::vector<double> ticks(double apart) const;

private:
  bool isLegible(const std::vector<double> &ticks, double apart) const;

  double start, length;
  double low = 1, high = 0; ///< empty
};

} // namespace tez::report

#endif // TEZ_LIB_REPORT_LOGSCALE_H
