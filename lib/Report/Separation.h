//===- Separation.h - Places in a row that do not overlap -------*- C++ -*-===//

#ifndef TEZ_LIB_REPORT_SEPARATION_H
#define TEZ_LIB_REPORT_SEPARATION_H

#include <vector>

namespace tez::report {

struct Wish {
  double centre = 0; ///< where it would like to stand
  double width = 0;
  double weight = 1;
};

/// Centres in the order given, `gap` apart at least, with the least sum of weighted
/// squares of the distances to the wishes.
std::vector<double> separate(const std::vector<Wish> &wishes, double gap);

} // namespace tez::report

#endif // TEZ_LIB_REPORT_SEPARATION_H
