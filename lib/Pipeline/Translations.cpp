//===- Translations.cpp - Our texts to and from MLIR ----------------------===//

#include "tez/Pipeline/Translations.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "tez/Blueprint/Importer.h"
#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/TorchScript/TorchScript.h"
#include "tez/Pipeline/Registration.h"
#include "tez/Support/CheckedMath.h"
#include "tez/Torch/Runtime.h"
#include "tez/Weights/KernelWeights.h"
#include "tez/Weights/WeightStore.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace tez;

/// All state is allocated to get the text.
static constexpr int64_t mostStateBytes = int64_t(1) << 30;

/// Findings in clang's form on the standard error stream, as `tez` prints them.
static OwningOpRef<Operation *> importBlueprint(llvm::SourceMgr &manager, MLIRContext *context) {
  const llvm::MemoryBuffer *buffer = manager.getMemoryBuffer(manager.getMainFileID());
  json::Source source(buffer->getBufferIdentifier().str(), buffer->getBuffer().str());
  json::DiagnosticList findings;
  OwningOpRef<ModuleOp> module =
      blueprint::importBlueprint(source, *context, blueprint::ImportOptions(), findings);
  for (const json::Diagnostic &finding : findings.all())
    llvm::errs() << json::renderText(source, finding);
  return module ? OwningOpRef<Operation *>(module.release()) : OwningOpRef<Operation *>();
}

/// Zeros for all state of the module: the text does not depend on the values.
static llvm::Expected<WeightStore> zerosFor(ts::ModuleOp module) {
  WeightStore store;
  int64_t bytes = 0;
  for (Operation &op : module.getBody().front()) {
    if (!isa<ts::ParameterOp, ts::BufferOp>(op))
      continue;
    auto name = op.getAttrOfType<StringAttr>("name").getValue();
    auto type = cast<RankedTensorType>(op.getAttrOfType<TypeAttr>("type").getValue());
    DType dtype = dtypeOf(type.getElementType()).value_or(DType::f32);
    std::vector<int64_t> factors = type.getShape().vec();
    factors.push_back(int64_t(byteWidth(dtype)));
    std::optional<int64_t> size = checkedProduct(factors);
    if (!size || __builtin_add_overflow(bytes, *size, &bytes) || bytes > mostStateBytes)
      return llvm::createStringError("the module's state up to \"" + name + "\" exceeds " +
                                     llvm::Twine(mostStateBytes) + " bytes, the limit here");
    store.set(name, HostTensor(dtype, type.getShape().vec()));
  }
  return store;
}

static llvm::Expected<std::string> torchScriptText(ts::ModuleOp module) {
  llvm::Expected<WeightStore> weights = zerosFor(module);
  if (!weights)
    return weights.takeError();
  llvm::Expected<TorchRuntime *> runtime = getTorchRuntime();
  if (!runtime)
    return runtime.takeError();
  llvm::Expected<std::string> bytes = (*runtime)->emit(module, *weights, {});
  if (!bytes)
    return bytes.takeError();
  auto kernel = (*runtime)->load(*bytes);
  return kernel ? llvm::Expected<std::string>((*kernel)->source()) : kernel.takeError();
}

/// The source of every ts.module, in their order.
static LogicalResult printTorchScript(Operation *top, raw_ostream &stream) {
  WalkResult result = top->walk([&](ts::ModuleOp module) -> WalkResult {
    llvm::Expected<std::string> text = torchScriptText(module);
    if (!text)
      return module.emitError(llvm::toString(text.takeError()));
    stream << *text;
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

void tez::registerTranslations() {
  static TranslateToMLIRRegistration blueprint(
      "import-blueprint", "read a blueprint of any form into the esper dialect",
      TranslateRawSourceMgrToMLIRFunction(importBlueprint), registerAllDialects);
  static TranslateFromMLIRRegistration text(
      "ts-to-text", "print ts modules as TorchScript source, as torch does (needs libTezTorch.so)",
      printTorchScript, registerAllDialects);
}
