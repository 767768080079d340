//===- Rules.h - When a result is right -------------------------*- C++ -*-===//
//
// Rules 3 to 5 of the validation rules. For results of any scale: an absolute bound
// says nothing about values of 1e-6, and raises false alarms at 1e4.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_VALIDATE_RULES_H
#define TEZ_LIB_VALIDATE_RULES_H

#include "Compare.h"
#include "Trial.h"
#include <cmath>

namespace tez {

/// The worst of a trial's outputs and updated buffers.
struct Finding {
  std::string what; ///< "output 0", "buffer '1.mean'"
  Comparison comparison;
  bool torchsOwn = false; ///< passed by rule 5 alone

  bool passed() const { return comparison.passed(); }
};

/// All outputs and updates against one bound.
Finding compareAll(const TrialResult &result, Bound bound);

/// Relative to the largest value of each tensor first; then rule 3; then, where torch's
/// operators called one by one err as well, rule 5.
Finding judgeAtScale(KernelUnderTest &file, const Trial &trial, const TrialResult &result);

/// Errors of one output, of one run or of several.
struct ErrorSum {
  double squares = 0, most = 0;
  size_t count = 0;

  void add(double error) {
    squares += error * error;
    most = std::max(most, std::fabs(error));
    ++count;
  }
  double rms() const { return count ? std::sqrt(squares / double(count)) : 0; }
};

/// Rule 4: what the root mean square of errors may be where that of torch's operators is `own`
/// and that of the values `values`, in numbers of this unit roundoff.
inline double mostRms(double own, double values, double roundoff) {
  return 3 * own + 4 * roundoff * values;
}

/// By rule 4, for an fp32 trial of a kernel that is not torch's operators one by one already: ""
/// or what is wrong. It finds what is too small in each element and spreads over many.
std::string judgeRms(KernelUnderTest &file, const Trial &trial, const TrialResult &result);

/// "in eval mode, fp32, ..."
std::string describe(const Trial &trial);

} // namespace tez

#endif // TEZ_LIB_VALIDATE_RULES_H
