//===- Outputs.cpp - Outputs and buffers against the oracle ---------------===//

#include "Compare.h"
#include "Trial.h"
#include <cmath>

using namespace mlir;
using namespace tez;

namespace {
/// One output or buffer that differs.
struct Difference {
  std::string what;
  Comparison comparison;
};
} // namespace

static Comparison compareOutputs(const TrialResult &result, Bound bound, std::string &worst) {
  Comparison all;
  auto consider = [&](const std::string &what, const HostTensor &found,
                      const interp::Tensor &expected) {
    Comparison one = compare(found, expected, bound);
    if (one.ratio > all.ratio)
      worst = what;
    all.merge(one);
  };
  for (size_t i = 0; i < result.oracle->outputs.size(); ++i)
    consider("output " + std::to_string(i), result.kernel.outputs[i], result.oracle->outputs[i]);
  for (const auto &[name, expected] : result.oracle->updates)
    for (const auto &[buffer, found] : result.kernel.buffers)
      if (buffer == name)
        consider("buffer '" + name + "'", found, expected);
  return all;
}

static std::string describe(const Trial &trial) {
  std::string text = trial.training ? "in training mode" : "in eval mode";
  text += trial.inDouble ? ", fp64" : ", fp32";
  if (trial.withoutOptionals)
    text += ", optional inputs left out";
  return text;
}

static LogicalResult reportDifference(KernelUnderTest &file, const Trial &trial,
                                      const Difference &difference) {
  Operation *place = findDivergence(file, trial);
  Location location = place ? place->getLoc() : file.reference().getLoc();
  InFlightDiagnostic error = emitError(location)
                             << "the emitted kernel differs from the reference " << describe(trial)
                             << ": " << difference.what << ": " << difference.comparison.text();
  if (place)
    error << "; the difference begins at this " << place->getName();
  return error;
}

/// Rule 5: at most four times the error of torch's own operators.
static bool isTorchsOwn(KernelUnderTest &file, const Trial &trial, const TrialResult &result) {
  std::string what;
  PlainFile plain = makePlainFile(file);
  if (!plain.file)
    return false;
  FailureOr<TrialResult> own = runTrial(*plain.file, trial);
  if (failed(own))
    return false;
  double error = compareOutputs(*own, Bound::headline(0), what).error;
  return std::isfinite(error) && compareOutputs(result, Bound::headline(error), what).passed();
}

/// An fp32 error over 1e-5 is torch's own rounding, which rule 5 allows
/// fourfold, if the same trial is right in fp64 and the error is small enough
/// to be rounding at all, or measured to be torch's own.
static bool isRounding(KernelUnderTest &file, const Trial &trial, const TrialResult &result) {
  std::string what;
  if (trial.inDouble)
    return false;
  FailureOr<TrialResult> again = runTrial(file, inDouble(trial));
  if (failed(again) || !compareOutputs(*again, Bound::fp64(), what).passed())
    return false;
  return compareOutputs(result, Bound::rounding(), what).passed() ||
         isTorchsOwn(file, trial, result);
}

static LogicalResult judge(KernelUnderTest &file, const Trial &trial, const TrialResult &result,
                           Verdict &verdict) {
  Difference difference;
  Bound bound = trial.inDouble ? Bound::fp64() : Bound::headline(0);
  difference.comparison = compareOutputs(result, bound, difference.what);
  Comparison &found = difference.comparison;
  double &worst = trial.inDouble ? verdict.worstDouble : verdict.worstError;
  worst = std::max(worst, found.error);
  if (!found.passed() && isRounding(file, trial, result)) {
    verdict.notes.push_back("fp32 rounding of torch's own operators: " + found.text());
    found = compareOutputs(result, Bound::headline(found.error), difference.what);
  }
  verdict.worstRatio = std::max(verdict.worstRatio, found.ratio);
  if (found.passed())
    return success();
  verdict.answer = Answer::Fail;
  return reportDifference(file, trial, difference);
}

LogicalResult tez::validateOutputs(KernelUnderTest &file) {
  if (file.model)
    return validatePrecision(file);
  Verdict verdict;
  verdict.check = "outputs";
  verdict.notes = file.notes;
  std::vector<Trial> trials = planTrials(file, /*gradients=*/false);
  verdict.require(!trials.empty());
  for (const Trial &trial : trials) {
    FailureOr<TrialResult> result = runTrial(file, trial);
    ++verdict.runs;
    if (failed(result) || failed(judge(file, trial, *result, verdict))) {
      verdict.answer = Answer::Fail;
      break;
    }
  }
  file.verdicts.push_back(verdict);
  return success(verdict.passed());
}
