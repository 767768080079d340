//===- Purity.cpp - Aliasing, mutation, modes, repetition -----------------===//

#include "Suite.h"
#include "Trial.h"

using namespace mlir;
using namespace tez;

static FailureOr<RunResult> runOrReport(KernelUnderTest &file, LoadedKernel &kernel,
                                        const RunRequest &request) {
  llvm::Expected<RunResult> result = kernel.run(request);
  if (result)
    return std::move(*result);
  return file.lowered.emitError() << "the emitted kernel does not run again: "
                                  << llvm::toString(result.takeError());
}

//===----------------------------------------------------------------------===//
// Aliasing and mutation
//===----------------------------------------------------------------------===//

static LogicalResult checkPurityIn(bool training, RunRequest request, KernelUnderTest &file) {
  request.watched = true;
  request.training = training;
  FailureOr<RunResult> found = runOrReport(file, *file.loaded, request);
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

//===----------------------------------------------------------------------===//
// Train and eval
//===----------------------------------------------------------------------===//

static LogicalResult differ(KernelUnderTest &file, const RunResult &a, const RunResult &b,
                            const llvm::Twine &where) {
  std::string different = firstDifference(a, b);
  if (different.empty())
    return success();
  return file.lowered.emitError() << where << ": " << different << " is not the same";
}

/// eval() writes no buffer, and train() in between leaves nothing behind; an inference
/// kernel has no modes.
LogicalResult tez::checkModes(KernelUnderTest &file, Verdict &verdict) {
  std::optional<RunRequest> request = firstCall(file, /*gradients=*/false);
  if (!request)
    return success();
  RunRequest eval = *request, train = *request;
  eval.training = false;
  train.training = true;
  FailureOr<RunResult> first = runOrReport(file, *file.loaded, eval);
  FailureOr<RunResult> between = runOrReport(file, *file.loaded, train);
  FailureOr<RunResult> second = runOrReport(file, *file.loaded, eval);
  verdict.runs += 3;
  if (failed(first) || failed(between) || failed(second))
    return failure();
  RunResult before, after;
  before.buffers = file.loaded->buffers();
  after.buffers = first->buffers;
  if (failed(differ(file, before, after, "the emitted kernel changes buffers in eval mode")) ||
      failed(differ(file, *first, *second, "train() and eval() leave a trace in the kernel")))
    return failure();
  if (file.lowered.getTrainable())
    return success();
  return differ(file, *first, *between, "a kernel for inference has another training mode");
}

//===----------------------------------------------------------------------===//
// Repetition
//===----------------------------------------------------------------------===//

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
  FailureOr<RunResult> first = runOrReport(file, *file.loaded, *request);
  FailureOr<RunResult> second = runOrReport(file, *file.loaded, other);
  verdict.runs += 2;
  if (failed(first) || failed(second) || firstDifference(*first, *second).empty())
    return success(succeeded(first) && succeeded(second));
  FailureOr<RunResult> own = runOrReport(file, *plain->loaded, *request);
  FailureOr<RunResult> ownOther = runOrReport(file, *plain->loaded, other);
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
  FailureOr<RunResult> first = runOrReport(file, *file.loaded, *request);
  auto anew = file.loaded->deepCopy();
  if (!anew)
    return file.lowered.emitError() << llvm::toString(anew.takeError());
  for (LoadedKernel *kernel : {file.loaded.get(), file.loaded.get(), anew->get()}) {
    FailureOr<RunResult> again = runOrReport(file, *kernel, *request);
    ++verdict.runs;
    if (failed(first) || failed(again) ||
        failed(differ(file, *first, *again, "the emitted kernel is not deterministic")))
      return failure();
  }
  return checkSeeds(file, verdict);
}

//===----------------------------------------------------------------------===//
// Wrong calls
//===----------------------------------------------------------------------===//

namespace {
/// A way to spoil one input of a call.
struct Misuse {
  StringRef name;
  HostTensor (*spoil)(const HostTensor &input);
  bool ofRank = false;
};
} // namespace

static HostTensor ones(const HostTensor &like, const std::vector<int64_t> &shape) {
  HostTensor zeros(like.dtype(), shape);
  return HostTensor::fromDoubles(like.dtype(), shape,
                                 std::vector<double>(size_t(zeros.numElements()), 1.0));
}

static HostTensor addDimension(const HostTensor &tensor) {
  std::vector<int64_t> shape = tensor.shape();
  shape.insert(shape.begin(), 2);
  return ones(tensor, shape);
}

