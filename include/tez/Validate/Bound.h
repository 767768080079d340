//===- Bound.h - How far a kernel may be from the truth ---------*- C++ -*-===//

#ifndef TEZ_VALIDATE_BOUND_H
#define TEZ_VALIDATE_BOUND_H

#include <algorithm>
#include <cmath>

namespace tez {

/// |y - A| <= absolute + relative * |A|, NaN only where A is NaN.
struct Bound {
  double absolute, relative;

  /// Rule 5: the headline on fp32, `own` being torch's own largest error.
  static Bound headline(double own) { return {std::max(1e-5, 4 * own), 1e-5}; }
  /// A kernel run in fp64 differs from the oracle by rounding, and where torch
  /// itself keeps constants in fp32 (hardsigmoid's and celu's gradients: 3e-8).
  static Bound fp64() { return {2e-7, 2e-7}; }
  /// What fp32 rounding may explain where the same trial is right in fp64.
  static Bound rounding() { return {1e-3, 1e-2}; }
  Bound scaled(double factor) const { return {absolute * factor, relative * factor}; }
  /// How far from `expected` a value may be.
  double around(double expected) const { return absolute + relative * std::fabs(expected); }
};

} // namespace tez

#endif // TEZ_VALIDATE_BOUND_H
