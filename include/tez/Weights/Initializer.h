//===- Initializer.h - Default initialisation of parameters -----*- C++ -*-===//

#ifndef TEZ_WEIGHTS_INITIALIZER_H
#define TEZ_WEIGHTS_INITIALIZER_H

#include "tez/Support/HostTensor.h"
#include "llvm/ADT/StringRef.h"

namespace tez {

/// The distribution or the elements a parameter starts from: esper's InitKind.
struct InitSpec {
  enum Kind { Constant, Uniform, Normal, Range, Lower };
  Kind kind = Constant;
  double a = 0;         ///< constant value | lower bound | mean | first | up to the diagonal
  double b = 0;         ///< unused | upper bound (exclusive) | standard deviation | step | above it
  int64_t zeroRow = -1; ///< row set to zero afterwards (padding_idx), -1: none
};

/// Fills a new tensor. The numbers depend on (seed, name, element index) only:
/// a counter-based generator (Philox 4x32-10, Salmon et al., SC 2011) keyed by
/// seed and a hash of the name, so neither order nor threads matter.
HostTensor initialize(const InitSpec &spec, DType dtype, std::vector<int64_t> shape, uint64_t seed,
                      llvm::StringRef name);

} // namespace tez

#endif // TEZ_WEIGHTS_INITIALIZER_H
