//===- Measure.cpp - How long kernels of one blueprint take ---------------===//

#include "tez/Pipeline/Measure.h"
#include "tez/Analysis/Elements.h"
#include "tez/Analysis/Shapes.h"
#include "tez/Validate/Inputs.h"
#include <chrono>

using namespace mlir;
using namespace tez;

static constexpr double millisecondsABatch = 75;
static constexpr int mostTurns = 5;

namespace {
/// A batch and the call to make with it.
struct MeasuredCall {
  int64_t batch = 0;
  RunRequest request;
};

/// Kernels that take turns with one call.
class Race {
public:
  static llvm::Expected<Race> enter(const std::vector<StringRef> &files);

  /// The least milliseconds of each.
  llvm::Expected<std::vector<double>> run(const RunRequest &request);

private:
  llvm::Error takeTurns(const RunRequest &request, std::vector<double> &least);

  std::vector<std::unique_ptr<LoadedKernel>> kernels;
};
} // namespace

/// Loaded anew for each call: torch's executor fits a kernel to the shapes it sees first.
llvm::Expected<Race> Race::enter(const std::vector<StringRef> &files) {
  llvm::Expected<TorchRuntime *> runtime = getTorchRuntime();
  if (!runtime)
    return runtime.takeError();
  (*runtime)->setThreads(1);
  Race race;
  for (StringRef bytes : files) {
    auto loaded = (*runtime)->load(bytes);
    if (!loaded)
      return loaded.takeError();
    race.kernels.push_back(std::move(*loaded));
  }
  return std::move(race);
}

llvm::Error Race::takeTurns(const RunRequest &request, std::vector<double> &least) {
  double budget = millisecondsABatch / double(mostTurns * kernels.size());
  for (auto [kernel, best] : llvm::zip_equal(kernels, least)) {
    llvm::Expected<double> took = kernel->time(request, budget);
    if (!took)
      return took.takeError();
    best = std::min(best, *took);
  }
  return llvm::Error::success();
}

/// A kernel that is slow overdraws its budget with a single call: fewer turns then.
llvm::Expected<std::vector<double>> Race::run(const RunRequest &request) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> least(kernels.size(), std::numeric_limits<double>::infinity());
  Clock::time_point end =
      Clock::now() + std::chrono::microseconds(int64_t(1000 * millisecondsABatch));
  for (int turn = 0; turn == 0 || (turn < mostTurns && Clock::now() < end); ++turn)
    if (llvm::Error error = takeTurns(request, least))
      return std::move(error);
  return least;
}

static std::vector<MeasuredCall> planCalls(esper::KernelOp kernel, const CompileOptions &options) {
  ScopedDiagnosticHandler silence(kernel.getContext(), [](Diagnostic &) { return success(); });
  std::vector<MeasuredCall> calls;
  for (int64_t batch : measuredBatches) {
    std::optional<InputShapes> shapes = smallestShapes(kernel, batch);
    if (!shapes || failed(checkElements(kernel, options.import.limits.elements, batch)))
      continue;
    MeasuredCall &call = calls.emplace_back();
    call.batch = batch;
    call.request.inputs = randomInputs(kernel, *shapes, options.seed);
  }
  return calls;
}

llvm::Expected<std::vector<Milliseconds>> tez::measureCalls(const json::Source &source,
                                                            const CompileOptions &options,
                                                            const std::vector<StringRef> &files) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  json::DiagnosticList findings;
  auto module = blueprint::importBlueprint(source, context, options.import, findings);
  if (!module)
    return llvm::createStringError("the blueprint cannot be read again to measure its kernels");
  std::vector<Milliseconds> times(files.size());
  for (MeasuredCall &call : planCalls(*module->getOps<esper::KernelOp>().begin(), options)) {
    llvm::Expected<Race> race = Race::enter(files);
    if (!race)
      return race.takeError();
    llvm::Expected<std::vector<double>> least = race->run(call.request);
    if (!least)
      return least.takeError();
    for (auto [time, milliseconds] : llvm::zip_equal(times, *least))
      time[call.batch] = milliseconds;
  }
  return times;
}
