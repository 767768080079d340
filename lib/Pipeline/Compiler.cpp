//===- Compiler.cpp - From a blueprint to a kernel file -------------------===//

#include "tez/Pipeline/Compiler.h"
#include "Compilation.h"
#include "Depiction.h"
#include "Plugins.h"
#include "Records.h"
#include "Remarks.h"
#include "tez/Analysis/Elements.h"
#include "tez/Analysis/Shapes.h"
#include "tez/Artifact/Archive.h"
#include "tez/Pipeline/Pipelines.h"
#include "tez/Pipeline/Rebuild.h"
#include "tez/Pipeline/Registration.h"
#include "tez/Transforms/Passes.h"
#include "tez/Validate/DerivedWeights.h"
#include "tez/Validate/Passes.h"
#include "tez/Weights/KernelWeights.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SaveAndRestore.h"
#include <chrono>

using namespace mlir;
using namespace tez;

LogicalResult Compilation::fail(Outcome outcome, llvm::Error error) {
  result.outcome = outcome;
  return emitError(UnknownLoc::get(&context)) << llvm::toString(std::move(error));
}

LogicalResult Compilation::environmentError(llvm::Error error) {
  return fail(Outcome::Environment, std::move(error));
}

/// Before the blueprint is read: what is wrong with the command line is not its fault.
LogicalResult Compilation::preparePlugins() {
  if (llvm::Error error = loadPassPlugins(options.plugins))
    return environmentError(std::move(error));
  if (llvm::Error error = addPassesByFlag(pluginPasses, options.pluginPasses))
    return fail(Outcome::Usage, std::move(error));
  return success();
}

/// TorchScript has neither hooks nor functions with a backward of their own, and every derivative
/// that torch ships is linear in the incoming gradient, which clipping is not.
static LogicalResult checkTrains(esper::KernelOp kernel) {
  bool good = true;
  for (auto clip : kernel.getBody().getOps<esper::ClipGradientOp>()) {
    emitError(clip.getLoc())
        << "a kernel that trains cannot clip gradients in its backward pass: TorchScript has no "
           "form for it; leave it out and clip in the host (torch.nn.utils.clip_grad_norm_), or "
           "compile for inference (--for=infer), where it is dropped";
    good = false;
  }
  return success(good);
}

LogicalResult Compilation::import() {
  module = blueprint::importBlueprint(source, context, options.import, sink);
  if (!module)
    return failure();
  auto kernel = *module->getOps<esper::KernelOp>().begin();
  if (failed(checkElements(kernel, options.import.limits.elements)))
    return failure();
  if (options.purpose == Purpose::Train && failed(checkTrains(kernel)))
    return failure();
  reference = module->clone();
  for (auto param : kernel.getBody().getOps<esper::ParamOp>())
    result.parameterCount += param.getType().getNumElements();
  if (options.depict)
    result.depiction = depict(*module);
  countRewrites();
  return success();
}

//===----------------------------------------------------------------------===//
// What the kernel is, and whether it was made before
//===----------------------------------------------------------------------===//

LogicalResult Compilation::findIdentity() {
  if ((options.stopAfter || !options.torchscript) && !options.identifyOnly)
    return success(); // no torch for what needs none
  auto kernel = *reference->getOps<esper::KernelOp>().begin();
  const WeightStore *own = nullptr;
  if (!options.weights.empty()) {
    llvm::Expected<WeightStore> read = loadWeights(kernel);
    if (!read)
      return environmentError(read.takeError());
    own = &*weights;
  }
  llvm::Expected<Identity> identity = identify(kernel, options, own);
  if (!identity)
    return environmentError(identity.takeError());
  result.identity = std::move(*identity);
  return success();
}

/// Does the user want to see the passes at work.
bool Compilation::observes() const {
  return options.rewrites.count || options.statistics || options.timing ||
         !options.remarks.empty() || !options.printBefore.empty() || !options.printAfter.empty();
}

/// What evidence a kernel has.
static std::string validationOf(const CompileOptions &options) {
  if (!options.validate)
    return "left out";
  return options.checks.empty() ? "done" : llvm::join(options.checks, ", ");
}

