//===- Modes.cpp - Train and eval -----------------------------------------===//

#include "Suite.h"
#include "Trial.h"
#include "tez/Dialect/Esper/Esper.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace tez;

/// Buffers that the blueprint computes anew in either mode, as a counter of all calls: norms
/// and counters of training keep theirs in eval().
static llvm::StringSet<> writtenInBothModes(KernelUnderTest &file) {
  llvm::StringSet<> names;
  for (esper::KernelOp kernel : file.oracle->getOps<esper::KernelOp>()) {
    esper::ReturnOp end = kernel.getReturn();
    for (auto [name, value] : llvm::zip(end.getUpdateNames(), end.getUpdates()))
      if (!isa_and_present<esper::BatchNormOp, esper::InstanceNormOp, esper::IncrementOp,
                           esper::BufferOp>(value.getDefiningOp()))
        names.insert(cast<StringAttr>(name).getValue());
  }
  return names;
}

/// eval() writes no other buffer, and train() in between leaves nothing behind; an inference
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
  llvm::StringSet<> written = writtenInBothModes(file);
  for (RunResult *result : {&before, &after})
    llvm::erase_if(result->buffers,
                   [&](const auto &buffer) { return written.contains(buffer.first); });
  if (failed(requireSame(file, before, after, "the emitted kernel changes buffers in eval mode")) ||
      failed(requireSame(file, *first, *second, "train() and eval() leave a trace in the kernel")))
    return failure();
  if (file.lowered.getTrainable())
    return success();
  return requireSame(file, *first, *between, "a kernel for inference has another training mode");
}
