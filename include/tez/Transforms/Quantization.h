//===- Quantization.h - What a plan tells esper-quantize-weights *- C++ -*-===//
//
// The pass sees no weight and no sample. Who has them measures ranges and errors
// and leaves attributes at the ops: esper.input_range and esper.output_range
// (least, greatest), esper.keep_float.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_TRANSFORMS_QUANTIZATION_H
#define TEZ_TRANSFORMS_QUANTIZATION_H

#include "tez/Dialect/Esper/Esper.h"

namespace tez {

/// The smallest weight of a linear that gains from 8 bits; an eighth for that of a
/// convolution (docs/measured/int8_linear.csv, int8_convolution.csv).
constexpr int64_t kLeastQuantized = int64_t(1) << 14;

/// Is `op` a linear or a convolution of images with a constant fp32 weight of at
/// least so many elements (a convolution: an eighth).
bool canQuantize(mlir::Operation *op, int64_t leastElements = kLeastQuantized);

/// The relu that alone reads the result of `op` and goes with it; or null.
esper::ActivationOp fusedRelu(mlir::Operation *op);

/// Has the range a grid that torch's operators bear: none finer than 6.1e-5, the
/// least that it makes itself, and none whose numbers mean nothing in fp32.
bool isUsableRange(std::pair<double, double> range);

/// The ranges that were seen at a candidate; `output` behind its relu.
void setRanges(mlir::Operation *op, std::pair<double, double> input,
               std::pair<double, double> output);

/// Leaves `op` in fp32.
void keepFloat(mlir::Operation *op);

} // namespace tez

#endif // TEZ_TRANSFORMS_QUANTIZATION_H