void Compilation::consultCache() {
  if (options.cache.empty() || options.stopAfter || !options.torchscript)
    return;
  cache.emplace(options.cache, *result.identity, validationOf(options));
  if (observes()) {
    result.cache = CacheAnswer{false, "not asked: the passes are to be seen at work\n"};
    return;
  }
  std::string warning;
  std::optional<CompileCache::Kernel> kernel = cache->find(warning);
  if (!warning.empty())
    emitWarning(UnknownLoc::get(&context)) << warning;
  if (!kernel) {
    result.cache = CacheAnswer{false, cache->explainMiss()};
    return;
  }
  result.cache = CacheAnswer{true, "hit: " + cache->path() + "\n"};
  result.bytes = std::move(kernel->archive);
  result.evidence = std::move(kernel->evidence);
  machineCode = std::move(kernel->machineCode);
}

/// A cache that cannot be written costs time and nothing else.
void Compilation::fillCache() {
  if (!cache || result.cache->hit)
    return;
  if (llvm::Error error = cache->store(result.bytes, result.evidence, machineCode))
    emitWarning(UnknownLoc::get(&context)) << llvm::toString(std::move(error));
}

LogicalResult Compilation::runPasses(PassManager &passes) {
  if (!rehearsing)
    observer.attach(passes);
  if (!counter)
    return passes.run(*module);
  LogicalResult ran = counter->run(passes, *module);
  result.rewrites = counter->applied();
  return ran;
}

/// What simplify and lower rewrite when nothing stops them, tried on a copy.
RewriteList Compilation::rehearse() {
  OwningOpRef<mlir::ModuleOp> original = module->clone();
  ScopedDiagnosticHandler silence(&context, [](Diagnostic &) { return success(); });
  counter = std::make_unique<RewriteCounter>(source);
  rehearsing = true;
  if (succeeded(simplify()))
    (void)lower();
  rehearsing = false;
  module = std::move(original);
  return counter->applied();
}

/// A number means the same whatever is left out: the list is made with all of
/// them first, and then cut.
void Compilation::countRewrites() {
  const RewriteChoice &choice = options.rewrites;
  bool unasked = result.depiction && listsRewrites(*result.depiction);
  if (!choice.counts() && !options.statistics && !unasked)
    return;
  if (!choice.most && !choice.only) {
    counter = std::make_unique<RewriteCounter>(source);
    return;
  }
  RewriteList chosen = choice.only ? *choice.only : rehearse();
  if (choice.most && *choice.most < chosen.size())
    chosen.resize(*choice.most);
  counter = std::make_unique<RewriteCounter>(source, &chosen);
}

LogicalResult Compilation::runPipeline(void (*build)(OpPassManager &, const CompileOptions &)) {
  PassManager passes(&context);
  passes.enableVerifier(options.tier != "fast");
  build(passes, options);
  result.outcome = Outcome::Invalid; // a pass that fails is not the blueprint's fault
  return runPasses(passes);
}

/// The verifier runs after a pass that is not ours, whatever the tier.
LogicalResult Compilation::simplify() {
  if (failed(runPipeline(buildSimplifyPipeline)) || failed(planPrecision()) ||
      failed(runPipeline(buildPrecisionPipeline)))
    return failure();
  if (!options.pluginPasses.empty() && failed(runPasses(pluginPasses)))
    return failure();
  if (options.depict && !rehearsing)
    result.depiction->after = drawnGraph(*module);
  if (options.precision == Precision::Fp32)
    return success();
  model = makeModel();
  return success(bool(model));
}

LogicalResult Compilation::planPrecision() {
  if (options.precision != Precision::Int8)
    return success();
  llvm::Expected<WeightStore> weights = loadWeights(*reference->getOps<esper::KernelOp>().begin());
  if (!weights)
    return environmentError(weights.takeError());
  QuantizationOptions wanted = options.quantization;
  wanted.seed = options.seed;
  result.outcome = Outcome::Usage;                     // a sample that does not fit
  llvm::SaveAndRestore<bool> silent(rehearsing, true); // the planner tries passes
  FailureOr<QuantizationPlan> plan = planQuantization(*module, *weights, wanted);
  if (failed(plan))
    return failure();
  result.quantization = std::move(*plan);
  return success();
}

