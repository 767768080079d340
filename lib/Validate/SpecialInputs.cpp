//===- SpecialInputs.cpp - Inputs that are not N(0, 1) --------------------===//

#include "Rules.h"
#include "Suite.h"
#include "tez/Analysis/Shapes.h"
#include <cmath>

using namespace mlir;
using namespace tez;

namespace {
/// A kind of input, made of a random value.
struct Kind {
  StringRef name;
  double (*make)(double random);
};

/// One call and what to call it.
struct SpecialCase {
  std::string name;
  Trial trial;
};

using Tensors = std::vector<std::optional<HostTensor>>;
} // namespace

static constexpr Kind kinds[] = {
    {"zeros", [](double) { return 0.0; }},
    {"a constant", [](double) { return 1.0; }},
    {"values of 1e4", [](double x) { return 1e4 * x; }},
    {"values of 1e-6", [](double x) { return 1e-6 * x; }},
    {"values beside a kink", [](double x) { return std::copysign(1e-7, x); }},
};

static constexpr int64_t batches[] = {0, 1, 7, 64}, mostInterpreted = 7;

static bool isFloating(const HostTensor &tensor) { return tensor.dtype() == DType::f32; }

/// What is not admitted is no finding here.
static std::optional<InputShapes> quietShapes(KernelUnderTest &file, int64_t batch) {
  ScopedDiagnosticHandler silence(file.lowered.getContext(),
                                  [](Diagnostic &) { return success(); });
  return smallestShapes(file.reference(), batch);
}

static HostTensor mapped(const HostTensor &tensor, double (*make)(double)) {
  std::vector<double> values = tensor.toDoubles();
  llvm::transform(values, values.begin(), make);
  return HostTensor::fromDoubles(tensor.dtype(), tensor.shape(), values);
}

static std::vector<HostTensor> inputsOf(KernelUnderTest &file, const InputShapes &shapes) {
  std::vector<HostTensor> inputs;
  for (auto &input : randomInputs(file.reference(), shapes, file.seed))
    inputs.push_back(std::move(*input));
  return inputs;
}

static bool hasRank(ArrayRef<HostTensor> inputs, size_t least) {
  return llvm::any_of(inputs, [&](const HostTensor &input) {
    return isFloating(input) && input.shape().size() >= least;
  });
}

/// Values and memory layouts.
static std::vector<SpecialCase> planCases(KernelUnderTest &file, const InputShapes &shapes) {
  std::vector<SpecialCase> cases;
  std::vector<HostTensor> random = inputsOf(file, shapes);
  Trial base;
  base.shapes = shapes;
  base.seed = file.seed;
  for (const Kind &kind : kinds) {
    if (!hasRank(random, 0))
      break;
    SpecialCase &one = cases.emplace_back(SpecialCase{kind.name.str(), base});
    for (const HostTensor &input : random)
      one.trial.given.push_back(isFloating(input) ? mapped(input, kind.make) : input);
  }
  for (auto [name, layout, rank] : {std::tuple("strided", MemoryLayout::Strided, size_t(1)),
                                    {"channels-last", MemoryLayout::ChannelsLast, size_t(4)}})
    if (hasRank(random, rank)) {
      cases.push_back({name, base});
      cases.back().trial.layout = layout;
    }
  return cases;
}

static LogicalResult differs(KernelUnderTest &file, const SpecialCase &special,
                             const Finding &finding) {
  return emitError(file.reference().getLoc())
         << "the emitted kernel differs from the reference on special inputs (" << special.name
         << "), " << describe(special.trial) << ": " << finding.what << ": "
         << finding.comparison.text();
}

static LogicalResult judge(KernelUnderTest &file, const SpecialCase &special, Verdict &verdict) {
  FailureOr<TrialResult> result = runTrial(file, special.trial);
  ++verdict.runs;
  if (failed(result))
    return failure();
  Finding finding = judgeAtScale(file, special.trial, *result);
  verdict.worstRatio = std::max(verdict.worstRatio, finding.comparison.ratio);
  if (finding.torchsOwn)
    verdict.notes.push_back(special.name + ": no further from the truth than torch's operators");
  return finding.passed() ? success() : differs(file, special, finding);
}

//===----------------------------------------------------------------------===//
// Batches
//===----------------------------------------------------------------------===//

