//===- RandomSource.h - Where random ops get their numbers ------*- C++ -*-===//

#ifndef TEZ_SUPPORT_RANDOMSOURCE_H
#define TEZ_SUPPORT_RANDOMSOURCE_H

#include "tez/Support/HostTensor.h"

namespace tez {

/// What one random operation draws.
struct RandomRequest {
  enum Kind {
    Dropout,             ///< multiplier of each element: 0 or 1/(1-p)
    FeatureDropout,      ///< the same, one draw per (sample, channel); shape is the input's
    AlphaDropout,        ///< keep mask of each element: 0 or 1
    FeatureAlphaDropout, ///< keep mask, one draw per (sample, channel)
    Normal,              ///< standard normal values
    Slopes               ///< a number from p to q where `where` is not 0, else 1, without a draw
  };
  Kind kind;
  std::vector<int64_t> shape;
  double p = 0;
  /// The dimensions, slowest in memory first, of the tensor that is filled, in
  /// which torch need not go row by row; empty: row-major.
  std::vector<int64_t> order = {};
  double q = 0;                    ///< of Slopes
  std::vector<uint8_t> where = {}; ///< of Slopes: row-major
};

/// Draws in program order. The interpreter asks one of these, so that
/// validation can replay the numbers that the kernel drew from torch's
/// generator. The result has the shape asked for, fp64.
class RandomSource {
public:
  virtual ~RandomSource() = default;
  virtual HostTensor draw(const RandomRequest &request) = 0;
};

} // namespace tez

#endif // TEZ_SUPPORT_RANDOMSOURCE_H
