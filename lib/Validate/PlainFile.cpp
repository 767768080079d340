//===- PlainFile.cpp - The reference in torch's own operators -------------===//

#include "Trial.h"
#include "mlir/Pass/PassManager.h"
#include "tez/Conversion/Passes.h"
#include "tez/Transforms/Passes.h"

using namespace mlir;
using namespace tez;

namespace {
/// The reference, lowered, emitted and loaded.
struct OtherFile {
  OwningOpRef<mlir::ModuleOp> module;
  std::shared_ptr<KernelUnderTest> file;
  KernelUnderTest *answer = nullptr; ///< `file`, the one that it was made for, or none
};
} // namespace

struct tez::PlainFile {
  OtherFile plain;
  std::optional<OtherFile> attending;
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

/// `other.module` is what to lower.
static void makeFile(OtherFile &other, KernelUnderTest &file) {
  ts::ModuleOp lowered = lowerPlainly(*other.module);
  if (!lowered)
    return;
  if (isEmittedFrom(file, lowered)) { // and is loaded already
    other.answer = &file;
    return;
  }
  other.file = emitForValidation(lowered, file.reference(), file.weights, file.seed);
  if (other.file && other.file->bytes == file.bytes)
    other.answer = &file;
  else if (other.file && loads(*other.file))
    other.answer = other.file.get();
}

KernelUnderTest *tez::plainFile(KernelUnderTest &file) {
  if (!file.plain) {
    file.plain = std::make_shared<PlainFile>();
    file.plain->plain.module = mlir::ModuleOp(*file.oracle).clone();
    makeFile(file.plain->plain, file);
  }
  return file.plain->plain.answer;
}

KernelUnderTest *tez::attendingFile(KernelUnderTest &file) {
  if (file.lowered.getTrainable() || !plainFile(file)) // it is for inference alone
    return nullptr;
  std::optional<OtherFile> &other = file.plain->attending;
  if (!other) {
    other.emplace();
    other->module = mlir::ModuleOp(*file.oracle).clone();
    PassManager passes(other->module->getContext());
    passes.addNestedPass<esper::KernelOp>(createSpecializeInfer()); // or dropout stands between
    passes.addNestedPass<esper::KernelOp>(createFuseAttention());
    bool fused =
        succeeded(passes.run(*other->module)) &&
        other->module->walk([](esper::SdpaOp) { return WalkResult::interrupt(); }).wasInterrupted();
    if (fused)
      makeFile(*other, file);
  }
  return other->answer;
}

bool tez::isPlainFile(KernelUnderTest &file) { return plainFile(file) == &file; }