/// Against torch's operators one by one, in fp64: nothing or much is not for the
/// interpreter.
static LogicalResult compareWithPlain(KernelUnderTest &file, const SpecialCase &special,
                                      Verdict &verdict) {
  KernelUnderTest *plain = plainFile(file);
  RunRequest request = makeRequest(file, special.trial);
  llvm::Expected<RunResult> found = file.kernel(/*inDouble=*/true)->run(request);
  ++verdict.runs;
  if (!plain)
    return llvm::consumeError(found.takeError()), success();
  llvm::Expected<RunResult> own = plain->kernel(/*inDouble=*/true)->run(request);
  if (!own) // torch cannot do it either
    return llvm::consumeError(own.takeError()), llvm::consumeError(found.takeError()), success();
  if (!found)
    return file.lowered.emitError()
           << "the emitted kernel does not run with " << special.name
           << ", which torch's operators do: " << llvm::toString(found.takeError());
  Finding finding;
  for (size_t i = 0; i < own->outputs.size() && finding.passed(); ++i) {
    finding.what = "output " + std::to_string(i);
    finding.comparison =
        compare(found->outputs[i], interp::toTensor(own->outputs[i]), Bound::fp64());
  }
  return finding.passed() ? success() : differs(file, special, finding);
}

static LogicalResult judgeBatch(KernelUnderTest &file, int64_t batch, Verdict &verdict) {
  std::optional<InputShapes> shapes = quietShapes(file, batch);
  if (!shapes)
    return success(); // a batch that the kernel does not admit
  SpecialCase special;
  special.name = "batch " + std::to_string(batch);
  special.trial.shapes = *shapes;
  special.trial.seed = file.seed;
  special.trial.inDouble = true;
  bool forInterpreter = batch > 0 && batch <= mostInterpreted;
  return forInterpreter ? judge(file, special, verdict) : compareWithPlain(file, special, verdict);
}

//===----------------------------------------------------------------------===//
// NaN and infinities
//===----------------------------------------------------------------------===//

/// The first element of each floating input.
static Tensors poisoned(KernelUnderTest &file, const InputShapes &shapes, double poison) {
  Tensors inputs;
  for (const HostTensor &input : inputsOf(file, shapes)) {
    std::vector<double> values = input.toDoubles();
    if (isFloating(input) && !values.empty())
      values.front() = poison;
    inputs.push_back(HostTensor::fromDoubles(input.dtype(), input.shape(), values));
  }
  return inputs;
}

/// What is lost on the way from `plain` to `kernel`: a value that is no number. Where
/// no pass may reorder, none may appear either.
static std::string lostPoison(const RunResult &kernel, const RunResult &plain, bool exact) {
  for (size_t i = 0; i < plain.outputs.size(); ++i) {
    std::vector<double> found = kernel.outputs[i].toDoubles(),
                        expected = plain.outputs[i].toDoubles();
    for (size_t k = 0; k < std::min(found.size(), expected.size()); ++k) {
      bool lost = !std::isfinite(expected[k]) && std::isfinite(found[k]);
      bool changed = std::isnan(found[k]) != std::isnan(expected[k]) ||
                     std::isinf(found[k]) != std::isinf(expected[k]);
      if (lost || (exact && changed))
        return "output " + std::to_string(i) + ": element " + std::to_string(k) + " is " +
               std::to_string(found[k]) + ", torch's operators give " + std::to_string(expected[k]);
    }
  }
  return "";
}

static LogicalResult judgePoison(KernelUnderTest &file, const InputShapes &shapes, double poison,
                                 Verdict &verdict) {
  KernelUnderTest *plain = plainFile(file);
  RunRequest request;
  request.inputs = poisoned(file, shapes, poison);
  request.seed = file.seed;
  llvm::Expected<RunResult> found = file.loaded->run(request);
  ++verdict.runs;
  if (!plain)
    return llvm::consumeError(found.takeError()), success();
  llvm::Expected<RunResult> own = plain->loaded->run(request);
  if (!own || !found) // both refuse what is no number, or neither
    return llvm::consumeError(own.takeError()), llvm::consumeError(found.takeError()), success();
  std::string lost = lostPoison(*found, *own, file.lowered.getTrainable());
  if (lost.empty())
    return success();
  return emitError(file.reference().getLoc())
         << "the emitted kernel hides a " << (std::isnan(poison) ? "NaN" : "infinity")
         << " of its input: " << lost;
}

LogicalResult tez::checkSpecialInputs(KernelUnderTest &file, Verdict &verdict) {
  std::optional<InputShapes> shapes = quietShapes(file, 2);
  if (!shapes)
    return success(); // "outputs" has told
  for (const SpecialCase &special : planCases(file, *shapes))
    if (failed(judge(file, special, verdict)))
      return failure();
  for (int64_t batch : batches)
    if (failed(judgeBatch(file, batch, verdict)))
      return failure();
  for (double poison :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
    if (failed(judgePoison(file, *shapes, poison, verdict)))
      return failure();
  return success();
}
