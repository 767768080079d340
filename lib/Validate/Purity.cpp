//===- Purity.cpp - Aliasing and mutation ---------------------------------===//

#include "Suite.h"
#include "Trial.h"

using namespace mlir;
using namespace tez;

static LogicalResult checkPurityIn(bool training, RunRequest request, KernelUnderTest &file) {
  request.watched = true;
  request.training = training;
  FailureOr<RunResult> found = runAgain(file, *file.loaded, request);
  if (failed(found))
    return failure();
  if (!found->writtenInputs.empty())
    return file.lowered.emitError()
           << "the emitted kernel writes to its input " << found->writtenInputs.front();
  if (!found->shared.empty())
    return file.lowered.emitError() << "of the emitted kernel " << found->shared.front()
                                    << "; a caller's write to the one changes the other";
  return success();
}

/// In both modes: some operators return their input in eval mode only.
LogicalResult tez::checkPurity(KernelUnderTest &file, Verdict &verdict) {
  std::optional<RunRequest> request = firstCall(file, /*gradients=*/false);
  if (!request)
    return success();
  verdict.runs += 2;
  return success(succeeded(checkPurityIn(false, *request, file)) &&
                 succeeded(checkPurityIn(true, *request, file)));
}
