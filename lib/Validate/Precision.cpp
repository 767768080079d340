//===- Precision.cpp - Kernels of fewer bits against the oracle -----------===//
//
// No bound on the error of such a kernel holds for all networks. So two things are
// checked apart: that the passes changed nothing but the precision, by evaluating
// what they made in fp64 without rounding; and that the file's errors are those
// that its types explain, by evaluating it again with every value rounded as the
// types say. The latter errors take the place of torch's own in rules 4 and 5.
//
//===----------------------------------------------------------------------===//

#include "Compare.h"
#include "Rules.h"
#include "Trial.h"
#include "tez/Analysis/Shapes.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// Half a step of the coarsest numbers in the kernel, relative to their range.
static double coarsestRoundoff(KernelOp kernel) {
  double coarsest = 0x1p-24;
  for (Operation &op : kernel.getBody().front()) {
    if (isa<QuantizedLinearOp, QuantizedConvOp>(op))
      coarsest = std::max(coarsest, 1.0 / 254);
    for (Type type : op.getResultTypes())
      if (auto tensor = dyn_cast<RankedTensorType>(type)) {
        if (tensor.getElementType().isBF16())
          coarsest = std::max(coarsest, 0x1p-9);
        if (tensor.getElementType().isF16())
          coarsest = std::max(coarsest, 0x1p-12);
      }
  }
  return coarsest;
}

bool tez::isNarrow(mlir::ModuleOp model) {
  return coarsestRoundoff(*model.getOps<KernelOp>().begin()) > 0x1p-24;
}

namespace {
struct OutputErrors {
  ErrorSum values, kernel, model;
  ErrorSum own; ///< of torch's fp32 operators, where it was asked for

  double drop() const { return values.rms() > 0 ? kernel.rms() / values.rms() : 0; }
  /// Rule 4 and rule 5, as errors over their bounds.
  double ratio(double u) const {
    double rms = mostRms(std::max(model.rms(), own.rms()), values.rms(), u) + 1e-6;
    double most = 4 * std::max(model.most, own.most) + 4 * u * values.most + 1e-5;
    return std::max(kernel.rms() / rms, kernel.most / most);
  }
};

/// A kernel is validated on so many calls of the calibration at most.
constexpr size_t mostSamples = 8;

class PrecisionCheck {
public:
  PrecisionCheck(KernelUnderTest &file, ArrayRef<Trial> more)
      : file(file), model(modelKernel(file)), more(more) {}

  LogicalResult run(Verdict &verdict);

private:
  static KernelOp modelKernel(KernelUnderTest &file) {
    return *mlir::ModuleOp(*file.model).getOps<KernelOp>().begin();
  }
  std::vector<Trial> plan() const;
  std::unique_ptr<interp::Evaluation> evaluate(const Trial &trial, bool rounds);
  LogicalResult runOne(const Trial &trial, Verdict &verdict);
  LogicalResult judge(Verdict &verdict);
  LogicalResult measureOwn(ArrayRef<Trial> trials);
  LogicalResult checkUnrounded(const interp::Evaluation &oracle, const interp::Evaluation &exact);
  LogicalResult addErrors(unsigned output, const HostTensor &found, const interp::Tensor &modelled,
                          const interp::Tensor &expected);

  KernelUnderTest &file;
  KernelOp model;
  ArrayRef<Trial> more;
  std::vector<OutputErrors> outputs;
};
} // namespace

/// Those of other kernels, and for the statistics the samples, or one random call
/// of a larger batch.
std::vector<Trial> PrecisionCheck::plan() const {
  std::vector<Trial> trials = planTrials(file, /*gradients=*/false);
  llvm::erase_if(trials, [](const Trial &trial) { return trial.inDouble; });
  if (trials.empty())
    return trials;
  Trial more = trials.front();
  if (!file.samples.empty()) {
    for (const auto &inputs : ArrayRef(file.samples).take_front(mostSamples)) {
      more.given = inputs;
      trials.push_back(more);
    }
  } else if (std::optional<InputShapes> many = shapesOf(file, 8)) {
    more.shapes = *many;
    more.seed += trials.size();
    trials.push_back(more);
  }
  return trials;
}

std::unique_ptr<interp::Evaluation> PrecisionCheck::evaluate(const Trial &trial, bool rounds) {
  interp::Environment environment;
  for (const std::optional<HostTensor> &input : makeInputs(file.reference(), trial))
    environment.inputs.push_back(input ? std::optional(interp::toTensor(*input)) : std::nullopt);
  const WeightStore &weights = rounds ? file.weights : file.exactWeights;
  environment.state = [&](StringRef name) { return interp::toTensor(*weights.lookup(name)); };
  environment.rounds = rounds;
  return interp::evaluate(model, environment);
}

