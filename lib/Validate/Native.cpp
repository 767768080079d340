//===- Native.cpp - Machine code against the oracle -----------------------===//

#include "Suite.h"
#include "Trial.h"
#include "tez/Analysis/Cost.h"
#include "tez/Dialect/Esper/ConcreteShapes.h"
#include "tez/Native/Runner.h"

using namespace mlir;
using namespace tez;

namespace {
/// Machine code as a kernel that the other checks can run: calls in fp32 between guard
/// pages, at both ends; all others are the portable graph's.
class NativeKernel : public LoadedKernel {
public:
  NativeKernel(std::unique_ptr<native::Runner> runner, KernelUnderTest &file)
      : runner(std::move(runner)), file(file) {}

  llvm::Expected<RunResult> run(const RunRequest &request) override;
  llvm::Expected<double> time(const RunRequest &request, double budget) override {
    return file.loaded->time(request, budget);
  }
  llvm::Expected<std::vector<OperatorTime>> timeOperators(const RunRequest &request,
                                                          double budget) override {
    return file.loaded->timeOperators(request, budget);
  }
  llvm::Expected<double> timeCalls(const RunRequest &request, unsigned calls) override {
    return runner->milliseconds(inputsOf(request), calls);
  }
  llvm::Expected<GraftResult> graft(const GraftRequest &request) override {
    return file.loaded->graft(request);
  }
  llvm::Expected<std::unique_ptr<LoadedKernel>> deepCopy() override {
    return file.loaded->deepCopy();
  }
  NamedTensors parameters() const override { return file.loaded->parameters(); }
  NamedTensors buffers() const override { return file.loaded->buffers(); }
  std::string source() const override { return file.loaded->source(); }

private:
  static std::vector<HostTensor> inputsOf(const RunRequest &request);

  std::unique_ptr<native::Runner> runner;
  KernelUnderTest &file;
};
} // namespace

std::vector<HostTensor> NativeKernel::inputsOf(const RunRequest &request) {
  std::vector<HostTensor> inputs;
  for (const std::optional<HostTensor> &input : request.inputs)
    inputs.push_back(*input);
  return inputs;
}

llvm::Expected<RunResult> NativeKernel::run(const RunRequest &request) {
  if (request.inDouble || request.onMeta || !request.parameters.empty())
    return file.kernel(request.inDouble)->run(request);
  std::vector<HostTensor> inputs = inputsOf(request);
  RunResult result;
  for (native::Guard guard : {native::Guard::End, native::Guard::Begin}) {
    auto outputs = runner->run(inputs, guard);
    if (!outputs)
      return outputs.takeError();
    RunResult placed;
    placed.outputs = std::move(*outputs);
    if (guard == native::Guard::Begin && !firstDifference(result, placed).empty())
      return llvm::createStringError("machine code whose result depends on where its tensors lie");
    result = std::move(placed);
  }
  return result;
}

/// The reference; of images with the one size that the code is made for.
static OwningOpRef<ModuleOp> oracleOf(KernelUnderTest &file, const native::MachineCode &code) {
  if (!code.hasImages())
    return file.oracle->clone();
  InputShapes shapes;
  for (const native::Argument &argument : code.arguments)
    if (argument.kind == native::Argument::Kind::Input) {
      shapes.push_back({ShapedType::kDynamic});
      llvm::append_range(shapes.back(), argument.sizes());
    }
  return withInputShapes(file.reference(), shapes);
}

/// `file` with its machine code in place of its graph.
static std::unique_ptr<KernelUnderTest> nativeTwin(KernelUnderTest &file,
                                                   const native::MachineCode &code,
                                                   std::unique_ptr<native::Runner> runner) {
  auto twin = std::make_unique<KernelUnderTest>();
  twin->lowered = file.lowered;
  twin->oracle = oracleOf(file, code);
  twin->weights = file.weights;
  twin->runtime = file.runtime;
  twin->seed = file.seed;
  twin->subject = "machine code";
  twin->onlyFp32 = true;
  (void)plainFile(file); // asked of the twin it would be the twin itself
  twin->plain = file.plain;
  if (file.model) {
    twin->model = mlir::ModuleOp(*file.model).clone();
    twin->exactWeights = file.exactWeights;
    twin->samples = file.samples;
    twin->dropLimit = file.dropLimit;
  }
  twin->loaded = std::make_unique<NativeKernel>(std::move(runner), file);
  return twin;
}

/// `rows` rows in all, where the sizes that a kernel is declared with leave that open; of code for
/// samples two samples of as many.
static void setRows(KernelUnderTest &file, Trial &trial, int64_t rows, bool samples) {
  for (auto [shape, type] : llvm::zip(trial.shapes, file.reference().getArgumentTypes())) {
    shape.assign(cast<ShapedType>(type).getShape());
    for (int64_t &size : shape)
      if (ShapedType::isDynamic(size))
        size = samples == (&size == shape.begin()) ? (samples ? 2 : 1) : rows;
  }
}

