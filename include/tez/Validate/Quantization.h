//===- Quantization.h - Which layers bear 8 bits ----------------*- C++ -*-===//

#ifndef TEZ_VALIDATE_QUANTIZATION_H
#define TEZ_VALIDATE_QUANTIZATION_H

#include "mlir/IR/BuiltinOps.h"
#include "tez/Weights/WeightStore.h"
#include <string>
#include <vector>

namespace tez {

/// One input of one call, and what to call it in errors.
struct Sample {
  std::string name;
  HostTensor tensor;
};

struct QuantizationOptions {
  /// In order of the kernel's inputs, one call after the other. Empty: no ranges
  /// are measured, and the error is judged on random inputs, N(0, 1).
  std::vector<Sample> samples;
  double maxDrop = 0.05; ///< largest rms(error) / rms(result) of an output
  uint64_t seed = 0;
};

struct QuantizationPlan {
  /// Layers by their place in the blueprint, and the drop of the result.
  std::vector<std::string> quantized, keptInFloat;
  double drop = 0;
};

/// Decides for the only kernel of `module`, which every pass but those of precision
/// has been run on, what esper-quantize-weights may do, and leaves it at the ops
/// (tez/Transforms/Quantization.h). Ranges and errors are those of the fp64
/// interpreter with `weights`. While the drop is above the limit, the layer that
/// costs most by itself is put back to fp32. Failure after an error at the kernel,
/// such as a sample that does not fit.
mlir::FailureOr<QuantizationPlan> planQuantization(mlir::ModuleOp module,
                                                   const WeightStore &weights,
                                                   const QuantizationOptions &options);

} // namespace tez

#endif // TEZ_VALIDATE_QUANTIZATION_H
