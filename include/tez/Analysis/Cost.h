//===- Cost.h - What one evaluation of a kernel costs -----------*- C++ -*-===//
//
// Counted on shapes that are known to the last dimension. Sums saturate at the
// largest int64 instead of wrapping. FLOPs are those of one forward
// evaluation, as the ops state them (CostOpInterface); a composite that states
// none costs what its primitives cost.
//
// Activation memory: tensors the caller passes are counted from the first op
// to the last, results until the end; views (reshape, transpose, slice ...)
// share the storage of their operand. In training every tensor is kept for the
// backward pass, so the peak is the sum of all; gradients are not in it.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_ANALYSIS_COST_H
#define TEZ_ANALYSIS_COST_H

#include "tez/Analysis/Shapes.h"

namespace tez {

/// One op of the kernel as it was written; what its expansion needs is in it.
struct OpCost {
  std::string op;          ///< "linear"
  std::string field;       ///< the blueprint's field, else file:line
  mlir::Location location; ///< of the op
  InputShapes outputs;     ///< shapes of its results
  int64_t parameters = 0;  ///< elements of the parameters it is the first to use
  int64_t parameterBytes = 0;
  double flops = 0;
  int64_t activationBytes = 0; ///< storage it makes, internals included
};

struct KernelCost {
  /// The shapes counted; nullopt when none was found. Then everything that
  /// depends on shapes is zero and `ops` is empty.
  std::optional<InputShapes> inputs;
  std::vector<OpCost> ops; ///< in program order
  double flops = 0;
  int64_t parameters = 0, parameterBytes = 0;
  int64_t buffers = 0, bufferBytes = 0;
  int64_t inputBytes = 0;
  int64_t inferencePeak = 0; ///< bytes alive at once when nothing is kept
  int64_t trainingPeak = 0;  ///< bytes alive when the backward pass begins
  bool trains = true;        ///< false for a kernel specialised for inference

  int64_t stateBytes() const;
  /// The peak that the kernel will have in its use.
  int64_t activationBytes() const { return trains ? trainingPeak : inferencePeak; }
};

/// Counts at the shapes that the blueprint declared (the argument attribute
/// `esper.declared_shape`, -1 being the batch), else at the smallest that the
/// kernel admits; `batch` fills dynamic first dimensions. Linear in the number
/// of ops. Safe to call on different kernels of one
/// context at a time.
KernelCost analyzeCost(esper::KernelOp kernel, int64_t batch = 1);

/// "architecture.config.hidden_sizes[1]", "net.mlir:12", or "-".
std::string placeName(mlir::Location location);

} // namespace tez

#endif // TEZ_ANALYSIS_COST_H
