//===- MemoryTest.cpp - Kernels that are careless with memory -------------===//
//
// No kernel of our operators can leak, or read what nobody wrote: what would is not in their
// table. So carelessness is put around a kernel that is right, where the suite loads it.
//
//===----------------------------------------------------------------------===//

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "tez/Conversion/Passes.h"
#include "tez/Validate/Validate.h"
#include "tez/Weights/KernelWeights.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <ATen/ATen.h>

using namespace tez;
using testing::HasSubstr;

namespace {

constexpr const char *kText = R"(
esper.kernel @net(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  %y = esper.activation "tanh" %x : tensor<?x3xf32>
  esper.return %y : tensor<?x3xf32>
})";

/// How a kernel treats memory.
enum class Habit { Careful, KeepsResults, ReturnsFreshMemory };

/// A loaded kernel of that habit.
class Habitual : public LoadedKernel {
public:
  Habitual(std::unique_ptr<LoadedKernel> kernel, Habit habit)
      : kernel(std::move(kernel)), habit(habit) {}

  llvm::Expected<RunResult> run(const RunRequest &request) override {
    llvm::Expected<RunResult> result = kernel->run(request);
    if (result && habit == Habit::ReturnsFreshMemory)
      result->outputs.front() = fresh(result->outputs.front());
    return result;
  }
  llvm::Expected<double> time(const RunRequest &request, double budget) override {
    return kernel->time(request, budget);
  }
  llvm::Expected<std::vector<OperatorTime>> timeOperators(const RunRequest &request,
                                                          double budget) override {
    return kernel->timeOperators(request, budget);
  }
  llvm::Expected<double> timeCalls(const RunRequest &request, unsigned calls) override {
    if (habit == Habit::KeepsResults)
      kept.push_back(at::zeros({3}));
    return kernel->timeCalls(request, calls);
  }
  llvm::Expected<GraftResult> graft(const GraftRequest &request) override {
    return kernel->graft(request);
  }
  llvm::Expected<std::unique_ptr<LoadedKernel>> deepCopy() override {
    auto copy = kernel->deepCopy();
    if (!copy)
      return copy.takeError();
    return std::make_unique<Habitual>(std::move(*copy), habit);
  }
  NamedTensors parameters() const override { return kernel->parameters(); }
  NamedTensors buffers() const override { return kernel->buffers(); }
  std::string source() const override { return kernel->source(); }

private:
  static HostTensor fresh(const HostTensor &like) {
    at::Tensor unwritten = at::empty(like.shape());
    const float *values = unwritten.const_data_ptr<float>();
    return HostTensor::fromDoubles(DType::f32, like.shape(),
                                   std::vector<double>(values, values + unwritten.numel()));
  }

  std::unique_ptr<LoadedKernel> kernel;
  Habit habit;
  std::vector<at::Tensor> kept;
};

/// torch's runtime, whose kernels have a habit.
class HabitualRuntime : public TorchRuntime {
public:
  HabitualRuntime(TorchRuntime &torch, Habit habit) : torch(torch), habit(habit) {}

  llvm::Expected<std::unique_ptr<LoadedKernel>> load(llvm::StringRef bytes) override {
    auto kernel = torch.load(bytes);
    if (!kernel)
      return kernel.takeError();
    return std::make_unique<Habitual>(std::move(*kernel), habit);
  }
  std::string version() const override { return torch.version(); }
  llvm::Expected<std::string> emit(ts::ModuleOp module, const WeightStore &weights,
                                   const std::map<std::string, std::string> &extra) override {
    return torch.emit(module, weights, extra);
  }
  llvm::Expected<std::optional<std::string>> exportProgram(ts::ModuleOp module,
                                                           const WeightStore &weights,
                                                           const ProgramRequest &request) override {
    return torch.exportProgram(module, weights, request);
  }
  std::unique_ptr<RandomSource> randomSource(uint64_t seed, DType dtype) override {
    return torch.randomSource(seed, dtype);
  }
  std::vector<std::string> schemasOf(llvm::StringRef name) override {
    return torch.schemasOf(name);
  }
  std::unique_ptr<MemoryWatch> watchMemory(std::optional<uint8_t> fill) override {
    return torch.watchMemory(fill);
  }
  bool mayForkAfterBackward() override { return torch.mayForkAfterBackward(); }
  void setThreads(int threads) override { torch.setThreads(threads); }

private:
  TorchRuntime &torch;
  Habit habit;
};

/// What the check "memory" says to a kernel of that habit; "" when it passes.
std::string judge(Habit habit) {
  mlir::DialectRegistry registry;
  registry.insert<esper::EsperDialect, ts::TsDialect>();
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  std::string said;
  mlir::ScopedDiagnosticHandler hear(&context, [&](mlir::Diagnostic &diagnostic) {
    said += diagnostic.str() + "\n";
    return mlir::success();
  });
  auto module = mlir::parseSourceString<mlir::ModuleOp>(kText, &context);
  mlir::OwningOpRef<mlir::ModuleOp> reference = module->clone();
  auto kernel = *reference->getOps<esper::KernelOp>().begin();
  mlir::PassManager passes(&context);
  passes.addPass(createEsperToTorchScript());
  if (failed(passes.run(*module)))
    return "does not lower";
  auto file = emitForValidation(*module->getOps<ts::ModuleOp>().begin(), kernel,
                                initialWeights(kernel, /*seed=*/0), /*seed=*/0);
  if (!file)
    return "cannot be emitted: " + said;
  HabitualRuntime runtime(*file->runtime, habit);
  file->runtime = &runtime;
  bool passed = succeeded(validate(*file, {"memory"}));
  EXPECT_EQ(passed, said.empty());
  return said;
}

TEST(Memory, CarefulKernelsPass) { EXPECT_EQ(judge(Habit::Careful), ""); }

TEST(Memory, LeaksAreFound) {
  EXPECT_THAT(judge(Habit::KeepsResults), HasSubstr("the emitted kernel keeps memory"));
}

TEST(Memory, FreshMemoryIsFound) {
  EXPECT_THAT(judge(Habit::ReturnsFreshMemory),
              HasSubstr("the emitted kernel reads memory that nobody wrote: output 0"));
}

} // namespace
