//===- Determinism.cpp - Repetition, bit for bit --------------------------===//

#include "Suite.h"
#include "Trial.h"

using namespace mlir;
using namespace tez;

/// In eval mode nothing is drawn, whatever the generator's state, but where the blueprint
/// draws.
static LogicalResult checkSeeds(KernelUnderTest &file, Verdict &verdict) {
  std::optional<RunRequest> request = firstCall(file, /*gradients=*/false);
  KernelUnderTest *plain = plainFile(file);
  if (!request || !plain)
    return success();
  request->training = false;
  RunRequest other = *request;
  other.seed += 1;
  FailureOr<RunResult> first = runAgain(file, *file.loaded, *request);
  FailureOr<RunResult> second = runAgain(file, *file.loaded, other);
  verdict.runs += 2;
  if (failed(first) || failed(second) || firstDifference(*first, *second).empty())
    return success(succeeded(first) && succeeded(second));
  FailureOr<RunResult> own = runAgain(file, *plain->loaded, *request);
  FailureOr<RunResult> ownOther = runAgain(file, *plain->loaded, other);
  if (failed(own) || failed(ownOther) || !firstDifference(*own, *ownOther).empty())
    return success();
  return file.lowered.emitError()
         << "the emitted kernel draws random numbers in eval mode, the reference does not";
}

/// Bit for bit, forward and backward, and also in a copy of the kernel.
LogicalResult tez::checkDeterminism(KernelUnderTest &file, Verdict &verdict) {
  std::optional<RunRequest> request = firstCall(file, file.lowered.getTrainable());
  if (!request)
    return success();
  FailureOr<RunResult> first = runAgain(file, *file.loaded, *request);
  auto anew = file.loaded->deepCopy();
  if (!anew)
    return file.lowered.emitError() << llvm::toString(anew.takeError());
  for (LoadedKernel *kernel : {file.loaded.get(), anew->get()}) {
    FailureOr<RunResult> again = runAgain(file, *kernel, *request);
    ++verdict.runs;
    if (failed(first) || failed(again) ||
        failed(requireSame(file, *first, *again, "the emitted kernel is not deterministic")))
      return failure();
  }
  return checkSeeds(file, verdict);
}
