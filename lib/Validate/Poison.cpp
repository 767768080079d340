//===- Poison.cpp - Inputs that are no numbers ----------------------------===//

#include "Compare.h"
#include "SpecialInputs.h"
#include "Suite.h"
#include <cmath>

using namespace mlir;
using namespace tez;

/// Rows enough that an index, chosen by a value that is no number or by another, is not the
/// same in all of them; an odd number, for torch's code for what is left behind the last vector
/// keeps a NaN that its vectors lose (the gradient of relu6).
static constexpr int64_t batch = 9;

namespace {
/// Where inputs are no number.
struct Poisoning {
  size_t distance;            ///< of one place to the next, 0: a row
  std::optional<size_t> only; ///< the input, where not all of them
  bool fromLast = false;      ///< else from the first element on
  bool oneSample = false;     ///< else in all of the batch
};
} // namespace

/// The first element of each floating input, the last, every third, or all, or all of one sample,
/// from which statistics of the batch carry it to the others, or the first of every row, so that
/// the gradient of a weight is poisoned through the sums over rows and not by its own factors; and
/// each of several inputs alone, as the others may poison the same results.
static std::vector<Poisoning> planPatterns(ArrayRef<HostTensor> inputs) {
  constexpr size_t once = SIZE_MAX / 2;
  std::vector<Poisoning> patterns = {{once, {}}, {once, {}, true},     {3, {}},
                                     {1, {}},    {1, {}, false, true}, {0, {}}};
  if (llvm::count_if(inputs, isFloating) > 1)
    for (const auto &[index, input] : llvm::enumerate(inputs))
      if (isFloating(input))
        patterns.push_back({1, index});
  return patterns;
}

static std::vector<HostTensor> poisoned(ArrayRef<HostTensor> random, double poison,
                                        const Poisoning &pattern) {
  std::vector<HostTensor> inputs;
  for (const auto &[index, input] : llvm::enumerate(random)) {
    std::vector<double> values = input.toDoubles();
    bool chosen = isFloating(input) && index == pattern.only.value_or(index);
    size_t end = values.size() / (pattern.oneSample ? size_t(batch) : 1);
    size_t row = input.shape().empty() ? 1 : size_t(std::max<int64_t>(1, input.shape().back()));
    for (size_t i = 0; chosen && i < end; i += pattern.distance ? pattern.distance : row)
      values[pattern.fromLast ? values.size() - 1 - i : i] = poison;
    inputs.push_back(HostTensor::fromDoubles(input.dtype(), input.shape(), values));
  }
  return inputs;
}

namespace {
/// What has to be kept. A value that is no number must not be lost.
struct Strictness {
  /// None may appear either, and an infinity is no NaN: where no pass may reorder.
  bool exact;
  /// And what is a number is the same one. In fp32 rounding may be as large as sums that cancel.
  bool numbers;
  /// Of infinities: those of both signs may meet in another order in a sum of gradients.
  bool infinities;
  bool summed = false; ///< the result at hand is such a sum

  bool keeps(double found, double expected, double slack) const {
    if (!std::isfinite(expected) && std::isfinite(found))
      return false;
    if (!exact)
      return true;
    if (!std::isfinite(expected))
      return summed || std::isnan(found) == std::isnan(expected);
    return numbers ? std::fabs(found - expected) <= slack : std::isfinite(found);
  }
};
} // namespace

/// "" or the first place where `kernel` does not keep what `plain` has.
static std::string lostPoison(const RunResult &kernel, const RunResult &plain,
                              Strictness strictness) {
  if (firstDifference(kernel, plain).empty())
    return "";
  for (const auto &[one, other] : llvm::zip(namedResults(kernel), namedResults(plain))) {
    if (one.first != other.first || !other.second)
      continue; // other names, or in another order: "graft" tells
    std::vector<double> expected = other.second->toDoubles(), found(expected.size());
    if (one.second) // a gradient that is not there is one of zeros
      found = one.second->toDoubles();
    strictness.summed = strictness.infinities && StringRef(other.first).starts_with("the gradient");
    double slack = 1e-6 + 1e-2 * largestOf(expected);
    for (size_t k = 0; k < std::min(found.size(), expected.size()); ++k)
      if (!strictness.keeps(found[k], expected[k], slack))
        return other.first + ": element " + std::to_string(k) + " is " + std::to_string(found[k]) +
               ", torch's operators give " + std::to_string(expected[k]);
  }
  return "";
}

