//===- FunctionsResample.h - Interpolation ----------------------*- C++ -*-===//

#ifndef TEZ_INTERPRETER_FUNCTIONSRESAMPLE_H
#define TEZ_INTERPRETER_FUNCTIONSRESAMPLE_H

#include "tez/Interpreter/Tape.h"

namespace tez::interp {

enum class ResampleMode { Nearest, NearestExact, Linear, Cubic };

struct ResampleOptions {
  ResampleMode mode = ResampleMode::Nearest;
  bool alignCorners = false; ///< Linear and Cubic
  /// Torch's scale_factor per resampled dimension, where it was given and not
  /// recomputed; empty: the ratio of the sizes decides.
  std::vector<double> scales;
};

/// Resamples the last outputSize.size() dimensions (linear, bilinear and
/// trilinear are one mode). Source sizes are not zero.
Variable resample(const Variable &x, const std::vector<int64_t> &outputSize,
                  const ResampleOptions &options = {});

} // namespace tez::interp

#endif // TEZ_INTERPRETER_FUNCTIONSRESAMPLE_H
