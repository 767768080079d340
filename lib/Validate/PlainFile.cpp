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

static std::shared_ptr<KernelUnderTest> emitPlainly(KernelUnderTest &file, mlir::ModuleOp module) {
  PassManager passes(module.getContext());
  passes.addPass(createEsperToTorchScript());
  if (failed(passes.run(module)))
    return nullptr;
  auto lowered = *module.getOps<ts::ModuleOp>().begin();
  return emitForValidation(lowered, file.reference(), file.weights, file.seed);
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
    auto plain = file.plain->file = emitPlainly(file, *file.plain->module);
    if (plain && plain->bytes == file.bytes) // which is loaded already
      file.plain->answer = &file;
    else if (plain && loads(*plain))
      file.plain->answer = plain.get();
  }
  return file.plain->answer;
}

bool tez::isPlainFile(KernelUnderTest &file) { return plainFile(file) == &file; }