/// torch's scaled_dot_product_attention drops a NaN of the scores that is in no value, where a row
/// of them is shorter than the processor's vectors (torch 2.15, CPU): its module of attention does
/// so, too.
static bool isTorchsOwn(KernelUnderTest &file, const RunRequest &request, const RunResult &found,
                        Strictness strictness) {
  KernelUnderTest *attending = attendingFile(file);
  if (!attending)
    return false;
  if (attending == &file)
    return true;
  llvm::Expected<RunResult> own = attending->kernel(request.inDouble)->run(request);
  if (!own)
    return llvm::consumeError(own.takeError()), false;
  return lostPoison(found, *own, strictness).empty();
}

/// Where passes may reorder, infinities may meet that did not; NaN goes the same ways.
static LogicalResult judgePoison(KernelUnderTest &file, const RunRequest &request, StringRef poison,
                                 Verdict &verdict) {
  KernelUnderTest *plain = plainFile(file);
  llvm::Expected<RunResult> found = file.kernel(request.inDouble)->run(request);
  ++verdict.runs;
  if (!plain)
    return llvm::consumeError(found.takeError()), success();
  llvm::Expected<RunResult> own = plain->kernel(request.inDouble)->run(request);
  if (!own || !found) // both refuse what is no number, or neither
    return llvm::consumeError(own.takeError()), llvm::consumeError(found.takeError()), success();
  bool infinities = poison != "NaN", exact = file.lowered.getTrainable() || !infinities;
  Strictness strictness{exact, request.inDouble, infinities};
  std::string lost = lostPoison(*found, *own, strictness);
  if (lost.empty())
    return success();
  if (isTorchsOwn(file, request, *found, strictness)) {
    constexpr StringLiteral note = "a NaN of attention's query or key alone may be lost, as by "
                                   "torch's scaled_dot_product_attention";
    if (!llvm::is_contained(verdict.notes, note))
      verdict.notes.push_back(note.str());
    return success();
  }
  return emitError(file.reference().getLoc())
         << "the emitted kernel hides a " << poison << " of its input: " << lost;
}

namespace {
/// Inputs of some shapes, spoiled in some ways.
class PoisonTrials {
public:
  PoisonTrials(KernelUnderTest &file, const InputShapes &shapes)
      : file(file), random(inputsOf(file, shapes)) {
    trial.shapes = shapes;
    trial.seed = file.seed;
    trial.inDouble = file.runsInDouble() && !file.onlyFp32;
    training = trial;
    training.training = training.gradients = true;
    if (file.lowered.getTrainable())
      oracle = runOracle(file, training);
  }

  ArrayRef<HostTensor> inputs() const { return random; }
  LogicalResult judge(ArrayRef<Poisoning> patterns, Verdict &verdict);

private:
  KernelUnderTest &file;
  std::vector<HostTensor> random;
  Trial trial, training;
  std::unique_ptr<interp::Evaluation> oracle;
};
} // namespace

/// In eval mode, and as it is trained.
LogicalResult PoisonTrials::judge(ArrayRef<Poisoning> patterns, Verdict &verdict) {
  constexpr std::pair<const char *, double> poisons[] = {
      {"NaN", std::numeric_limits<double>::quiet_NaN()},
      {"infinity", std::numeric_limits<double>::infinity()}};
  for (auto [name, poison] : poisons)
    for (const Poisoning &pattern : patterns) {
      trial.given = training.given = poisoned(random, poison, pattern);
      if (failed(judgePoison(file, makeRequest(file, trial), name, verdict)))
        return failure();
      if (oracle &&
          failed(judgePoison(file, makeRequest(file, training, oracle.get()), name, verdict)))
        return failure();
    }
  return success();
}

/// Also once with the smallest shapes: torch has code of its own for sizes of 1, which may lose a
/// NaN that other code keeps.
LogicalResult tez::judgePoisons(KernelUnderTest &file, Verdict &verdict) {
  std::optional<InputShapes> shapes = quietShapes(file, batch);
  if (!shapes)
    return success();
  PoisonTrials trials(file, *shapes);
  if (failed(trials.judge(planPatterns(trials.inputs()), verdict)))
    return failure();
  std::optional<InputShapes> smallest = quietShapes(file, batch, /*skip=*/0);
  return !smallest || *smallest == *shapes
             ? success()
             : PoisonTrials(file, *smallest).judge({{1, {}}}, verdict);
}