LogicalResult PrecisionCheck::checkUnrounded(const interp::Evaluation &oracle,
                                             const interp::Evaluation &exact) {
  for (auto [i, expected] : llvm::enumerate(oracle.outputs)) {
    HostTensor found = interp::toHost(exact.outputs[i], DType::f64);
    Comparison difference = compare(found, expected, Bound::fp64());
    if (!difference.passed())
      return emitError(file.reference().getLoc())
             << "the optimised kernel differs from the reference before any rounding: output " << i
             << ": " << difference.text();
  }
  return success();
}

LogicalResult PrecisionCheck::addErrors(unsigned output, const HostTensor &found,
                                        const interp::Tensor &modelled,
                                        const interp::Tensor &expected) {
  std::vector<double> values = found.toDoubles();
  if (found.shape() != expected.shape())
    return emitError(file.reference().getLoc()) << "output " << output << " has another shape";
  for (size_t i = 0; i < values.size(); ++i) {
    double want = expected[int64_t(i)], model = modelled[int64_t(i)];
    if (!std::isfinite(want))
      continue;
    if (!std::isfinite(values[i]))
      return emitError(file.reference().getLoc())
             << "output " << output << ": element " << i << " is " << values[i] << ", expected "
             << want << ": the numbers do not fit into this precision";
    outputs[output].values.add(want);
    outputs[output].kernel.add(values[i] - want);
    if (std::isfinite(model))
      outputs[output].model.add(model - want);
  }
  return success();
}

LogicalResult PrecisionCheck::runOne(const Trial &trial, Verdict &verdict) {
  FailureOr<TrialResult> result = runTrial(file, trial);
  ++verdict.runs;
  if (failed(result))
    return failure();
  // What lies outside of calibrated ranges is clamped, whatever the error.
  bool counts = file.samples.empty() || !trial.given.empty();
  std::unique_ptr<interp::Evaluation> exact = evaluate(trial, false);
  if (!exact || failed(checkUnrounded(*result->oracle, *exact)))
    return failure();
  outputs.resize(result->oracle->outputs.size());
  if (!counts)
    return success();
  std::unique_ptr<interp::Evaluation> rounded = evaluate(trial, true);
  if (!rounded)
    return failure();
  for (unsigned i = 0; i < outputs.size(); ++i)
    if (failed(addErrors(i, result->kernel.outputs[i], rounded->outputs[i],
                         result->oracle->outputs[i])))
      return failure();
  return success();
}

LogicalResult PrecisionCheck::run(Verdict &verdict) {
  std::vector<Trial> trials = plan();
  if (trials.empty())
    return failure();
  llvm::append_range(trials, more);
  for (const Trial &trial : trials)
    if (failed(runOne(trial, verdict)))
      return failure();
  double roundoff = coarsestRoundoff(model);
  if (llvm::any_of(outputs, [&](auto &errors) { return errors.ratio(roundoff) > 1; }) &&
      failed(measureOwn(trials)))
    return failure();
  return judge(verdict);
}

/// An output may hang on nothing that is narrow, and fp32 be all its error.
LogicalResult PrecisionCheck::measureOwn(ArrayRef<Trial> trials) {
  KernelUnderTest *plain = plainFile(file);
  if (!plain)
    return failure();
  for (const Trial &trial : trials) {
    FailureOr<TrialResult> result = runTrial(*plain, trial);
    if (failed(result))
      return failure();
    for (auto [i, errors] : llvm::enumerate(outputs)) {
      std::vector<double> values = result->kernel.outputs[i].toDoubles();
      for (size_t at = 0; at < values.size(); ++at)
        if (double error = values[at] - result->oracle->outputs[i][int64_t(at)];
            std::isfinite(error))
          errors.own.add(error);
    }
  }
  return success();
}

LogicalResult PrecisionCheck::judge(Verdict &verdict) {
  double roundoff = coarsestRoundoff(model);
  for (auto [i, errors] : llvm::enumerate(outputs)) {
    verdict.worstError = std::max(verdict.worstError, errors.kernel.most);
    verdict.worstRatio = std::max(verdict.worstRatio, errors.ratio(roundoff));
    verdict.drop = std::max(verdict.drop, errors.drop());
    if (errors.drop() > file.dropLimit)
      file.reference().emitWarning() << "output " << i << ": the rms error is " << errors.drop()
                                     << " of the result's rms, above " << file.dropLimit;
    if (errors.ratio(roundoff) > 1)
      return emitError(file.reference().getLoc())
             << "output " << i << ": the rms error of the emitted kernel is " << errors.kernel.rms()
             << " and the largest " << errors.kernel.most << ", where its types explain "
             << errors.model.rms() << " and " << errors.model.most;
  }
  return success();
}

LogicalResult tez::checkPrecision(KernelUnderTest &file, Verdict &verdict, ArrayRef<Trial> more) {
  llvm::append_range(verdict.notes, file.notes);
  return PrecisionCheck(file, more).run(verdict);
}
