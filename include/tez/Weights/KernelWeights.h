//===- KernelWeights.h - The tensors of one kernel --------------*- C++ -*-===//

#ifndef TEZ_WEIGHTS_KERNELWEIGHTS_H
#define TEZ_WEIGHTS_KERNELWEIGHTS_H

#include "tez/Dialect/Esper/Esper.h"
#include "tez/Weights/WeightStore.h"

namespace tez {

/// The element type of a param or buffer; nullopt for one that no host tensor has.
std::optional<DType> dtypeOf(mlir::Type elementType);

/// Every parameter and buffer filled by its initialiser.
WeightStore initialWeights(esper::KernelOp kernel, uint64_t seed);

/// `given` as the kernel's weights: converted between floating types where
/// they differ. Refused when a tensor is missing, surplus or of another shape;
/// the error names all of them (up to 10 each).
llvm::Expected<WeightStore> weightsFor(esper::KernelOp kernel, const WeightStore &given);

} // namespace tez

#endif // TEZ_WEIGHTS_KERNELWEIGHTS_H
