//===- Determinism.cpp - Repetition, bit for bit --------------------------===//

#include "Suite.h"
#include "Trial.h"

using namespace mlir;
using namespace tez;

/// In eval mode nothing is drawn, whatever the generator's state, but where the blueprint
/// draws. The first trial is in fp64, where it can be (fewer bits are no kernel in fp64), and has
/// gradients: what is drawn times a result of 0 is in them alone, and a sum in fp32 may lose it.
static LogicalResult checkSeeds(KernelUnderTest &file, Verdict &verdict) {
  bool gradients = file.lowered.getTrainable();
  std::vector<Trial> trials = planTrials(file, gradients);
  auto trial = llvm::find_if(trials, [&](Trial &one) { return !one.inDouble || !file.model; });
  KernelUnderTest *plain = plainFile(file);
  if (trial == trials.end() || !plain)
    return success();
  std::unique_ptr<interp::Evaluation> oracle = gradients ? runOracle(file, *trial) : nullptr;
  RunRequest request = makeRequest(file, *trial, oracle.get());
  request.training = false;
  RunRequest other = request;
  other.seed += 1;
  LoadedKernel &kernel = *file.kernel(request.inDouble);
  LoadedKernel &reference = *plain->kernel(request.inDouble);
  FailureOr<RunResult> first = runAgain(file, kernel, request);
  FailureOr<RunResult> second = runAgain(file, kernel, other);
  verdict.runs += 2;
  if (failed(first) || failed(second) || firstDifference(*first, *second).empty())
    return success(succeeded(first) && succeeded(second));
  FailureOr<RunResult> own = runAgain(file, reference, request);
  FailureOr<RunResult> ownOther = runAgain(file, reference, other);
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
