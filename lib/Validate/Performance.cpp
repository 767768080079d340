//===- Performance.cpp - Is the kernel slower than its reference ----------===//
//
// Kernel and reference (torch's operators one by one) take turns in the order ABBA,
// so that drift of the machine meets both. A sample lasts a millisecond or more. The
// ratio of the medians has an interval by the bootstrap (Efron 1979); it must lie
// below the limit to pass and above it to fail. Both run as torch's interpreter takes
// them: its optimising executor compiles each graph in the first calls, for longer than
// the whole budget.
//
//===----------------------------------------------------------------------===//

#include "Suite.h"
#include "Trial.h"
#include <chrono>
#include <cmath>
#include <fstream>
#include <random>

using namespace mlir;
using namespace tez;

static constexpr double mostRatio = 2, leastSample = 1; ///< times the reference; milliseconds
static constexpr unsigned leastPairs = 5, resamples = 400;
/// Of the processor's time that other guests of the machine took.
static constexpr double mostStolen = 0.1;

namespace {
using Clock = std::chrono::steady_clock;

/// Ticks of all processors since the start of the machine, from /proc/stat.
struct Ticks {
  double total = 0, stolen = 0;

  static Ticks now() {
    std::ifstream file("/proc/stat");
    std::string word;
    file >> word;
    Ticks ticks;
    double value = 0;
    for (int column = 0; column < 8 && file >> value; ++column) {
      ticks.total += value;
      ticks.stolen = column == 7 ? value : 0;
    }
    return ticks;
  }
};

/// The two that take turns with one call.
struct Runners {
  LoadedKernel &kernel, &reference;
  RunRequest request;
  unsigned kernelCalls = 1, referenceCalls = 1; ///< a sample
};
} // namespace

static double median(std::vector<double> values) {
  auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Pairs are drawn together: what disturbed one disturbed the other.
static void estimate(PairedTimes &race) {
  race.ratio = median(race.kernel) / median(race.reference);
  std::mt19937_64 random(1);
  std::vector<double> ratios;
  std::vector<double> kernel(race.kernel.size()), reference(race.kernel.size());
  for (unsigned i = 0; i < resamples; ++i) {
    for (size_t k = 0; k < kernel.size(); ++k) {
      size_t pair = random() % kernel.size();
      kernel[k] = race.kernel[pair];
      reference[k] = race.reference[pair];
    }
    ratios.push_back(median(kernel) / median(reference));
  }
  llvm::sort(ratios);
  race.low = ratios[size_t(0.025 * resamples)];
  race.high = ratios[size_t(0.975 * resamples)];
}

static unsigned callsASample(double milliseconds) {
  return unsigned(std::clamp(std::ceil(leastSample / std::max(milliseconds, 1e-4)), 1.0, 1e4));
}

static llvm::Error addPair(Runners &runners, bool kernelFirst, PairedTimes &race) {
  for (bool ofKernel : {kernelFirst, !kernelFirst}) {
    auto time = ofKernel ? runners.kernel.timeCalls(runners.request, runners.kernelCalls)
                         : runners.reference.timeCalls(runners.request, runners.referenceCalls);
    if (!time)
      return time.takeError();
    (ofKernel ? race.kernel : race.reference).push_back(*time);
  }
  return llvm::Error::success();
}

static bool isDecided(const PairedTimes &race) {
  return race.kernel.size() >= leastPairs && (race.high < mostRatio || race.low > mostRatio);
}

/// Until the budget is used up: more samples make a better plot, and a closer interval.
static llvm::Error measure(Runners &runners, double budget, PairedTimes &race) {
  Clock::time_point end = Clock::now() + std::chrono::microseconds(int64_t(1000 * budget));
  for (auto [kernel, calls] : {std::pair(&runners.kernel, &runners.kernelCalls),
                               {&runners.reference, &runners.referenceCalls}}) {
    auto once = kernel->timeCalls(runners.request, 1);
    if (!once)
      return once.takeError();
    *calls = callsASample(*once);
  }
  for (bool kernelFirst = true; Clock::now() < end; kernelFirst = !kernelFirst)
    if (llvm::Error error = addPair(runners, kernelFirst, race))
      return error;
  if (race.kernel.size() >= leastPairs)
    estimate(race);
  return llvm::Error::success();
}

static Answer decide(const PairedTimes &race, double stolen, Verdict &verdict) {
  if (race.kernel.size() < leastPairs)
    verdict.notes.push_back("the budget was enough for " + std::to_string(race.kernel.size()) +
                            " pairs of samples, " + std::to_string(leastPairs) + " are needed");
  else if (stolen > mostStolen)
    verdict.notes.push_back("other guests of the machine took too much of its time");
  else if (isDecided(race))
    return race.high < mostRatio ? Answer::Pass : Answer::Fail;
  return Answer::Undecided;
}

/// The answer of one race is in the verdict then.
static llvm::Error raceOnce(Runners &runners, double budget, Verdict &verdict) {
  PairedTimes race;
  Ticks before = Ticks::now();
  if (llvm::Error error = measure(runners, budget, race))
    return error;
  Ticks after = Ticks::now();
  double passed = std::max(after.total - before.total, 1.0);
  verdict.answer = decide(race, (after.stolen - before.stolen) / passed, verdict);
  verdict.runs += unsigned(2 * race.kernel.size());
  verdict.race = std::move(race);
  return llvm::Error::success();
}

LogicalResult tez::raceKernels(KernelUnderTest &file, LoadedKernel &kernel, LoadedKernel &reference,
                               const RunRequest &request, Verdict &verdict) {
  Runners runners{kernel, reference, request};
  llvm::Error error = raceOnce(runners, file.benchBudget, verdict);
  // What slowed one side of a race down is seldom there in the next: two have to fail.
  if (!error && verdict.answer == Answer::Fail)
    error = raceOnce(runners, file.benchBudget, verdict);
  if (error)
    return file.lowered.emitError() << llvm::toString(std::move(error));
  const PairedTimes &race = *verdict.race;
  if (verdict.answer == Answer::Fail)
    return file.lowered.emitError()
           << "the " << file.subject << " takes " << race.ratio
           << " times as long as torch's operators one by one (95 %: " << race.low << " to "
           << race.high << ", limit " << mostRatio << ")";
  return success();
}

/// A trained kernel is timed forward and backward in training mode, as a host runs it. In
/// copies: buffers move on while they are timed.
LogicalResult tez::checkPerformance(KernelUnderTest &file, Verdict &verdict) {
  KernelUnderTest *plain = plainFile(file);
  std::optional<RunRequest> request = firstCall(file, file.lowered.getTrainable());
  verdict.answer = Answer::Undecided;
  if (!plain || !request || file.benchBudget <= 0)
    return success();
  auto kernel = file.loaded->deepCopy(), reference = plain->loaded->deepCopy();
  if (!kernel || !reference)
    return llvm::consumeError(kernel.takeError()), llvm::consumeError(reference.takeError()),
           success();
  return raceKernels(file, **kernel, **reference, *request, verdict);
}
