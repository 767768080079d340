//===- Pipelines.cpp - The order of the passes ----------------------------===//

#include "tez/Pipeline/Pipelines.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "tez/Conversion/Passes.h"
#include "tez/Transforms/Passes.h"

using namespace mlir;
using namespace tez;

namespace {
/// Adds passes unless they are disabled by their flag.
class Adder {
public:
  Adder(OpPassManager &passes, const CompileOptions &options) : passes(passes), options(options) {}

  void operator()(std::unique_ptr<Pass> pass) {
    if (!llvm::is_contained(options.disabledPasses, pass->getArgument()))
      passes.addPass(std::move(pass));
  }
  /// On every kernel, and not on what is nested elsewhere (module @reference).
  void onKernels(std::unique_ptr<Pass> pass) {
    if (!llvm::is_contained(options.disabledPasses, pass->getArgument()))
      passes.addNestedPass<esper::KernelOp>(std::move(pass));
  }

private:
  OpPassManager &passes;
  const CompileOptions &options;
};
} // namespace

/// What only kernels that never train allow. Weights first: the later passes
/// look for state, and folding makes computations of it that freezing ends.
static void addInferPasses(OpPassManager &passes, Adder &add, const CompileOptions &options) {
  passes.addNestedPass<esper::KernelOp>(createDecomposeComposites({/*keepCalls=*/true}));
  add.onKernels(createFuseAttention());
  add.onKernels(createCancelShapes());
  add.onKernels(createMergeLinears({/*headsOnly=*/options.target == "cpu"}));
  // Where relu is the product's it costs nothing: in 8 bits, and in cuDNN.
  if (options.precision != Precision::Int8 && options.target == "cpu")
    add.onKernels(createPoolBeforeActivation());
  add.onKernels(createFoldBatchNorm());
  add.onKernels(createFoldAffine());
  if (options.target == "cpu" && options.precision == Precision::Fp32)
    add.onKernels(createTransposeWeights());
  add.onKernels(createCSEPass());
}

void tez::buildSimplifyPipeline(OpPassManager &passes, const CompileOptions &options) {
  Adder add(passes, options);
  if (options.purpose == Purpose::Infer)
    add.onKernels(createSpecializeInfer());
  if (options.tier == "fast")
    return;
  add.onKernels(createCanonicalizerPass());
  add.onKernels(createSimplifyAlgebra());
  if (options.purpose == Purpose::Infer)
    addInferPasses(passes, add, options);
}

/// Not to be disabled: a kernel of another precision was asked for.
static void addPrecisionPass(OpPassManager &passes, Precision precision) {
  if (precision == Precision::Int8)
    passes.addNestedPass<esper::KernelOp>(createQuantizeWeights());
  else if (precision != Precision::Fp32)
    passes.addNestedPass<esper::KernelOp>(
        createConvertPrecision({precision == Precision::Bf16 ? "bf16" : "f16"}));
}

void tez::buildPrecisionPipeline(OpPassManager &passes, const CompileOptions &options) {
  if (options.purpose == Purpose::Train)
    return;
  Adder add(passes, options);
  bool fast = options.tier == "fast";
  addPrecisionPass(passes, options.precision);
  if (!fast && options.precision != Precision::Fp32)
    add.onKernels(createCSEPass());
  if (!fast || options.precision != Precision::Fp32)
    add(createFreezeState());
  if (fast)
    return;
  bool cuda = options.target == "cuda";
  // cuDNN's fp32 convolutions are slower with channels last, those of 16 bits three times as fast.
  if (!cuda || options.precision != Precision::Fp32)
    add.onKernels(createChooseLayout());
  if (cuda)
    add.onKernels(createFuseConvolution());
  add.onKernels(createReuseBuffers());
}

void tez::buildLowerPipeline(OpPassManager &passes, const CompileOptions &options) {
  // Neither can be disabled: there is no kernel without them.
  passes.addNestedPass<esper::KernelOp>(
      createDecomposeComposites({/*keepCalls=*/options.purpose == Purpose::Infer}));
  if (options.tier != "fast")
    Adder(passes, options).onKernels(createCSEPass());
  passes.addPass(createEsperToTorchScript());
}

void tez::buildWholePipeline(OpPassManager &passes, const CompileOptions &options) {
  buildSimplifyPipeline(passes, options);
  buildPrecisionPipeline(passes, options);
  buildLowerPipeline(passes, options);
}

bool tez::admitsMachineCode(const CompileOptions &options) {
  return options.tier == "aggressive" && options.purpose == Purpose::Infer &&
         options.target == "cpu" && options.precision != Precision::Fp16;
}

std::string tez::pipelineText(const CompileOptions &options, MLIRContext *context) {
  PassManager passes(context, ModuleOp::getOperationName());
  buildWholePipeline(passes, options);
  std::string text;
  llvm::raw_string_ostream stream(text);
  passes.printAsTextualPipeline(stream);
  return text;
}

namespace {
enum class Tier { Fast, Standard, Aggressive };
enum class Target { Cpu, Cuda };

/// What of CompileOptions the named pipelines take. Enums, so that other words are
/// refused.
struct PipelineOptions : PassPipelineOptions<PipelineOptions> {
  Option<Tier> tier{*this, "tier", llvm::cl::desc("how much to optimise"),
                    llvm::cl::init(Tier::Standard),
                    llvm::cl::values(clEnumValN(Tier::Fast, "fast", ""),
                                     clEnumValN(Tier::Standard, "standard", ""),
                                     clEnumValN(Tier::Aggressive, "aggressive", ""))};
  Option<Target> target{
      *this, "target", llvm::cl::desc("where the kernel runs"), llvm::cl::init(Target::Cpu),
      llvm::cl::values(clEnumValN(Target::Cpu, "cpu", ""), clEnumValN(Target::Cuda, "cuda", ""))};
  Option<Precision> precision{*this, "precision", llvm::cl::desc("numbers products are made of"),
                              llvm::cl::init(Precision::Fp32),
                              llvm::cl::values(clEnumValN(Precision::Fp32, "fp32", ""),
                                               clEnumValN(Precision::Bf16, "bf16", ""),
                                               clEnumValN(Precision::Fp16, "fp16", ""),
                                               clEnumValN(Precision::Int8, "int8", ""))};
};
} // namespace

static void buildPipeline(OpPassManager &passes, Purpose purpose, const PipelineOptions &given) {
  static constexpr const char *tiers[] = {"fast", "standard", "aggressive"};
  CompileOptions options;
  options.purpose = purpose;
  options.tier = tiers[int(given.tier.getValue())];
  options.target = given.target == Target::Cpu ? "cpu" : "cuda";
  options.precision = given.precision;
  buildWholePipeline(passes, options);
}

void tez::registerPipelines() {
  PassPipelineRegistration<PipelineOptions>(
      "tez-train", "esper to ts for training",
      [](OpPassManager &passes, const PipelineOptions &options) {
        buildPipeline(passes, Purpose::Train, options);
      });
  PassPipelineRegistration<PipelineOptions>(
      "tez-infer", "esper to ts for inference",
      [](OpPassManager &passes, const PipelineOptions &options) {
        buildPipeline(passes, Purpose::Infer, options);
      });
}
