//===- Compiler.cpp - From a blueprint to a kernel file -------------------===//

#include "tez/Pipeline/Compiler.h"
#include "Plugins.h"
#include "tez/Analysis/Shapes.h"
#include "tez/Blueprint/DiagnosticBridge.h"
#include "tez/Pipeline/Pipelines.h"
#include "tez/Pipeline/Registration.h"
#include "tez/Validate/Passes.h"
#include "tez/Weights/KernelWeights.h"
#include <chrono>

using namespace mlir;
using namespace tez;

static constexpr StringRef phaseNames[] = {"import", "simplify", "lower", "emit", "validate"};

StringRef tez::name(Phase phase) { return phaseNames[int(phase)]; }

std::optional<Phase> tez::parsePhase(StringRef text) {
  const auto *found = llvm::find(phaseNames, text);
  return found == std::end(phaseNames) ? std::nullopt
                                       : std::optional(Phase(found - std::begin(phaseNames)));
}

namespace {
/// One compilation: the phases as methods, run in order until one fails.
class Compilation {
public:
  Compilation(const json::Source &source, const CompileOptions &options, json::DiagnosticSink &sink)
      : source(source), options(options), sink(sink), context(MLIRContext::Threading::DISABLED),
        bridge(&context, source, sink), pluginPasses(&context) {
    DialectRegistry registry;
    registerAllDialects(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    context.printOpOnDiagnostic(false);
  }

  CompileResult run();

private:
  LogicalResult preparePlugins();
  LogicalResult import();
  LogicalResult simplify();
  LogicalResult lower();
  LogicalResult emit();
  LogicalResult validate();
  LogicalResult runPipeline(void (*build)(OpPassManager &, const CompileOptions &));
  llvm::Expected<WeightStore> loadWeights(esper::KernelOp kernel);
  LogicalResult environmentError(llvm::Error error);
  LogicalResult fail(Outcome outcome, llvm::Error error);

  const json::Source &source;
  const CompileOptions &options;
  json::DiagnosticSink &sink;
  MLIRContext context;
  blueprint::DiagnosticBridge bridge;
  PassManager pluginPasses; ///< run after simplify
  OwningOpRef<mlir::ModuleOp> module, reference;
  std::shared_ptr<KernelUnderTest> file;
  CompileResult result;
};
} // namespace

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

LogicalResult Compilation::import() {
  module = blueprint::importBlueprint(source, context, options.import, sink);
  if (!module)
    return failure();
  reference = module->clone();
  for (auto param :
       (*reference->getOps<esper::KernelOp>().begin()).getBody().getOps<esper::ParamOp>())
    result.parameterCount += param.getType().getNumElements();
  return success();
}

LogicalResult Compilation::runPipeline(void (*build)(OpPassManager &, const CompileOptions &)) {
  PassManager passes(&context);
  passes.enableVerifier(options.tier != "fast");
  build(passes, options);
  result.outcome = Outcome::Invalid; // a pass that fails is not the blueprint's fault
  return passes.run(*module);
}

/// The verifier runs after a pass that is not ours, whatever the tier.
LogicalResult Compilation::simplify() {
  if (failed(runPipeline(buildSimplifyPipeline)))
    return failure();
  return options.pluginPasses.empty() ? success() : pluginPasses.run(*module);
}
LogicalResult Compilation::lower() { return runPipeline(buildLowerPipeline); }

llvm::Expected<WeightStore> Compilation::loadWeights(esper::KernelOp kernel) {
  if (options.weights.empty())
    return initialWeights(kernel, options.seed);
  llvm::Expected<WeightStore> given = readStateDict(options.weights);
  if (!given)
    return given.takeError();
  llvm::Expected<WeightStore> fitting = weightsFor(kernel, *given);
  if (!fitting)
    return llvm::createStringError(options.weights + ": " + llvm::toString(fitting.takeError()));
  return fitting;
}

LogicalResult Compilation::emit() {
  result.outcome = Outcome::Environment;
  auto kernel = *reference->getOps<esper::KernelOp>().begin();
  llvm::Expected<WeightStore> weights = loadWeights(kernel);
  if (!weights)
    return environmentError(weights.takeError());
  auto lowered = *module->getOps<ts::ModuleOp>().begin();
  if (!options.validate) {
    llvm::Expected<TorchRuntime *> runtime = getTorchRuntime();
    if (!runtime)
      return environmentError(runtime.takeError());
    llvm::Expected<std::string> bytes = (*runtime)->emit(lowered, *weights, {});
    if (!bytes)
      return environmentError(bytes.takeError());
    result.bytes = std::move(*bytes);
    return success();
  }
  file = emitForValidation(lowered, kernel, std::move(*weights), options.seed);
  return success(file != nullptr);
}

LogicalResult Compilation::validate() {
  if (!options.validate)
    return success();
  result.outcome = Outcome::Invalid;
  PassManager passes(&context);
  passes.enableVerifier(false);
  passes.addPass(createValidateOutputsPass(file));
  passes.addPass(createValidateGradientsPass(file));
  LogicalResult passed = passes.run(*module);
  result.verdicts = file->verdicts;
  if (succeeded(passed))
    result.bytes = std::move(file->bytes);
  else if (!smallestShapes(file->reference(), 2))
    result.outcome = Outcome::BadBlueprint; // it could not even be called
  return passed;
}

CompileResult Compilation::run() {
  using Clock = std::chrono::steady_clock;
  static constexpr LogicalResult (Compilation::*phases[])() = {
      &Compilation::import, &Compilation::simplify, &Compilation::lower, &Compilation::emit,
      &Compilation::validate};
  if (failed(preparePlugins()))
    return std::move(result);
  for (auto [i, phase] : llvm::enumerate(phases)) {
    Clock::time_point start = Clock::now();
    LogicalResult passed = (this->*phase)();
    std::chrono::duration<double, std::milli> took = Clock::now() - start;
    result.times.push_back({Phase(i), took.count()});
    if (failed(passed)) {
      result.bytes.clear();
      return std::move(result);
    }
    if (options.stopAfter == Phase(i))
      break;
  }
  if (options.stopAfter) {
    llvm::raw_string_ostream stream(result.ir);
    module->print(stream);
  }
  result.outcome = Outcome::Done;
  return std::move(result);
}

CompileResult tez::compile(const json::Source &source, const CompileOptions &options,
                           json::DiagnosticSink &sink) {
  return Compilation(source, options, sink).run();
}
