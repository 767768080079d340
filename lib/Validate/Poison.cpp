//===- Poison.cpp - Inputs that are no numbers ----------------------------===//

#include "SpecialInputs.h"
#include "Suite.h"
#include <cmath>

using namespace mlir;
using namespace tez;

/// Rows enough that an index, chosen by a value that is no number or by another, is not the
/// same in all of them.
static constexpr int64_t batch = 8;

namespace {
/// Where inputs are no number.
struct Poisoning {
  size_t distance;            ///< of one place to the next
  std::optional<size_t> only; ///< the input, where not all of them
  bool fromLast = false;      ///< else from the first element on
};
} // namespace

/// The first element of each floating input, the last, every third, or all; and each of several
/// alone, as the others may poison the same results.
static std::vector<Poisoning> planPatterns(ArrayRef<HostTensor> inputs) {
  std::vector<Poisoning> patterns = {
      {SIZE_MAX / 2, {}}, {SIZE_MAX / 2, {}, true}, {3, {}}, {1, {}}};
  if (llvm::count_if(inputs, isFloating) > 1)
    for (const auto &[index, input] : llvm::enumerate(inputs))
      if (isFloating(input))
        patterns.push_back({1, index});
  return patterns;
}

static std::vector<std::optional<HostTensor>> poisoned(ArrayRef<HostTensor> random, double poison,
                                                       const Poisoning &pattern) {
  std::vector<std::optional<HostTensor>> inputs;
  for (const auto &[index, input] : llvm::enumerate(random)) {
    std::vector<double> values = input.toDoubles();
    bool chosen = isFloating(input) && index == pattern.only.value_or(index);
    for (size_t i = 0; chosen && i < values.size(); i += pattern.distance)
      values[pattern.fromLast ? values.size() - 1 - i : i] = poison;
    inputs.push_back(HostTensor::fromDoubles(input.dtype(), input.shape(), values));
  }
  return inputs;
}

/// A value that is no number must not be lost. Where no pass may reorder, none may appear
/// either, and what is a number is the same one.
static bool keepsPoison(double found, double expected, bool exact, double slack) {
  if (!std::isfinite(expected) && std::isfinite(found))
    return false;
  if (!exact)
    return true;
  return std::isfinite(expected) ? std::fabs(found - expected) <= slack
                                 : std::isnan(found) == std::isnan(expected);
}

/// "" or the first place where `kernel` does not keep what `plain` has.
static std::string lostPoison(const RunResult &kernel, const RunResult &plain, bool exact) {
  if (firstDifference(kernel, plain).empty())
    return "";
  for (const auto &[one, other] : llvm::zip(namedResults(kernel), namedResults(plain))) {
    if (one.first != other.first || !other.second)
      continue; // other names, or in another order: "graft" tells
    std::vector<double> expected = other.second->toDoubles(), found(expected.size());
    if (one.second) // a gradient that is not there is one of zeros
      found = one.second->toDoubles();
    double slack = 1e-6 + 1e-2 * largestOf(expected); // fp32 rounding of sums that cancel
    for (size_t k = 0; k < std::min(found.size(), expected.size()); ++k)
      if (!keepsPoison(found[k], expected[k], exact, slack))
        return other.first + ": element " + std::to_string(k) + " is " + std::to_string(found[k]) +
               ", torch's operators give " + std::to_string(expected[k]);
  }
  return "";
}

/// Where passes may reorder, infinities may meet that did not; NaN goes the same ways.
static LogicalResult judgePoison(KernelUnderTest &file, const RunRequest &request, StringRef poison,
                                 Verdict &verdict) {
  KernelUnderTest *plain = plainFile(file);
  llvm::Expected<RunResult> found = file.loaded->run(request);
  ++verdict.runs;
  if (!plain)
    return llvm::consumeError(found.takeError()), success();
  llvm::Expected<RunResult> own = plain->loaded->run(request);
  if (!own || !found) // both refuse what is no number, or neither
    return llvm::consumeError(own.takeError()), llvm::consumeError(found.takeError()), success();
  bool exact = file.lowered.getTrainable() || poison == "NaN";
  std::string lost = lostPoison(*found, *own, exact);
  if (lost.empty())
    return success();
  return emitError(file.reference().getLoc())
         << "the emitted kernel hides a " << poison << " of its input: " << lost;
}

/// In eval mode, and as it is trained.
LogicalResult tez::judgePoisons(KernelUnderTest &file, Verdict &verdict) {
  constexpr std::pair<const char *, double> poisons[] = {
      {"NaN", std::numeric_limits<double>::quiet_NaN()},
      {"infinity", std::numeric_limits<double>::infinity()}};
  std::optional<InputShapes> shapes = quietShapes(file, batch);
  if (!shapes)
    return success();
  Trial training;
  training.shapes = *shapes;
  training.training = training.gradients = true;
  std::unique_ptr<interp::Evaluation> oracle =
      file.lowered.getTrainable() ? runOracle(file, training) : nullptr;
  std::vector<HostTensor> random = inputsOf(file, *shapes);
  for (auto [name, poison] : poisons)
    for (const Poisoning &pattern : planPatterns(random)) {
      RunRequest request;
      request.inputs = poisoned(random, poison, pattern);
      request.seed = file.seed;
      if (failed(judgePoison(file, request, name, verdict)))
        return failure();
      if (!oracle)
        continue;
      RunRequest trained = makeRequest(file, training, oracle.get());
      trained.inputs = request.inputs;
      if (failed(judgePoison(file, trained, name, verdict)))
        return failure();
    }
  return success();
}
