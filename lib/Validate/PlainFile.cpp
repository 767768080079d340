//===- PlainFile.cpp - The reference in torch's own operators -------------===//

#include "Trial.h"
#include "mlir/Pass/PassManager.h"
#include "tez/Conversion/Passes.h"

using namespace mlir;
using namespace tez;

struct tez::PlainFile {
  OwningOpRef<mlir::ModuleOp> module;
  std::shared_ptr<KernelUnderTest> file;
  KernelUnderTest *answer = nullptr; ///< `file`, or the one that it was made for
};

static std::shared_ptr<KernelUnderTest> emitPlainly(KernelUnderTest &file, mlir::ModuleOp module) {
  PassManager passes(module.getContext());
  passes.addPass(createEsperToTorchScript());
  if (failed(passes.run(module)))
    return nullptr;
  auto lowered = *module.getOps<ts::ModuleOp>().begin();
  auto plain = emitForValidation(lowered, file.reference(), file.weights, file.seed);
  if (!plain || plain->bytes == file.bytes) // need not be loaded twice
    return plain;
  llvm::Error error = plain->load();
  bool loaded = !error;
  llvm::consumeError(std::move(error));
  return loaded ? plain : nullptr;
}

KernelUnderTest *tez::plainFile(KernelUnderTest &file) {
  if (!file.plain) {
    file.plain = std::make_shared<PlainFile>();
    file.plain->module = mlir::ModuleOp(*file.oracle).clone();
    KernelUnderTest *plain = (file.plain->file = emitPlainly(file, *file.plain->module)).get();
    file.plain->answer = plain && plain->bytes == file.bytes ? &file : plain;
  }
  return file.plain->answer;
}

bool tez::isPlainFile(KernelUnderTest &file) { return plainFile(file) == &file; }
