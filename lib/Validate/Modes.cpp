//===- Modes.cpp - Train and eval -----------------------------------------===//

#include "Suite.h"
#include "Trial.h"

using namespace mlir;
using namespace tez;

/// eval() writes no buffer, and train() in between leaves nothing behind; an inference
/// kernel has no modes.
LogicalResult tez::checkModes(KernelUnderTest &file, Verdict &verdict) {
  std::optional<RunRequest> request = firstCall(file, /*gradients=*/false);
  if (!request)
    return success();
  RunRequest eval = *request, train = *request;
  eval.training = false;
  train.training = true;
  FailureOr<RunResult> first = runAgain(file, *file.loaded, eval);
  FailureOr<RunResult> between = runAgain(file, *file.loaded, train);
  FailureOr<RunResult> second = runAgain(file, *file.loaded, eval);
  verdict.runs += 3;
  if (failed(first) || failed(between) || failed(second))
    return failure();
  RunResult before, after;
  before.buffers = file.loaded->buffers();
  after.buffers = first->buffers;
  if (failed(requireSame(file, before, after, "the emitted kernel changes buffers in eval mode")) ||
      failed(requireSame(file, *first, *second, "train() and eval() leave a trace in the kernel")))
    return failure();
  if (file.lowered.getTrainable())
    return success();
  return requireSame(file, *first, *between, "a kernel for inference has another training mode");
}
