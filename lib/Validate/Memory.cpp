//===- Memory.cpp - What the emitted file does to memory ------------------===//

#include "Suite.h"
#include "Trial.h"
#include "tez/Analysis/Cost.h"

using namespace mlir;
using namespace tez;

/// Calls to warm up (timeCalls makes some more of its own), and calls that must leave nothing
/// behind. A backward pass takes most of a call's time, so some calls stand for each with one.
static constexpr unsigned warmUp = 2, watchedCalls = 12, forwardOnly = 2;
/// A kernel may take this many times the memory of torch's operators one by one, and
/// this much besides (workspaces of a library); of its plan without a note.
static constexpr double mostOfPlain = 2, mostOfPlan = 2;
static constexpr int64_t mostBesides = int64_t(1) << 20;

/// A call of a host, without the copies of state that run() makes and drops.
static LogicalResult callOnce(KernelUnderTest &file, LoadedKernel &kernel,
                              const RunRequest &request) {
  llvm::Expected<double> called = kernel.timeCalls(request, 1);
  if (called)
    return success();
  return file.lowered.emitError() << "the emitted kernel does not run again: "
                                  << llvm::toString(called.takeError());
}

static std::unique_ptr<LoadedKernel> copyOf(KernelUnderTest &file, LoadedKernel &kernel) {
  auto copy = kernel.deepCopy();
  if (copy)
    return std::move(*copy);
  file.lowered.emitError() << llvm::toString(copy.takeError());
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Leaks
//===----------------------------------------------------------------------===//

/// The calls, then forwardOnly times the same without their backward passes.
static std::vector<RunRequest> cycleOf(ArrayRef<RunRequest> calls) {
  std::vector<RunRequest> cycle(calls);
  for (unsigned again = 0; again < forwardOnly; ++again)
    for (const RunRequest &call : calls)
      cycle.emplace_back(call).outputGradients.clear();
  return cycle;
}

/// Bytes that are live after the same calls must be the same bytes.
static LogicalResult checkSlope(KernelUnderTest &file, LoadedKernel &kernel,
                                ArrayRef<RunRequest> calls, Verdict &verdict) {
  std::vector<RunRequest> cycle = cycleOf(calls);
  auto watch = file.runtime->watchMemory(std::nullopt);
  int64_t before = 0;
  for (unsigned i = 0; i < warmUp + watchedCalls; ++i) {
    if (i == warmUp)
      before = watch->live();
    if (failed(callOnce(file, kernel, cycle[i % cycle.size()])))
      return failure();
  }
  verdict.runs += warmUp + watchedCalls;
  int64_t left = watch->live() - before;
  verdict.figures.emplace_back("bytes left a call", double(left) / watchedCalls);
  if (left < watchedCalls) // less than a byte a call is no leak
    return success();
  return file.lowered.emitError() << "the emitted kernel keeps memory: after " << watchedCalls
                                  << " calls " << left << " bytes more are live";
}

//===----------------------------------------------------------------------===//
// Peak
//===----------------------------------------------------------------------===//

static std::optional<int64_t> peakOf(KernelUnderTest &file, LoadedKernel &kernel,
                                     const RunRequest &request) {
  auto watch = file.runtime->watchMemory(std::nullopt);
  if (failed(callOnce(file, kernel, request)))
    return std::nullopt;
  return watch->peak();
}

static std::optional<int64_t> peakOfPlain(KernelUnderTest &file, const RunRequest &request) {
  KernelUnderTest *plain = plainFile(file);
  if (!plain || isPlainFile(file))
    return std::nullopt;
  std::unique_ptr<LoadedKernel> copy = copyOf(file, *plain->loaded);
  return copy ? peakOf(file, *copy, request) : std::nullopt;
}

static int64_t batchOf(const RunRequest &request) {
  for (const std::optional<HostTensor> &input : request.inputs)
    if (input && !input->shape().empty())
      return input->shape().front();
  return 1;
}

/// At the declared shapes, for as many samples as the call has. Torch's operators may need what
/// no plan of ours has, so more than planned is no fault of the kernel; whoever hosts it has to
/// know.
static void recordPlan(KernelUnderTest &file, const RunRequest &request, int64_t peak,
                       Verdict &verdict) {
  KernelCost cost = analyzeCost(file.reference(), batchOf(request));
  int64_t planned = cost.activationBytes();
  if (cost.trains) // gradients of what is kept, and of parameters
    planned += cost.trainingPeak + cost.parameterBytes;
  verdict.figures.emplace_back("peak bytes", double(peak));
  verdict.figures.emplace_back("planned bytes", double(planned));
  if (double(peak) > mostOfPlan * double(planned) + mostBesides)
    verdict.notes.push_back("needs " + std::to_string(peak) + " bytes at once, of which " +
                            std::to_string(planned) + " were planned");
}

static LogicalResult checkPeak(KernelUnderTest &file, LoadedKernel &kernel,
                               const RunRequest &request, Verdict &verdict) {
  std::optional<int64_t> own = peakOf(file, kernel, request);
  if (!own)
    return failure();
  recordPlan(file, request, *own, verdict);
  std::optional<int64_t> theirs = peakOfPlain(file, request);
  verdict.runs += 2;
  if (!theirs)
    return success();
  verdict.figures.emplace_back("peak bytes of torch's operators", double(*theirs));
  if (double(*own) <= mostOfPlain * double(*theirs) + mostBesides)
    return success();
  return file.lowered.emitError() << "the emitted kernel needs " << *own
                                  << " bytes at once, torch's operators one by one " << *theirs;
}

//===----------------------------------------------------------------------===//
// Uninitialised memory
//===----------------------------------------------------------------------===//

static llvm::Expected<RunResult> runFilled(KernelUnderTest &file, const RunRequest &request,
                                           uint8_t fill) {
  auto watch = file.runtime->watchMemory(fill);
  return file.loaded->run(request);
}

/// Fresh memory full of NaNs, then full of zeros: nobody may have read it.
static LogicalResult checkFresh(KernelUnderTest &file, const RunRequest &request,
                                Verdict &verdict) {
  llvm::Expected<RunResult> nans = runFilled(file, request, 0xFF);
  llvm::Expected<RunResult> zeros = runFilled(file, request, 0x00);
  verdict.runs += 2;
  if (!nans || !zeros)
    return llvm::consumeError(nans.takeError()), llvm::consumeError(zeros.takeError()),
           file.lowered.emitError() << "the emitted kernel does not run with filled memory";
  std::string different = firstDifference(*nans, *zeros);
  if (different.empty())
    return success();
  return file.lowered.emitError() << "the emitted kernel reads memory that nobody wrote: "
                                  << different << " depends on what is there";
}

LogicalResult tez::checkMemory(KernelUnderTest &file, Verdict &verdict) {
  // Two shapes, in the kernel's mode of use.
  std::vector<RunRequest> calls = plannedCalls(file, file.lowered.getTrainable(), 2);
  if (calls.empty())
    return success();
  std::unique_ptr<LoadedKernel> copy = copyOf(file, *file.loaded); // calls move its buffers on
  if (!copy || failed(checkSlope(file, *copy, calls, verdict)) ||
      failed(checkFresh(file, calls.front(), verdict)))
    return failure();
  return checkPeak(file, *copy, calls.front(), verdict);
}
