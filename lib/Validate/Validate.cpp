//===- Validate.cpp - An emitted file on trial ----------------------------===//

#include "tez/Validate/Validate.h"
#include "Trial.h"
#include "Twin.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "tez/Dialect/Esper/Unread.h"
#include "tez/Transforms/Passes.h"
#include "tez/Validate/DerivedWeights.h"

using namespace mlir;
using namespace tez;

StringRef tez::name(Answer answer) {
  static constexpr StringRef names[] = {"pass", "fail", "undecided"};
  return names[int(answer)];
}

esper::KernelOp KernelUnderTest::reference() const {
  return *mlir::ModuleOp(*oracle).getOps<esper::KernelOp>().begin();
}

OwningOpRef<mlir::ModuleOp> tez::makeOracle(esper::KernelOp reference) {
  OwningOpRef<mlir::ModuleOp> module = mlir::ModuleOp::create(reference.getLoc());
  module->getBody()->push_back(reference->clone());
  PassManager passes(module->getContext());
  passes.addNestedPass<esper::KernelOp>(createDecomposeComposites());
  if (failed(passes.run(*module)))
    return nullptr;
  for (Operation *op : esper::unreadOps(*module->getOps<esper::KernelOp>().begin()))
    op->erase();
  return module;
}

/// Loads the file; in its place its twin, where only a GPU could run it.
static llvm::Expected<std::unique_ptr<LoadedKernel>> loadFile(KernelUnderTest &file) {
  auto loaded = file.runtime->load(file.bytes);
  Twin twin = makeTwin(file.lowered);
  if (!loaded || !twin.module)
    return loaded;
  file.lowered = twin.module;
  file.twin = std::move(twin.owner);
  file.notes.push_back("fused convolutions, which only CUDA has, were run in their parts: " +
                       std::to_string(twin.numReplaced));
  llvm::Expected<std::string> bytes = file.runtime->emit(file.lowered, file.weights, {});
  if (!bytes)
    return bytes.takeError();
  return file.runtime->load(*bytes);
}

/// The kernel of `lowered` with its computed weights in f64.
static llvm::Expected<std::unique_ptr<LoadedKernel>> loadExact(KernelUnderTest &file) {
  OwningOpRef<mlir::ModuleOp> owner = mlir::ModuleOp::create(file.lowered.getLoc());
  auto copy = cast<ts::ModuleOp>(file.lowered->clone());
  owner->getBody()->push_back(copy);
  makeDerivedExact(file.lowered, copy);
  llvm::Expected<std::string> bytes = file.runtime->emit(copy, file.exactWeights, {});
  if (!bytes)
    return bytes.takeError();
  return file.runtime->load(*bytes);
}

bool KernelUnderTest::runsInDouble() const { return !foreign || !hasDerivedWeights(lowered); }

llvm::Error KernelUnderTest::load() {
  auto file = loadFile(*this);
  if (!file)
    return file.takeError();
  loaded = std::move(*file);
  if (!hasDerivedWeights(lowered) || model || foreign)
    return llvm::Error::success();
  auto unrounded = loadExact(*this);
  if (!unrounded)
    return unrounded.takeError();
  exact = std::move(*unrounded);
  return llvm::Error::success();
}

std::shared_ptr<KernelUnderTest> tez::emitForValidation(ts::ModuleOp lowered,
                                                        esper::KernelOp reference,
                                                        WeightStore weights, uint64_t seed,
                                                        OwningOpRef<mlir::ModuleOp> model) {
  auto fail = [&](llvm::Error error) {
    lowered.emitError() << llvm::toString(std::move(error));
    return nullptr;
  };
  llvm::Expected<TorchRuntime *> runtime = getTorchRuntime();
  if (!runtime)
    return fail(runtime.takeError());
  auto file = std::make_shared<KernelUnderTest>();
  file->runtime = *runtime;
  file->runtime->setThreads(1);
  file->lowered = lowered;
  file->exactWeights = weights;
  if (failed(addDerivedWeights(lowered, weights)) ||
      failed(addDerivedWeights(lowered, file->exactWeights, /*exact=*/true)))
    return nullptr;
  llvm::Expected<std::string> bytes = file->runtime->emit(lowered, weights, {});
  if (!bytes)
    return fail(bytes.takeError());
  file->weights = std::move(weights);
  file->bytes = std::move(*bytes);
  if (model && isNarrow(*model)) // else it is a kernel of fp32, and judged as one
    file->model = std::move(model);
  file->oracle = makeOracle(reference);
  file->seed = seed;
  return file->oracle ? file : nullptr;
}
