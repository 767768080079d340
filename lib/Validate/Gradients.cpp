//===- Gradients.cpp - Gradients against the oracle -----------------------===//

#include "Compare.h"
#include "Suite.h"
#include "Trial.h"
#include <cmath>
#include <cstdio>
#include <cstdlib>

using namespace mlir;
using namespace tez;
using namespace tez::esper;

namespace {
/// Compares the gradients of one trial.
class GradientCheck {
public:
  GradientCheck(KernelUnderTest &file, const Trial &trial, const TrialResult &result, Bound bound)
      : file(file), trial(trial), result(result), bound(bound) {}

  /// The worst of all; `place` and `message` tell of the first that fails.
  Comparison run();
  double smallestScale = 1; ///< tensors of smaller values count as of these
  Operation *place = nullptr;
  std::string message;
  std::vector<std::string> notes;

private:
  void one(const std::string &what, Operation *owner, const std::optional<HostTensor> &found,
           const std::optional<interp::Tensor> &expected);

  KernelUnderTest &file;
  const Trial &trial;
  const TrialResult &result;
  Bound bound;
  Comparison worst;
};
} // namespace

/// A gradient that torch does not give counts as zeros; that is right only
/// where the oracle's is zero as well.
void GradientCheck::one(const std::string &what, Operation *owner,
                        const std::optional<HostTensor> &found,
                        const std::optional<interp::Tensor> &expected) {
  if (!found && !expected) {
    notes.push_back(what + " takes no part in the outputs");
    return;
  }
  Comparison comparison;
  if (!found) {
    double most = largestOf(expected->values());
    comparison.ratio = most == 0 ? 0 : std::numeric_limits<double>::infinity();
    comparison.expected = most;
  } else {
    interp::Tensor want = expected ? *expected : interp::Tensor(found->shape());
    comparison =
        compare(*found, want,
                bound.scaled(std::max(smallestScale, largestOf(want.values(), found->dtype()))));
  }
  if (!comparison.passed() && message.empty()) {
    place = owner;
    message = what + (found ? ": " + comparison.text() : " is missing");
  }
  worst.merge(comparison);
}

Comparison GradientCheck::run() {
  llvm::StringMap<ParamOp> params;
  for (auto param : file.reference().getBody().getOps<ParamOp>())
    params[param.getName()] = param;
  for (const auto &[name, gradient] : result.kernel.parameterGradients)
    one("the gradient of '" + name + "'", params.lookup(name), gradient,
        result.oracle->parameterGradient(name));
  for (auto [i, argument] : llvm::enumerate(file.reference().getArguments())) {
    bool optional = isa<esper::OptionalType>(argument.getType());
    if (!isa<FloatType>(tensorTypeOf(argument.getType()).getElementType()) ||
        (optional && trial.withoutOptionals))
      continue;
    one("the gradient of input " + std::to_string(i), file.reference(),
        result.kernel.inputGradients[i], result.oracle->inputGradient(unsigned(i)));
  }
  return worst;
}

static double largestGradient(const interp::Evaluation &oracle, KernelUnderTest &file) {
  double most = 0;
  auto widen = [&](const std::optional<interp::Tensor> &gradient) {
    most = std::max(most, gradient ? largestOf(gradient->values()) : 0);
  };
  for (auto param : file.reference().getBody().getOps<ParamOp>())
    widen(oracle.parameterGradient(param.getName()));
  for (unsigned i = 0; i < file.reference().getNumArguments(); ++i)
    widen(oracle.inputGradient(i));
  return most;
}

/// The op that consumes the parameter is where its gradient comes from.
static Location placeOf(Operation *owner, KernelUnderTest &file) {
  if (auto param = dyn_cast_or_null<ParamOp>(owner))
    for (Operation *user : param->getUsers())
      return user->getLoc();
  return file.reference().getLoc();
}

static GradientCheck check(KernelUnderTest &file, const Trial &trial, const TrialResult &result) {
  return {file, trial, result, trial.inDouble ? Bound::fp64() : Bound::headline(0)};
}

/// Rule 5: at most four times the error of torch's own operators.
static bool isTorchsOwn(KernelUnderTest &file, const Trial &trial, const TrialResult &result) {
  KernelUnderTest *plain = plainFile(file);
  if (!plain)
    return false;
  FailureOr<TrialResult> own = runTrial(*plain, trial);
  if (failed(own))
    return false;
  double error = check(*plain, trial, *own).run().error;
  return std::isfinite(error) &&
         GradientCheck(file, trial, result, Bound::headline(error)).run().passed();
}

