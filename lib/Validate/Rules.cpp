//===- Rules.cpp - When a result is right ---------------------------------===//

#include "Rules.h"
#include "SpecialInputs.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

using namespace mlir;
using namespace tez;

/// How many perturbed runs, and how often their largest deviation rounding may be.
/// One deviation in 1e5 is less than a tenth of its spread in all of four runs.
static constexpr unsigned perturbedRuns = 4;
static constexpr double safety = 32;
/// Tensors of smaller values count as of these: a sum that cancels to nothing is 1e-17.
static constexpr double smallestScale = 1e-6;

namespace {
/// Calls `one(what, found, expected, index)` for outputs, then updates.
template <typename Function> void forEach(const TrialResult &result, Function one) {
  size_t index = 0;
  for (size_t i = 0; i < result.oracle->outputs.size(); ++i)
    one("output " + std::to_string(i), result.kernel.outputs[i], result.oracle->outputs[i],
        index++);
  for (const auto &[name, expected] : result.oracle->updates) {
    for (const auto &[buffer, found] : result.kernel.buffers)
      if (buffer == name)
        one("buffer '" + name + "'", found, expected, index);
    ++index;
  }
}

/// Collects the worst.
struct Worst {
  Finding finding;
  void add(const std::string &what, const Comparison &one) {
    if (one.ratio > finding.comparison.ratio)
      finding.what = what;
    finding.comparison.merge(one);
  }
};
} // namespace

Finding tez::compareAll(const TrialResult &result, Bound bound) {
  Worst worst;
  forEach(result,
          [&](const std::string &what, const HostTensor &found, const interp::Tensor &expected,
              size_t) { worst.add(what, compare(found, expected, bound)); });
  return worst.finding;
}

static double largest(const interp::Tensor &tensor) {
  return std::max(smallestScale, largestOf(tensor.values()));
}

static std::vector<interp::Tensor> resultsOf(const interp::Evaluation &evaluation) {
  std::vector<interp::Tensor> results = evaluation.outputs;
  for (const auto &[name, update] : evaluation.updates)
    results.push_back(update);
  return results;
}

/// most[i] = max(most[i], safety * |perturbed[i] - exact[i]|)
static void widen(interp::Tensor &most, const interp::Tensor &perturbed,
                  const interp::Tensor &exact) {
  for (int64_t i = 0; i < most.size(); ++i) {
    double deviation = safety * std::fabs(perturbed[i] - exact[i]);
    if (deviation > most[i]) // not where either is NaN
      most.mutableData()[i] = deviation;
  }
}

/// What rounding may do to outputs, then updates, element by element, by rule 3. The
/// condition term is not an analysis op by op: the interpreter is run again with
/// all that it computes perturbed at random by the unit roundoff, and the largest
/// of some deviations, times a safety factor, is the allowance.
static std::vector<interp::Tensor> allowances(KernelUnderTest &file, const Trial &trial,
                                              const interp::Evaluation &oracle) {
  std::vector<interp::Tensor> exact = resultsOf(oracle), most;
  for (const interp::Tensor &tensor : exact)
    most.emplace_back(tensor.shape());
  double roundoff = trial.inDouble ? 0x1p-53 : 0x1p-24;
  for (unsigned run = 0; run < perturbedRuns; ++run) {
    auto perturbed = runOracle(file, trial, roundoff, trial.seed + run);
    if (!perturbed)
      break;
    for (auto [i, tensor] : llvm::enumerate(resultsOf(*perturbed)))
      widen(most[i], tensor, exact[i]);
  }
  return most;
}

/// The bound to which rule 3 adds its allowance.
static Bound conditionedBound(double relative) { return {relative * smallestScale, relative}; }

/// `relative` of the largest value of a tensor, and of each.
static Finding compareAtScale(const TrialResult &result, double relative,
                              const std::vector<interp::Tensor> &allowance) {
  Worst worst;
  forEach(result, [&](const std::string &what, const HostTensor &found,
                      const interp::Tensor &expected, size_t index) {
    bool conditioned = !allowance.empty();
    Bound bound =
        conditioned ? conditionedBound(relative) : Bound{relative * largest(expected), relative};
    worst.add(what, compare(found, expected, bound, conditioned ? &allowance[index] : nullptr));
  });
  return worst.finding;
}

/// With values twice as large; a failure where none are given.
static FailureOr<TrialResult> runLarger(KernelUnderTest &plain, Trial trial) {
  if (trial.given.empty())
    return failure();
  for (HostTensor &input : trial.given)
    if (isFloating(input))
      input = mapped(input, [](double x) { return 2 * x; });
  return runTrial(plain, trial);
}

namespace {
/// One output, and what excuses errors beyond rule 3.
struct Excused {
  const HostTensor &plain;         ///< of torch's operators
  const HostTensor *larger;        ///< ... of inputs twice as large
  const interp::Tensor &allowance; ///< by rule 3
  double relative;                 ///< by rule 3
};
} // namespace

