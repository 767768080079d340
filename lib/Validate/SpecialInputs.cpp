//===- SpecialInputs.cpp - Inputs that are not N(0, 1) --------------------===//

#include "SpecialInputs.h"
#include "Rules.h"
#include "Suite.h"
#include "tez/Weights/Initializer.h"
#include <cmath>

using namespace mlir;
using namespace tez;

namespace {
/// A kind of input, made of a random value.
struct Kind {
  StringRef name;
  double (*make)(double random);
  bool inDouble = false;
};

/// One call and what to call it.
struct SpecialCase {
  std::string name;
  Trial trial;
};
} // namespace

static constexpr Kind kinds[] = {
    {"zeros", [](double) { return 0.0; }},
    {"a constant", [](double) { return 1.0; }},
    {"values of 1e4", [](double x) { return 1e4 * x; }},
    // A softmax of nearly equal values hides what is wrong with them; one of 1e4, too.
    {"values of 30", [](double x) { return 30 * x; }, true},
    {"values of 1e-6", [](double x) { return 1e-6 * x; }},
    {"values beside a kink", [](double x) { return std::copysign(1e-7, x); }},
};

static constexpr int64_t batches[] = {0, 1, 7, 64}, mostInterpreted = 7;

/// What is not admitted is no finding here.
std::optional<InputShapes> tez::quietShapes(KernelUnderTest &file, int64_t batch, unsigned skip) {
  ScopedDiagnosticHandler silence(file.lowered.getContext(),
                                  [](Diagnostic &) { return success(); });
  return shapesOf(file, batch, skip);
}

HostTensor tez::mapped(const HostTensor &tensor, double (*make)(double)) {
  std::vector<double> values = tensor.toDoubles();
  llvm::transform(values, values.begin(), make);
  return HostTensor::fromDoubles(tensor.dtype(), tensor.shape(), values);
}