/// Do torch's operators, called one by one, give wrong gradients as well.
static bool isTorchsFault(KernelUnderTest &file, const Trial &trial) {
  KernelUnderTest *plain = plainFile(file);
  if (!plain)
    return false;
  FailureOr<TrialResult> own = runTrial(*plain, trial);
  return succeeded(own) && !check(*plain, trial, *own).run().passed();
}

/// In fp64: gradients far below 1 pass by a bound of 1 whatever they are. What is left of terms
/// that cancel is not to be had closer than by the largest of all gradients.
static GradientCheck checkCloser(KernelUnderTest &file, const Trial &trial,
                                 const TrialResult &result) {
  constexpr double part = 1e-4, least = 1e-7;
  GradientCheck closer = check(file, trial, result);
  closer.smallestScale = std::clamp(part * largestGradient(*result.oracle, file), least, 1.0);
  return closer;
}

/// As close as torch's own operators come, which keep some constants in fp32.
static bool torchComesCloser(KernelUnderTest &file, const Trial &trial) {
  KernelUnderTest *plain = plainFile(file);
  if (!plain)
    return false;
  FailureOr<TrialResult> own = runTrial(*plain, trial);
  return succeeded(own) && checkCloser(*plain, trial, *own).run().passed();
}

static InFlightDiagnostic refuse(KernelUnderTest &file, const GradientCheck &gradients) {
  return emitError(placeOf(gradients.place, file))
         << "the emitted kernel's gradients differ from the reference: " << gradients.message;
}

/// As for outputs: the same trial in fp64 must be right, and the error small or
/// torch's own.
static bool isRounding(KernelUnderTest &file, const Trial &trial, const TrialResult &result) {
  if (trial.inDouble)
    return false;
  FailureOr<TrialResult> again = runTrial(file, inDouble(trial));
  if (failed(again) || !check(file, inDouble(trial), *again).run().passed())
    return false;
  return GradientCheck(file, trial, result, Bound::rounding()).run().passed() ||
         isTorchsOwn(file, trial, result);
}

/// Rounded, as the last digits are another processor's business and files must be the same.
static double normOf(const std::optional<HostTensor> &gradient) {
  double squares = 0;
  if (gradient)
    for (double value : gradient->toDoubles())
      squares += value * value;
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.4g", std::sqrt(squares));
  return std::strtod(digits, nullptr);
}

/// Of one run, which reports draw: one that is far from the others' shows a layer that does
/// not learn, or does nothing else. 0 where there is none.
static void recordNorms(const RunResult &run, Verdict &verdict) {
  for (const auto &[name, gradient] : run.parameterGradients)
    verdict.figures.emplace_back("norm of " + name, normOf(gradient));
  for (auto [i, gradient] : llvm::enumerate(run.inputGradients))
    if (gradient)
      verdict.figures.emplace_back("norm of input " + std::to_string(i), normOf(gradient));
}

/// fp32 may fall on the other side of a kink (relu at 0): other inputs are
/// drawn then. An fp64 run gets no second chance.
static constexpr unsigned draws = 3;

static LogicalResult checkTrial(KernelUnderTest &file, Trial trial, Verdict &verdict) {
  for (unsigned draw = 0;; ++draw, trial.seed += 1000) {
    FailureOr<TrialResult> result = runTrial(file, trial);
    ++verdict.runs;
    if (failed(result))
      return failure();
    if (verdict.figures.empty())
      recordNorms(result->kernel, verdict);
    GradientCheck gradients = check(file, trial, *result);
    Comparison worst = gradients.run();
    double &error = trial.inDouble ? verdict.worstDouble : verdict.worstError;
    error = std::max(error, worst.error);
    if (draw == 0 && trial.inDouble)
      llvm::append_range(verdict.notes, gradients.notes);
    if (worst.passed()) {
      verdict.worstRatio = std::max(verdict.worstRatio, worst.ratio);
      if (!trial.inDouble || isPlainFile(file)) // torch comes no closer than itself
        return success();
      GradientCheck closer = checkCloser(file, trial, *result);
      if (closer.run().passed() || !torchComesCloser(file, trial))
        return success();
      return refuse(file, closer);
    }
    if (!trial.inDouble && draw + 1 < draws)
      continue;
    if (isRounding(file, trial, *result)) {
      verdict.notes.push_back("fp32 rounding of torch's own operators: " + gradients.message);
      return success();
    }
    InFlightDiagnostic refusal = refuse(file, gradients);
    if (trial.inDouble && isTorchsFault(file, trial))
      refusal << "; torch's own operators, called one by one, make the same error";
    return refusal;
  }
}

LogicalResult tez::checkGradients(KernelUnderTest &file, Verdict &verdict) {
  std::vector<Trial> trials = planTrials(file, /*gradients=*/true);
  for (const Trial &trial : trials)
    if (failed(checkTrial(file, trial, verdict)))
      return failure();
  return success(!trials.empty());
}