/// The kernel as the interpreter takes it.
OwningOpRef<mlir::ModuleOp> Compilation::makeModel() {
  OwningOpRef<mlir::ModuleOp> copy = module->clone();
  PassManager passes(&context);
  passes.addNestedPass<esper::KernelOp>(createDecomposeComposites());
  return failed(passes.run(*copy)) ? OwningOpRef<mlir::ModuleOp>() : std::move(copy);
}

LogicalResult Compilation::lower() {
  if (admitsMachineCode(options) && !options.cpus.empty() && !rehearsing)
    optimized = module->clone();
  return runPipeline(buildLowerPipeline);
}

llvm::Expected<WeightStore> Compilation::readWeights(esper::KernelOp kernel) const {
  if (options.weights.empty())
    return initialWeights(kernel, options.seed);
  llvm::Expected<WeightStore> dict = given ? *given : readStateDict(options.weights);
  if (!dict)
    return dict.takeError();
  llvm::Expected<WeightStore> fitting = weightsFor(kernel, *dict);
  if (!fitting)
    return llvm::createStringError(options.weights + ": " + llvm::toString(fitting.takeError()));
  return fitting;
}

/// A plan of precision needs them before emission does.
llvm::Expected<WeightStore> Compilation::loadWeights(esper::KernelOp kernel) {
  if (!weights) {
    llvm::Expected<WeightStore> read = readWeights(kernel);
    if (!read)
      return read.takeError();
    weights = std::move(*read);
  }
  return *weights;
}

LogicalResult Compilation::emit() {
  result.outcome = Outcome::Environment;
  auto kernel = *reference->getOps<esper::KernelOp>().begin();
  llvm::Expected<WeightStore> weights = loadWeights(kernel);
  if (!weights)
    return environmentError(weights.takeError());
  llvm::Expected<TorchRuntime *> runtime = getTorchRuntime();
  if (!runtime)
    return environmentError(runtime.takeError());
  result.outcome = Outcome::Invalid; // what torch does not take is our fault, as a pass that fails
  auto lowered = *module->getOps<ts::ModuleOp>().begin();
  if (!options.validate) {
    if (failed(addDerivedWeights(lowered, *weights)))
      return failure();
    llvm::Expected<std::string> bytes = (*runtime)->emit(lowered, *weights, {});
    if (!bytes)
      return fail(Outcome::Invalid, bytes.takeError());
    result.bytes = std::move(*bytes);
    return makeMachineCode(*weights);
  }
  file = emitForValidation(lowered, kernel, std::move(*weights), options.seed, std::move(model));
  if (!file || failed(makeMachineCode(file->weights)))
    return failure();
  file->benchBudget = options.target == "cpu" ? options.benchBudget : 0;
  file->limits = options.suiteLimits;
  file->limits.wallSeconds = 3 * file->limits.cpuSeconds;
  if (options.given) {
    file->foreign = !isSameKernel(*options.given, file->bytes);
    file->bytes = *options.given;
    if (failed(compareMachineCode()))
      return failure();
  }
  setSamples();
  return success();
}

/// Errors are judged where the ranges come from.
void Compilation::setSamples() {
  if (options.precision != Precision::Int8)
    return;
  file->dropLimit = options.quantization.maxDrop;
  size_t count = file->reference().getNumArguments();
  for (auto [i, sample] : llvm::enumerate(options.quantization.samples)) {
    if (i % count == 0)
      file->samples.emplace_back();
    file->samples.back().push_back(sample.tensor);
  }
}