std::vector<HostTensor> tez::inputsOf(KernelUnderTest &file, const InputShapes &shapes) {
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
    one.trial.inDouble = kind.inDouble && file.runsInDouble();
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

static interp::Tensor tensorOf(const std::optional<HostTensor> &tensor, const HostTensor &like) {
  return tensor ? interp::toTensor(*tensor) : interp::Tensor(like.shape());
}

/// A gradient that is not there is one of zeros. `atScale`: what is larger than 1 is judged by
/// the largest of its tensor, where sums cancel.
static Finding compareResults(const RunResult &kernel, const RunResult &plain, Bound bound,
                              bool atScale) {
  if (firstDifference(kernel, plain).empty())
    return {};
  for (const auto &[one, other] : llvm::zip(namedResults(kernel), namedResults(plain))) {
    if (one.first != other.first || (!one.second && !other.second))
      continue; // other names, or in another order: "graft" tells
    const HostTensor &like = one.second ? *one.second : *other.second;
    interp::Tensor expected = tensorOf(other.second, like);
    double scale = atScale ? std::max(1.0, largestOf(expected.values())) : 1;
    Bound own = {bound.absolute * scale, bound.relative};
    HostTensor found = one.second ? *one.second : HostTensor(like.dtype(), like.shape());
    Comparison comparison = compare(found, expected, own);
    if (!comparison.passed())
      return {one.first, comparison};
  }
  return {};
}

/// Against torch's operators one by one, in fp64: nothing or much is not for the
/// interpreter. `found` is what the kernel answers, if both answer.
static LogicalResult compareWithPlain(KernelUnderTest &file, const SpecialCase &special,
                                      const RunRequest &request, Verdict &verdict,
                                      RunResult *answer = nullptr) {
  KernelUnderTest *plain = plainFile(file);
  llvm::Expected<RunResult> found = file.kernel(request.inDouble)->run(request);
  ++verdict.runs;
  if (!plain || isPlainFile(file))
    return llvm::consumeError(found.takeError()), success();
  llvm::Expected<RunResult> own = plain->kernel(request.inDouble)->run(request);
  if (!own) // torch cannot do it either
    return llvm::consumeError(own.takeError()), llvm::consumeError(found.takeError()), success();
  if (!found)
    return file.lowered.emitError()
           << "the emitted kernel does not run with " << special.name
           << ", which torch's operators do: " << llvm::toString(found.takeError());
  Bound bound = request.inDouble ? Bound::fp64() : Bound::rounding();
  Finding finding = compareResults(*found, *own, bound, !special.trial.given.empty());
  if (answer)
    *answer = std::move(*found);
  return finding.passed() ? success() : differs(file, special, finding);
}

/// From 1e-4 of N(0, 1) over so many decades, from first to last: what is cut off, chosen or
/// saturated for some is not for all, and what is small beside an eps for one norm is not for two.
static HostTensor ofAllScales(const HostTensor &tensor, double decades) {
  std::vector<double> values = tensor.toDoubles();
  for (size_t i = 0; i < values.size(); ++i)
    values[i] *= std::pow(10.0, decades * double(i) / double(values.size()) - 4);
  return HostTensor::fromDoubles(tensor.dtype(), tensor.shape(), values);
}

static std::vector<std::optional<HostTensor>> upstreamLike(const RunResult &result, uint64_t seed) {
  std::vector<std::optional<HostTensor>> upstream;
  for (const auto &[i, output] : llvm::enumerate(result.outputs))
    if (output.dtype() == DType::f64 || output.dtype() == DType::f32)
      upstream.push_back(initialize({InitSpec::Normal, 0, 1}, output.dtype(), output.shape(),
                                    seed + i, "upstream"));
    else
      upstream.push_back(std::nullopt);
  return upstream;
}

/// Forward, and as it is trained.
static LogicalResult judgeAllScales(KernelUnderTest &file, Verdict &verdict) {
  std::optional<InputShapes> shapes = quietShapes(file, batches[3]);
  if (!shapes)
    return success();
  SpecialCase special;
  special.name = "many, of all scales";
  special.trial.shapes = *shapes;
  special.trial.seed = file.seed;
  special.trial.inDouble = file.runsInDouble();
  // Where passes may reorder, what overflows on the way may be infinite or NaN.
  double decades = file.lowered.getTrainable() ? 8 : 6;
  for (const HostTensor &input : inputsOf(file, *shapes))
    special.trial.given.push_back(isFloating(input) ? ofAllScales(input, decades) : input);
  RunRequest request = makeRequest(file, special.trial);
  RunResult answer;
  if (failed(compareWithPlain(file, special, request, verdict, &answer)))
    return failure();
  if (!file.lowered.getTrainable() || answer.outputs.empty())
    return success();
  request.training = request.gradients = special.trial.training = true;
  request.outputGradients = upstreamLike(answer, file.seed);
  return compareWithPlain(file, special, request, verdict);
}

static LogicalResult judgeBatch(KernelUnderTest &file, int64_t batch, Verdict &verdict) {
  // "outputs" tries the two smallest sizes, mostly 1 and 2: a softmax of equal values is exact
  // there in fewer bits, and of three is not.
  unsigned skip = batch == mostInterpreted ? 2 : 0;
  std::optional<InputShapes> shapes = quietShapes(file, batch, skip);
  if (!shapes)
    return success(); // a batch that the kernel does not admit
  SpecialCase special;
  special.name = "batch " + std::to_string(batch);
  special.trial.shapes = *shapes;
  special.trial.seed = file.seed;
  special.trial.inDouble = file.runsInDouble();
  bool forInterpreter = batch > 0 && batch <= mostInterpreted;
  return forInterpreter
             ? judge(file, special, verdict)
             : compareWithPlain(file, special, makeRequest(file, special.trial), verdict);
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
  if (isPlainFile(file)) // nothing else is left to compare it with
    return success();
  if (failed(judgeAllScales(file, verdict)))
    return failure();
  return judgePoisons(file, verdict);
}
