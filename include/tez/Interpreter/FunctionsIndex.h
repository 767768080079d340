//===- FunctionsIndex.h - Rearranging by index tables -----------*- C++ -*-===//

#ifndef TEZ_INTERPRETER_FUNCTIONSINDEX_H
#define TEZ_INTERPRETER_FUNCTIONSINDEX_H

#include "tez/Interpreter/Tape.h"

namespace tez::interp {

/// Element i of the result is element `index[i]` of `x` in row-major order, or
/// `fill` where the index is negative. The gradient adds up over repetitions.
Variable gather(const Variable &x, const Shape &shape, std::vector<int64_t> index, double fill = 0);

/// The same dimension by dimension: `tables[d]` lists the indices of dimension d.
Variable gatherSeparable(const Variable &x, const std::vector<std::vector<int64_t>> &tables,
                         double fill = 0);

enum class PadMode { Constant, Reflect, Replicate, Circular };

/// `pads` in torch's order: low and high end of the last dimension, then of the
/// one before. Negative pads crop. `value` is for Constant.
Variable pad(const Variable &x, const std::vector<int64_t> &pads, PadMode mode = PadMode::Constant,
             double value = 0);

/// Rows of `table` [V, D] at `indices`, which must lie in [0, V). The row
/// `paddingIndex` gets no gradient (negative: there is none); with `byFrequency`
/// that of a row is divided by how often it was looked up.
Variable embedding(const Variable &table, const Tensor &indices, int64_t paddingIndex = -1,
                   bool byFrequency = false);

/// [..., C r^2, H, W] to [..., C, H r, W r] and back.
Variable pixelShuffle(const Variable &x, int64_t factor);
Variable pixelUnshuffle(const Variable &x, int64_t factor);
/// Transposes the channels (dimension 1) seen as [groups, C / groups].
Variable channelShuffle(const Variable &x, int64_t groups);

} // namespace tez::interp

#endif // TEZ_INTERPRETER_FUNCTIONSINDEX_H
