//===- Compare.h - How far apart two tensors may be -------------*- C++ -*-===//

#ifndef TEZ_LIB_VALIDATE_COMPARE_H
#define TEZ_LIB_VALIDATE_COMPARE_H

#include "tez/Interpreter/Tensor.h"
#include "tez/Support/HostTensor.h"

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
};

struct Comparison {
  double error = 0; ///< largest |y - A|
  double ratio = 0; ///< largest |y - A| / bound; infinite for a wrong NaN or shape
  size_t index = 0; ///< of the largest ratio
  double found = 0, expected = 0;
  bool sameShape = true;

  bool passed() const { return ratio <= 1; }
  void merge(const Comparison &other);
  /// "element 5 is 0.25, expected 0.5 (bound ...)", or what the shapes are.
  std::string text() const;
};

/// `value` as a tensor of `dtype` can hold it: what fp32 has no number for is
/// infinite.
double representable(double value, DType dtype);

/// `allowance`, of the same shape if given, is added to the bound of each element.
Comparison compare(const HostTensor &found, const interp::Tensor &expected, Bound bound,
                   const interp::Tensor *allowance = nullptr);

} // namespace tez

#endif // TEZ_LIB_VALIDATE_COMPARE_H