static HostTensor dropDimension(const HostTensor &tensor) {
  std::vector<int64_t> shape = tensor.shape();
  if (!shape.empty())
    shape.erase(shape.begin());
  return ones(tensor, shape);
}

static HostTensor widenLast(const HostTensor &tensor) {
  std::vector<int64_t> shape = tensor.shape();
  if (!shape.empty())
    shape.back() += 1;
  return ones(tensor, shape);
}

static HostTensor makeDouble(const HostTensor &tensor) {
  return HostTensor::fromDoubles(DType::f64, tensor.shape(), tensor.toDoubles());
}

static HostTensor makeIntegers(const HostTensor &tensor) {
  return HostTensor::fromDoubles(DType::i64, tensor.shape(), tensor.toDoubles());
}

static constexpr Misuse misuses[] = {
    {"one dimension more", addDimension, true},
    {"one dimension less", dropDimension, true},
    {"a wider last dimension", widenLast},
    {"fp64 values", makeDouble},
    {"integers", makeIntegers},
};

/// Is there a guard for the rank of this input: the blueprint's layers mind it, where torch's
/// operators might not. All else that refuses an input may be what passes left out.
static bool mindsRank(KernelUnderTest &plain, size_t input) {
  bool found = false;
  plain.lowered.walk([&](ts::RequireRankOp guard) {
    auto argument = dyn_cast<BlockArgument>(guard.getInput());
    found |= argument && argument.getArgNumber() == input;
  });
  return found;
}

namespace {
/// A wrong call, and whether the kernel has to refuse it as torch's operators do.
struct WrongCall {
  std::string name;
  RunRequest request;
  bool mindful;
};
} // namespace

static std::vector<WrongCall> planWrongCalls(KernelUnderTest &plain, const RunRequest &right) {
  std::vector<WrongCall> calls;
  for (size_t i = 0; i < right.inputs.size(); ++i) {
    if (!right.inputs[i])
      continue;
    for (const Misuse &misuse : misuses) {
      bool mindful = misuse.ofRank && mindsRank(plain, i);
      calls.push_back({(misuse.name + " of input " + llvm::Twine(i)).str(), right, mindful});
      calls.back().request.inputs[i] = misuse.spoil(*right.inputs[i]);
    }
  }
  calls.push_back({"inputs on another device", right, true});
  calls.back().request.onMeta = true;
  calls.push_back({"a call without its last input", right, true});
  calls.back().request.inputs.pop_back();
  return calls;
}

/// torch 2.15 reads beyond its weights when an lstm with projections gets an input of
/// another width; that is not the kernel's fault.
static bool crashesTorch(KernelUnderTest &plain) {
  return plain.lowered
      .walk([](ts::CallOp call) {
        return call.getCallee() == "aten::lstm" ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

static LogicalResult tryWrongCall(KernelUnderTest &file, KernelUnderTest &plain,
                                  const WrongCall &call) {
  llvm::Expected<RunResult> found = file.loaded->run(call.request);
  if (!found)
    return llvm::consumeError(found.takeError()), success();
  if (!call.mindful)
    return success();
  llvm::Expected<RunResult> own = plain.loaded->run(call.request);
  if (own)
    return success();
  llvm::consumeError(own.takeError());
  return file.lowered.emitError() << "the emitted kernel takes " << call.name
                                  << ", which torch's operators refuse";
}

/// Wrong calls end in an error or an answer, and the kernel stands them: a right call
/// afterwards gives the same bits. What would be another network is refused.
LogicalResult tez::checkRefusals(KernelUnderTest &file, Verdict &verdict) {
  std::optional<RunRequest> request = firstCall(file, /*gradients=*/false);
  KernelUnderTest *plain = plainFile(file);
  if (!request || !plain || request->inputs.empty())
    return success();
  if (crashesTorch(*plain)) {
    verdict.notes.push_back("not asked: torch's lstm with projections crashes on wrong inputs");
    return success();
  }
  FailureOr<RunResult> before = runOrReport(file, *file.loaded, *request);
  if (failed(before))
    return failure();
  for (const WrongCall &call : planWrongCalls(*plain, *request)) {
    ++verdict.runs;
    if (failed(tryWrongCall(file, *plain, call)))
      return failure();
  }
  FailureOr<RunResult> after = runOrReport(file, *file.loaded, *request);
  return failed(after) ? failure()
                       : differ(file, *before, *after, "the emitted kernel after wrong calls");
}
