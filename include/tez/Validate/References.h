//===- References.h - Calls whose results are known -------------*- C++ -*-===//

#ifndef TEZ_VALIDATE_REFERENCES_H
#define TEZ_VALIDATE_REFERENCES_H

#include "tez/Dialect/Esper/Esper.h"
#include "tez/Validate/Bound.h"
#include "tez/Weights/WeightStore.h"
#include <vector>

namespace tez {

/// A call of a kernel in evaluation mode, optional inputs left out, for runtimes
/// that are judged by other programs.
struct ReferenceCall {
  std::vector<HostTensor> inputs;  ///< in the kernel's order
  std::vector<HostTensor> outputs; ///< in f64: what the interpreter says
  std::vector<Bound> bounds;       ///< one for each output
};

/// Two calls, of batch 2 and 3 and of other sizes where the kernel takes any; one where
/// it has many parameters. `kernel` is not changed. No torch is needed: the error of
/// torch in the headline bound (rule 5) is estimated by perturbed runs of the interpreter.
/// Failure after an error at the kernel, or at the op that cannot be evaluated (as those
/// that draw at random).
mlir::FailureOr<std::vector<ReferenceCall>>
referenceCalls(esper::KernelOp kernel, const WeightStore &weights, uint64_t seed);

} // namespace tez

#endif // TEZ_VALIDATE_REFERENCES_H