LogicalResult Compilation::validate() {
  if (!options.validate)
    return success();
  result.outcome = Outcome::Invalid;
  PassManager passes(&context);
  passes.enableVerifier(false);
  passes.addPass(createValidatePass(file, options.checks));
  passes.enableTiming(observer.time());
  LogicalResult passed = passes.run(*module);
  result.verdicts = file->verdicts;
  if (succeeded(passed))
    result.bytes = std::move(file->bytes);
  else if (!smallestShapes(file->reference(), 2))
    result.outcome = Outcome::BadBlueprint; // it could not even be called
  return passed;
}

/// For a report. A kernel from the cache has no lowered module that would tell what is what.
void Compilation::timeOperators() {
  if (!result.depiction || result.bytes.empty())
    return;
  if (auto lowered = module->getOps<ts::ModuleOp>(); !lowered.empty())
    addOperatorTimes(*lowered.begin(), *reference->getOps<esper::KernelOp>().begin(), result.bytes,
                     *result.depiction);
}

/// The records of torch stay as they were validated; ours come behind them.
LogicalResult Compilation::seal() {
  if (result.evidence.empty())
    result.evidence = renderEvidence(options, result);
  ExtraRecords records = makeRecords(source, options, result, *reference);
  records.insert(machineCode.begin(), machineCode.end());
  llvm::Expected<std::string> sealed = sealArchive(result.bytes, records);
  result.bytes.clear();
  if (!sealed)
    return environmentError(sealed.takeError());
  result.bytes = std::move(*sealed);
  fillCache();
  return success();
}

/// The counter numbers executions as the observer lists them.
void Compilation::finishStatistics() {
  result.statistics = observer.statistics; // so far
  for (const AppliedRewrite &rewrite : result.rewrites)
    if (rewrite.execution <= result.statistics.size())
      ++result.statistics[rewrite.execution - 1].rewrites;
}

/// Where all is at hand that is made of the kernel.
Phase Compilation::lastPhase() const {
  if (options.torchscript)
    return Phase::Validate;
  return options.program ? Phase::Lower : Phase::Import;
}

/// Until one fails, the last that was asked for, or a kernel that was made before.
LogicalResult Compilation::runPhases() {
  using Clock = std::chrono::steady_clock;
  static constexpr LogicalResult (Compilation::*phases[])() = {
      &Compilation::import, &Compilation::simplify, &Compilation::lower, &Compilation::emit,
      &Compilation::validate};
  for (auto [i, phase] : llvm::enumerate(phases)) {
    Clock::time_point start = Clock::now();
    observer.begin(Phase(i));
    LogicalResult passed = (this->*phase)();
    std::chrono::duration<double, std::milli> took = Clock::now() - start;
    result.times.push_back({Phase(i), took.count()});
    finishStatistics();
    if (failed(passed) || (Phase(i) == Phase::Import && failed(findIdentity())))
      return failure();
    if (Phase(i) == Phase::Import)
      consultCache();
    if (options.stopAfter == Phase(i) || Phase(i) == lastPhase() ||
        (result.cache && result.cache->hit))
      break;
  }
  return success();
}

CompileResult Compilation::run() {
  if (failed(preparePlugins()))
    return std::move(result);
  if (failed(runPhases()) || failed(exportProgram()) || failed(exportOnnx())) {
    result.bytes.clear();
    return std::move(result);
  }
  timeOperators();
  if (!result.bytes.empty() && failed(seal()))
    return std::move(result);
  if (options.stopAfter) {
    llvm::raw_string_ostream stream(result.ir);
    module->print(stream);
  }
  result.outcome = Outcome::Done;
  return std::move(result);
}

std::optional<ScheduleRecord> tez::findSchedules(const json::Source &source,
                                                 const CompileOptions &options,
                                                 json::DiagnosticSink &sink,
                                                 const ScheduleRecord &known, bool measures) {
  return Compilation(source, options, sink).findSchedules(known, measures);
}

CompileResult tez::compile(const json::Source &source, const CompileOptions &options,
                           json::DiagnosticSink &sink) {
  return Compilation(source, options, sink).run();
}

CompileResult tez::compile(const json::Source &source, const CompileOptions &options,
                           WeightStore given, json::DiagnosticSink &sink) {
  return Compilation(source, options, sink, &given).run();
}
