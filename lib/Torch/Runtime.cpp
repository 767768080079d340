//===- Runtime.cpp - The runtime that libTezTorch.so hands out ------------===//

#include "tez/Torch/Runtime.h"
#include "Emit.h"
#include "Export/Export.h"
#include "Guard.h"
#include "Kernel.h"
#include "MemoryWatch.h"
#include "RandomDraws.h"
#include "tez/Dialect/TorchScript/TorchScript.h"
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/csrc/jit/runtime/operator.h>
#include <torch/version.h>

using namespace tez;

namespace {

class Runtime : public TorchRuntime {
public:
  std::string version() const override { return TORCH_VERSION; }

  llvm::Expected<std::string> emit(ts::ModuleOp module, const WeightStore &weights,
                                   const std::map<std::string, std::string> &extra) override {
    return emitKernel(module, weights, extra);
  }

  llvm::Expected<std::optional<std::string>> exportProgram(ts::ModuleOp module,
                                                           const WeightStore &weights,
                                                           const ProgramRequest &request) override {
    return tez::exportProgram(module, weights, request);
  }

  llvm::Expected<std::unique_ptr<LoadedKernel>> load(llvm::StringRef bytes) override {
    return loadKernel(bytes);
  }

  std::unique_ptr<RandomSource> randomSource(uint64_t seed, DType dtype) override {
    return createRandomDraws(seed, dtype);
  }

  std::vector<std::string> schemasOf(llvm::StringRef name) override {
    auto schemas = guarded("list operators", [&] {
      std::vector<std::string> texts;
      for (const auto &op : torch::jit::getAllOperatorsFor(c10::Symbol::fromQualString(name.str())))
        texts.push_back(c10::toString(op->schema()));
      return texts;
    });
    if (schemas)
      return *schemas;
    llvm::consumeError(schemas.takeError()); // a name that is none has no schemas
    return {};
  }

  std::unique_ptr<MemoryWatch> watchMemory(std::optional<uint8_t> fill) override {
    return createMemoryWatch(fill);
  }

  bool mayForkAfterBackward() override { return !at::hasCUDA() && !at::hasXPU(); }

  void setThreads(int threads) override { at::set_num_threads(threads); }
};

} // namespace

/// What the loader looks up. Never freed.
extern "C" __attribute__((visibility("default"))) TorchRuntime *tezCreateTorchRuntime() {
  static Runtime runtime;
  return &runtime;
}
