//===- PackedWeights.h - Weights of 8-bit operators -------------*- C++ -*-===//

#ifndef TEZ_LIB_TORCH_PACKEDWEIGHTS_H
#define TEZ_LIB_TORCH_PACKEDWEIGHTS_H

#include "tez/Dialect/TorchScript/TorchScript.h"
#include "tez/Weights/WeightStore.h"
#include <ATen/core/ivalue.h>

namespace tez {

/// The object that the operators of `op` take, made of the tensors that it names.
/// A file keeps it as plain tensors; whoever loads it packs for his processor.
/// Throws what torch throws.
c10::IValue packWeight(ts::PackedOp op, const WeightStore &weights);

} // namespace tez

#endif // TEZ_LIB_TORCH_PACKEDWEIGHTS_H
