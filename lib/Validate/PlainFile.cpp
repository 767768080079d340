//===- PlainFile.cpp - The reference in torch's own operators -------------===//

#include "Trial.h"
#include "mlir/Pass/PassManager.h"
#include "tez/Conversion/Passes.h"

using namespace mlir;
using namespace tez;

struct tez::PlainFile {
  OwningOpRef<mlir::ModuleOp> module;
  std::shared_ptr<KernelUnderTest> file;
  KernelUnderTest *answer = nullptr; ///< `file`, the one that it was made for, or none
};

/// Null after an error.
static ts::ModuleOp lowerPlainly(mlir::ModuleOp module) {
  PassManager passes(module.getContext());
  passes.addPass(createEsperToTorchScript());
  return succeeded(passes.run(module)) ? *module.getOps<ts::ModuleOp>().begin() : nullptr;
}

/// The same ops are emitted as the same bytes.
static bool isEmittedFrom(KernelUnderTest &file, ts::ModuleOp lowered) {
  return !file.foreign && OperationEquivalence::isEquivalentTo(
                              file.lowered, lowered, OperationEquivalence::IgnoreLocations);
}

static bool loads(KernelUnderTest &plain) {
  llvm::Error error = plain.load();
  bool loaded = !error;
  llvm::consumeError(std::move(error));
  return loaded;
}

KernelUnderTest *tez::plainFile(KernelUnderTest &file) {
  if (!file.plain) {
    file.plain = std::make_shared<PlainFile>();
    file.plain->module = mlir::ModuleOp(*file.oracle).clone();
    ts::ModuleOp lowered = lowerPlainly(*file.plain->module);
    if (!lowered)
      return nullptr;
    if (isEmittedFrom(file, lowered)) // and is loaded already
      return file.plain->answer = &file;
    auto plain = file.plain->file =
        emitForValidation(lowered, file.reference(), file.weights, file.seed);
    if (plain && plain->bytes == file.bytes)
      file.plain->answer = &file;
    else if (plain && loads(*plain))
      file.plain->answer = plain.get();
  }
  return file.plain->answer;
}

bool tez::isPlainFile(KernelUnderTest &file) { return plainFile(file) == &file; }