/// Rows enough for every tile, and for what is left of each; of samples also for several blocks of
/// keys. An image meets all tiles by itself.
static SmallVector<int64_t> rowCounts(const native::MachineCode &code, bool large) {
  if (code.hasImages())
    return large ? SmallVector<int64_t>{0, 2} : SmallVector<int64_t>{0, 1, 2, 3};
  auto counts = llvm::to_vector(llvm::seq<int64_t>(0, 28));
  if (code.samples)
    counts.append({63, 65, 130});
  return counts;
}

/// Of the numbers of rows, the one that races are run with: two.
static constexpr size_t racedRows = 2;

/// Calls with each of those numbers of rows. Empty after an error.
static std::vector<Trial> trialsOfRows(KernelUnderTest &twin, const native::MachineCode &code,
                                       bool large) {
  std::vector<Trial> planned = planTrials(twin, /*gradients=*/false), trials;
  if (planned.empty())
    return trials;
  for (int64_t rows : rowCounts(code, large)) {
    Trial &trial = trials.emplace_back(planned.front());
    trial.training = trial.inDouble = false;
    trial.seed = twin.seed + rows;
    setRows(twin, trial, rows, code.samples);
  }
  return trials;
}

/// Values of fewer bits are judged over all calls together, by checkPrecision.
static LogicalResult checkRows(KernelUnderTest &twin, const native::MachineCode &code, bool large,
                               Verdict &verdict) {
  std::vector<Trial> trials = trialsOfRows(twin, code, large);
  for (const Trial &trial : trials) {
    FailureOr<TrialResult> result = runTrial(twin, trial);
    if (failed(result) || (!twin.model && failed(judgeOutputs(twin, trial, *result, verdict))))
      return failure();
    ++verdict.runs;
  }
  return success(!trials.empty());
}

/// The interpreter takes some seconds for one image, which cannot be made smaller as for the graph.
static bool hasLargeImages(KernelUnderTest &file, const native::MachineCode &code) {
  constexpr double much = 1e9;
  return code.hasImages() && analyzeCost(file.reference()).flops > much;
}

/// `check` of all code that this machine can run, or of the twins with checks.
static LogicalResult forEachCode(
    KernelUnderTest &file, bool checked, Verdict &verdict,
    llvm::function_ref<LogicalResult(KernelUnderTest &, const native::MachineCode &)> check) {
  for (const native::MachineCode &code : *file.machineCode) {
    if (!native::Runner::canRun(code.target)) {
      verdict.notes.push_back("code for " + code.target.name + " was not run: this machine cannot");
      continue;
    }
    if (checked && !code.checked)
      return file.lowered.emitError() << "machine code came without its twin with checks";
    auto runner = native::Runner::create(code, checked);
    if (!runner)
      return file.lowered.emitError() << llvm::toString(runner.takeError());
    std::unique_ptr<KernelUnderTest> twin = nativeTwin(file, code, std::move(*runner));
    if (failed(check(*twin, code)))
      return failure();
  }
  return success();
}

/// The code as it is generated with a check before each access: one that reaches from one
/// temporary into the next ends the process, which guard pages would not see.
LogicalResult tez::checkNativeBounds(KernelUnderTest &file, Verdict &verdict) {
  return forEachCode(file, /*checked=*/true, verdict,
                     [&](KernelUnderTest &twin, const native::MachineCode &code) {
                       return checkRows(twin, code, hasLargeImages(file, code), verdict);
                     });
}

LogicalResult tez::checkNative(KernelUnderTest &file, Verdict &verdict) {
  return forEachCode(file, /*checked=*/false, verdict,
                     [&](KernelUnderTest &twin, const native::MachineCode &code) {
                       bool large = hasLargeImages(file, code);
                       if (twin.model)
                         return checkPrecision(twin, verdict, trialsOfRows(twin, code, large));
                       if (failed(checkRows(twin, code, large, verdict)))
                         return failure();
                       if (!large)
                         return success(succeeded(checkOutputs(twin, verdict)) &&
                                        succeeded(checkSpecialInputs(twin, verdict)));
                       verdict.notes.push_back(
                           "code for " + code.target.name +
                           ": the images are large, so no special inputs were tried");
                       return success();
                     });
}

/// The code by itself, without torch's call of it. One of several: what a machine with all of their
/// instructions would take.
LogicalResult tez::checkNativePerformance(KernelUnderTest &file, Verdict &verdict) {
  KernelUnderTest *plain = plainFile(file);
  verdict.answer = Answer::Undecided;
  return forEachCode(file, /*checked=*/false, verdict,
                     [&](KernelUnderTest &twin, const native::MachineCode &code) {
                       std::vector<Trial> trials = trialsOfRows(twin, code, /*large=*/false);
                       if (!plain || trials.empty() || verdict.race)
                         return success();
                       twin.benchBudget = file.benchBudget;
                       return raceKernels(twin, *twin.loaded, *plain->loaded,
                                          makeRequest(twin, trials[racedRows]), verdict);
                     });
}
