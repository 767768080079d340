//===- Compare.h - How far apart two tensors may be -------------*- C++ -*-===//

#ifndef TEZ_LIB_VALIDATE_COMPARE_H
#define TEZ_LIB_VALIDATE_COMPARE_H

#include "tez/Interpreter/Tensor.h"
#include "tez/Support/HostTensor.h"
#include "tez/Validate/Bound.h"
#include <span>

namespace tez {

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

/// The largest of those that `dtype` has a finite number for; 0: there are none.
double largestOf(std::span<const double> values, DType dtype = DType::f64);

/// `allowance`, of the same shape if given, is added to the bound of each element.
Comparison compare(const HostTensor &found, const interp::Tensor &expected, Bound bound,
                   const interp::Tensor *allowance = nullptr);

} // namespace tez

#endif // TEZ_LIB_VALIDATE_COMPARE_H