/// Element by element rule 3, or four times the error of torch's operators; where they have no
/// number neither need the kernel, nor at the edge of that: passes for inference add up in another
/// order.
static bool errsAsTorch(const HostTensor &kernel, const interp::Tensor &exact,
                        const Excused &excused) {
  std::vector<double> found = kernel.toDoubles(), own = excused.plain.toDoubles();
  std::vector<double> edge =
      excused.larger ? excused.larger->toDoubles() : std::vector<double>(own.size());
  double most = 0;
  for (size_t k = 0; k < own.size(); ++k)
    if (std::isfinite(own[k]))
      most = std::max(most, std::fabs(own[k] - exact[int64_t(k)]));
  Bound bound = conditionedBound(excused.relative);
  for (size_t k = 0; k < found.size(); ++k) {
    double want = exact[int64_t(k)], error = std::fabs(found[k] - want);
    bool overflows = !std::isfinite(found[k]) && !(std::isfinite(own[k]) && std::isfinite(edge[k]));
    bool passes = error <= bound.around(want) + excused.allowance[int64_t(k)] ||
                  (std::isfinite(own[k]) && error <= 4 * most);
    if (!overflows && !passes)
      return false;
  }
  return true;
}

/// Buffers are averages and counts: nothing excuses them but rule 3.
static bool updatesPass(const TrialResult &result, double relative,
                        const std::vector<interp::Tensor> &allowance) {
  bool pass = true;
  forEach(result, [&](const std::string &, const HostTensor &found, const interp::Tensor &expected,
                      size_t index) {
    if (index >= result.oracle->outputs.size())
      pass &= compare(found, expected, conditionedBound(relative), &allowance[index]).passed();
  });
  return pass;
}

/// Of the outputs that rule 3 does not let pass.
static bool isTorchsOwn(KernelUnderTest &file, const Trial &trial, const TrialResult &result,
                        double relative, const std::vector<interp::Tensor> &allowance) {
  KernelUnderTest *plain = plainFile(file);
  if (!plain || !updatesPass(result, relative, allowance))
    return false;
  FailureOr<TrialResult> own = runTrial(*plain, trial), larger = failure();
  if (failed(own))
    return false;
  if (!file.lowered.getTrainable())
    larger = runLarger(*plain, trial);
  for (size_t i = 0; i < result.kernel.outputs.size(); ++i) {
    const HostTensor &found = result.kernel.outputs[i];
    const interp::Tensor &exact = result.oracle->outputs[i];
    if (!compare(found, exact, conditionedBound(relative), &allowance[i]).passed() &&
        !errsAsTorch(found, exact,
                     {own->kernel.outputs[i],
                      succeeded(larger) ? &larger->kernel.outputs[i] : nullptr, allowance[i],
                      relative}))
      return false;
  }
  return true;
}

Finding tez::judgeAtScale(KernelUnderTest &file, const Trial &trial, const TrialResult &result) {
  double relative = trial.inDouble ? Bound::fp64().relative : Bound::headline(0).relative;
  Finding finding = compareAtScale(result, relative, {});
  if (finding.passed())
    return finding;
  std::vector<interp::Tensor> allowance = allowances(file, trial, *result.oracle);
  Finding conditioned = compareAtScale(result, relative, allowance);
  if (conditioned.passed())
    return conditioned;
  if (finding.comparison.sameShape && isTorchsOwn(file, trial, result, relative, allowance)) {
    conditioned.comparison.ratio = 1;
    conditioned.torchsOwn = true;
  }
  return conditioned;
}

/// Of errors, or of values where nothing is expected. What is not finite is not counted.
static double rmsOf(const std::vector<double> &found, const interp::Tensor *expected) {
  ErrorSum sum;
  for (size_t k = 0; k < found.size(); ++k)
    if (double x = found[k] - (expected ? (*expected)[int64_t(k)] : 0); std::isfinite(x))
      sum.add(x);
  return sum.rms();
}

static std::vector<double> valuesOf(const interp::Tensor &tensor) {
  return {tensor.values().begin(), tensor.values().end()};
}

std::string tez::judgeRms(KernelUnderTest &file, const Trial &trial, const TrialResult &result) {
  constexpr double roundoff = 0x1p-24;
  constexpr int64_t fewest = 64; // of less it is single errors, of which rules 3 and 5 tell more
  KernelUnderTest *plain = trial.inDouble || isPlainFile(file) ? nullptr : plainFile(file);
  if (!plain)
    return "";
  llvm::Expected<RunResult> own = plain->loaded->run(makeRequest(file, trial));
  if (!own) // torch cannot do it
    return llvm::consumeError(own.takeError()), "";
  std::vector<interp::Tensor> allowed; // by rule 3, once it is asked for
  for (auto [i, exact] : llvm::enumerate(result.oracle->outputs)) {
    if (exact.size() < fewest)
      continue;
    double error = rmsOf(result.kernel.outputs[i].toDoubles(), &exact);
    double theirs = rmsOf(own->outputs[i].toDoubles(), &exact);
    double most = mostRms(theirs, rmsOf(valuesOf(exact), nullptr), roundoff);
    if (error > most && allowed.empty()) // torch may have been lucky: what rounding at random does
      allowed = allowances(file, trial, *result.oracle);
    if (error > most)
      most = std::max(most, rmsOf(valuesOf(allowed[i]), nullptr));
    if (error > most)
      return llvm::formatv("output {0}: the rms of its errors is {1:e2}, that of torch's operators "
                           "one by one {2:e2}, at most {3:e2} may be",
                           i, error, theirs, most);
  }
  return "";
}

std::string tez::describe(const Trial &trial) {
  std::string text = trial.training ? "in training mode" : "in eval mode";
  text += trial.inDouble ? ", fp64" : ", fp32";
  if (trial.withoutOptionals)
    text += ", optional inputs left out";
  if (trial.layout == MemoryLayout::Strided)
    text += ", strided inputs";
  if (trial.layout == MemoryLayout::ChannelsLast)
    text += ", channels-last inputs";
  return text;
}
