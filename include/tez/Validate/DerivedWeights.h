//===- DerivedWeights.h - Values for what passes computed -------*- C++ -*-===//

#ifndef TEZ_VALIDATE_DERIVEDWEIGHTS_H
#define TEZ_VALIDATE_DERIVEDWEIGHTS_H

#include "tez/Dialect/TorchScript/TorchScript.h"
#include "tez/Weights/WeightStore.h"

namespace tez {

/// Adds to `weights` the buffers that esper-freeze-state made for the ts.module
/// `lowered` (tez/Transforms/DerivedState.h): evaluated in fp64 and rounded once
/// to the buffer's type, or kept in f64 where `exact`. Nothing to do where the
/// kernel has none. Failure after an error at the op that cannot be evaluated.
mlir::LogicalResult addDerivedWeights(ts::ModuleOp lowered, WeightStore &weights,
                                      bool exact = false);

/// Does `lowered` have such buffers.
bool hasDerivedWeights(ts::ModuleOp lowered);

/// Gives those buffers of `copy`, a clone of `lowered`, the type f64.
void makeDerivedExact(ts::ModuleOp lowered, ts::ModuleOp copy);

} // namespace tez

#endif // TEZ_VALIDATE_DERIVEDWEIGHTS_H
