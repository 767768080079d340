//===- Refusals.cpp - Wrong calls -----------------------------------------===//

#include "Suite.h"
#include "Trial.h"

using namespace mlir;
using namespace tez;

namespace {
/// A way to spoil one input of a call.
struct Misuse {
  StringRef name;
  HostTensor (*spoil)(const HostTensor &input);
  bool ofRank = false;
};
} // namespace

/// Rows of a table are looked up at 0, which every table has.
static HostTensor shaped(const HostTensor &like, std::vector<int64_t> shape) {
  HostTensor zeros(like.dtype(), shape);
  double value = like.dtype() == DType::f32 ? 1 : 0;
  return HostTensor::fromDoubles(like.dtype(), shape,
                                 std::vector<double>(size_t(zeros.numElements()), value));
}

static HostTensor withDimension(const HostTensor &tensor, size_t place, int64_t size) {
  std::vector<int64_t> shape = tensor.shape();
  shape.insert(shape.begin() + std::ptrdiff_t(std::min(place, shape.size())), size);
  return shaped(tensor, shape);
}

static HostTensor withoutDimension(const HostTensor &tensor, size_t place) {
  std::vector<int64_t> shape = tensor.shape();
  if (!shape.empty())
    shape.erase(shape.begin() + std::ptrdiff_t(std::min(place, shape.size() - 1)));
  return shaped(tensor, shape);
}

/// In front and behind the channels: what counts them at a fixed place may refuse the one,
/// and take the other. Inner ones may be flattened, where only a 1 changes no width; in front only
/// a 1 broadcasts with every batch.
static HostTensor addDimension(const HostTensor &tensor) { return withDimension(tensor, 0, 2); }
static HostTensor addLeadingOne(const HostTensor &tensor) { return withDimension(tensor, 0, 1); }
static HostTensor addInnerDimension(const HostTensor &tensor) {
  return withDimension(tensor, 2, 1);
}
static HostTensor dropDimension(const HostTensor &tensor) { return withoutDimension(tensor, 0); }
static HostTensor dropLastDimension(const HostTensor &tensor) {
  return withoutDimension(tensor, SIZE_MAX);
}

/// A convolution takes its channels from the first dimension then, a batch norm from the second.
static HostTensor dropInnerDimension(const HostTensor &tensor) {
  std::vector<int64_t> shape = tensor.shape();
  if (shape.size() > 2) {
    shape[0] = shape[1];
    shape.erase(shape.begin() + 2);
  }
  return shaped(tensor, shape);
}

static HostTensor widenLast(const HostTensor &tensor) {
  std::vector<int64_t> shape = tensor.shape();
  if (!shape.empty())
    shape.back() += 1;
  return shaped(tensor, shape);
}

static HostTensor makeDouble(const HostTensor &tensor) {
  return HostTensor::fromDoubles(DType::f64, tensor.shape(), tensor.toDoubles());
}

static HostTensor makeIntegers(const HostTensor &tensor) {
  return HostTensor::fromDoubles(DType::i64, tensor.shape(), tensor.toDoubles());
}

static constexpr Misuse misuses[] = {
    {"one dimension more", addDimension, true},
    {"one dimension more, of size 1", addLeadingOne, true},
    {"one dimension more behind the channels", addInnerDimension, true},
    {"one dimension less", dropDimension, true},
    {"one dimension less at the end", dropLastDimension, true},
    {"one dimension less behind the channels", dropInnerDimension, true},
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

/// What only an input that nobody reads would be refused for is no matter of the kernel.
static bool readsAllInputs(KernelUnderTest &file) {
  return llvm::none_of(file.lowered.getForward().getBody().getArguments(),
                       [](BlockArgument input) { return input.use_empty(); });
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
  for (size_t i = 0; i < right.inputs.size(); ++i) {
    if (!right.inputs[i])
      continue;
    for (const Misuse &misuse : misuses) {
      bool mindful = misuse.ofRank && mindsRank(plain, i);
      calls.push_back({(misuse.name + " of input " + llvm::Twine(i)).str(), right, mindful});
      calls.back().request.inputs[i] = misuse.spoil(*right.inputs[i]);
    }
  }
  calls.push_back({"inputs on another device", right, readsAllInputs(file)});
  calls.back().request.onMeta = true;
  calls.push_back({"a call without its last input", right, true});
  calls.back().request.inputs.pop_back();
  return calls;
}

/// torch 2.15 reads beyond its weights when an lstm with projections gets an input of
/// another width; that is not the kernel's fault.
static bool crashesTorch(KernelUnderTest &file) {
  return llvm::any_of(file.reference().getBody().getOps<esper::LstmOp>(),
                      [](esper::LstmOp op) { return op.getProjSize() > 0; });
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
  if (crashesTorch(file)) {
    verdict.notes.push_back("not asked: torch's lstm with projections crashes on wrong inputs");
    return success();
  }
  FailureOr<RunResult> before = runAgain(file, *file.loaded, *request);
  if (failed(before))
    return failure();
  for (const WrongCall &call : planWrongCalls(file, *plain, *request)) {
    ++verdict.runs;
    if (failed(tryWrongCall(file, *plain, call)))
      return failure();
  }
  FailureOr<RunResult> after = runAgain(file, *file.loaded, *request);
  return failed(after) ? failure()
                       : requireSame(file, *before, *after, "the emitted kernel after wrong calls");
}
