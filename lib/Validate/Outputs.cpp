//===- Outputs.cpp - Outputs and buffers against the oracle ---------------===//

#include "Rules.h"
#include "Suite.h"
#include <cmath>

using namespace mlir;
using namespace tez;

static LogicalResult reportDifference(KernelUnderTest &file, const Trial &trial,
                                      const Finding &difference) {
  Operation *place = findDivergence(file, trial);
  Location location = place ? place->getLoc() : file.reference().getLoc();
  InFlightDiagnostic error = emitError(location)
                             << "the " << file.subject << " differs from the reference "
                             << describe(trial) << ": " << difference.what << ": "
                             << difference.comparison.text();
  if (place)
    error << "; the difference begins at this " << place->getName();
  return error;
}

/// Rule 5: at most four times the error of torch's own operators.
static bool isTorchsOwn(KernelUnderTest &file, const Trial &trial, const TrialResult &result) {
  KernelUnderTest *plain = plainFile(file);
  if (!plain)
    return false;
  FailureOr<TrialResult> own = runTrial(*plain, trial);
  if (failed(own))
    return false;
  double error = compareAll(*own, Bound::headline(0)).comparison.error;
  return std::isfinite(error) && compareAll(result, Bound::headline(error)).passed();
}

/// An fp32 error over 1e-5 is torch's own rounding, which rule 5 allows
/// fourfold, if the same trial is right in fp64 and the error is small enough
/// to be rounding at all, or measured to be torch's own.
static bool isRounding(KernelUnderTest &file, const Trial &trial, const TrialResult &result) {
  if (trial.inDouble)
    return false;
  FailureOr<TrialResult> again = runTrial(file, inDouble(trial));
  if (failed(again) || !compareAll(*again, Bound::fp64()).passed())
    return false;
  return compareAll(result, Bound::rounding()).passed() || isTorchsOwn(file, trial, result);
}

LogicalResult tez::judgeOutputs(KernelUnderTest &file, const Trial &trial,
                                const TrialResult &result, Verdict &verdict) {
  Finding difference =
      trial.inDouble ? judgeAtScale(file, trial, result) : compareAll(result, Bound::headline(0));
  Comparison &found = difference.comparison;
  double &worst = trial.inDouble ? verdict.worstDouble : verdict.worstError;
  worst = std::max(worst, found.error);
  if (!found.passed() && isRounding(file, trial, result)) {
    verdict.notes.push_back("fp32 rounding of torch's own operators: " + found.text());
    difference = compareAll(result, Bound::headline(found.error));
  }
  verdict.worstRatio = std::max(verdict.worstRatio, found.ratio);
  if (!found.passed())
    return reportDifference(file, trial, difference);
  std::string spread = judgeRms(file, trial, result);
  if (spread.empty())
    return success();
  return emitError(file.reference().getLoc())
         << "the " << file.subject << " differs from the reference " << describe(trial) << ": "
         << spread;
}

LogicalResult tez::checkOutputs(KernelUnderTest &file, Verdict &verdict) {
  if (file.model)
    return checkPrecision(file, verdict);
  llvm::append_range(verdict.notes, file.notes);
  std::vector<Trial> trials = planTrials(file, /*gradients=*/false);
  for (const Trial &trial : trials) {
    FailureOr<TrialResult> result = runTrial(file, trial);
    ++verdict.runs;
    if (failed(result) || failed(judgeOutputs(file, trial, *result, verdict)))
      return failure();
  }
  return success(!trials.empty());
}
