//===- Moments.h - How large values are before training ---------*- C++ -*-===//
//
// Second moments through the layers in the manner of mean field theory (Poole
// et al., "Exponential expressivity in deep neural networks through transient
// chaos", 2016): inputs are standard normal, weights are what their
// initialiser draws, sums of many terms are normal, different elements are
// independent. Beside the size of a value its `signal` is followed: the part
// of the variance that comes from the input and not from the weights. Averages
// keep the signal, as they do for inputs whose neighbours are alike.
//
// Shapes need not be static: a sum over a dynamic dimension counts as one term.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_ANALYSIS_MOMENTS_H
#define TEZ_ANALYSIS_MOMENTS_H

#include "tez/Dialect/Esper/Esper.h"

namespace tez {

/// Of one element, over weights and inputs. signal <= square.
struct Moments {
  double mean = 0;
  double square = 0; ///< mean of the square
  double signal = 0; ///< variance over the inputs, the weights held fixed

  double variance() const;
  /// Standard deviation of what the input changes.
  double signalSize() const;
};

/// The moments of a kernel's values in training mode. One pass over the ops.
class MomentMap {
public:
  explicit MomentMap(esper::KernelOp kernel);

  Moments of(mlir::Value value) const { return known.lookup(value); }

private:
  llvm::DenseMap<mlir::Value, Moments> known;
};

} // namespace tez

#endif // TEZ_ANALYSIS_MOMENTS_H
