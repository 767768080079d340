//===- Purity.cpp - Aliasing, mutation, modes, repetition -----------------===//

#include "Suite.h"
#include "Trial.h"

using namespace mlir;
using namespace tez;

/// The smallest call of the kernel in this mode; nullopt when there is none.
static std::optional<RunRequest> planCall(KernelUnderTest &file, bool gradients) {
  for (const Trial &trial : planTrials(file, gradients))
    if (!trial.inDouble) {
      std::unique_ptr<interp::Evaluation> oracle = gradients ? runOracle(file, trial) : nullptr;
      return makeRequest(file, trial, oracle.get());
    }
  return std::nullopt;
}

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

/// An identity, or a view of an input, is one in torch's operators as well: then the
/// blueprint says so.
LogicalResult tez::checkPurity(KernelUnderTest &file, Verdict &verdict) {
  std::optional<RunRequest> request = planCall(file, /*gradients=*/false);
  if (!request)
    return success();
  request->watched = true;
  FailureOr<RunResult> found = runOrReport(file, *file.loaded, *request);
  ++verdict.runs;
  if (failed(found))
    return failure();
  if (!found->writtenInputs.empty())
    return file.lowered.emitError()
           << "the emitted kernel writes to its input " << found->writtenInputs.front();
  KernelUnderTest *plain = plainFile(file);
  FailureOr<RunResult> own = plain && !found->shared.empty()
                                 ? runOrReport(file, *plain->loaded, *request)
                                 : FailureOr<RunResult>(RunResult());
  for (const std::string &sharing : found->shared) {
    if (failed(own) || !llvm::is_contained(own->shared, sharing))
      return file.lowered.emitError()
             << "of the emitted kernel " << sharing << ", which is not so in the reference";
    verdict.notes.push_back(sharing + ", as the blueprint has it");
  }
  return success();
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
  std::optional<RunRequest> request = planCall(file, /*gradients=*/false);
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
  NamedTensors loaded = file.loaded->buffers();
  RunResult before;
  before.buffers = loaded;
  RunResult after;
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
  std::optional<RunRequest> request = planCall(file, /*gradients=*/false);
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
  std::optional<RunRequest> request = planCall(file, file.lowered.getTrainable());
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
  bool ofRank = false, ofType = false;
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
    {"one dimension more", addDimension, true}, {"one dimension less", dropDimension, true},
    {"a wider last dimension", widenLast},      {"fp64 values", makeDouble, false, true},
    {"integers", makeIntegers, false, true},
};

/// What folding leaves out of a kernel for inference may have been all that minded the
/// rank; where the blueprint's layers mind it, there is a guard.
static bool mindsRank(KernelUnderTest &file, KernelUnderTest &plain) {
  return file.lowered.getTrainable() ||
         plain.lowered.walk([](ts::RequireRankOp) { return WalkResult::interrupt(); })
             .wasInterrupted();
}

namespace {
/// A wrong call, and whether the kernel has to refuse it as torch's operators do.
struct WrongCall {
  std::string name;
  RunRequest request;
  bool mindful;
};
} // namespace

static std::vector<WrongCall> planWrongCalls(KernelUnderTest &file, KernelUnderTest &plain,
                                             const RunRequest &right) {
  std::vector<WrongCall> calls;
  bool minds = mindsRank(file, plain), trains = file.lowered.getTrainable();
  for (size_t i = 0; i < right.inputs.size(); ++i) {
    if (!right.inputs[i])
      continue;
    for (const Misuse &misuse : misuses) {
      // For inference a kernel may have nothing left that minds the type.
      bool mindful = (!misuse.ofRank || minds) && (!misuse.ofType || trains);
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

static LogicalResult tryWrongCall(KernelUnderTest &file, KernelUnderTest &plain,
                                  const WrongCall &call) {
  llvm::Expected<RunResult> own = plain.loaded->run(call.request);
  llvm::Expected<RunResult> found = file.loaded->run(call.request);
  bool guesses = !own && found && call.mindful;
  llvm::consumeError(own.takeError());
  llvm::consumeError(found.takeError());
  if (!guesses)
    return success();
  return file.lowered.emitError() << "the emitted kernel takes " << call.name
                                  << ", which torch's operators refuse";
}

/// Of wrong calls the kernel refuses with an error at least those that torch's operators
/// refuse, and stands them: a right call afterwards gives the same bits.
LogicalResult tez::checkRefusals(KernelUnderTest &file, Verdict &verdict) {
  std::optional<RunRequest> request = planCall(file, /*gradients=*/false);
  KernelUnderTest *plain = plainFile(file);
  if (!request || !plain || request->inputs.empty())
    return success();
  FailureOr<RunResult> before = runOrReport(file, *file.loaded, *request);
  if (failed(before))
    return failure();
  for (const WrongCall &call : planWrongCalls(file, *plain, *request)) {
    ++verdict.runs;
    if (failed(tryWrongCall(file, *plain, call)))
      return failure();
  }
  FailureOr<RunResult> after = runOrReport(file, *file.loaded, *request);
  return failed(after) ? failure()
                       : differ(file, *before, *after, "the emitted kernel after wrong calls");
}
