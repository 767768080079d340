//===- Passes.cpp - The validation passes ---------------------------------===//

#include "tez/Validate/Passes.h"
#include "tez/Weights/KernelWeights.h"

namespace tez {
#define GEN_PASS_DEF_KEEPREFERENCE
#define GEN_PASS_DEF_VALIDATE
#include "tez/Validate/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;

static constexpr StringRef referenceName = "reference";

/// The kernel that `lowered` came from; null after an error.
static esper::KernelOp findReference(ts::ModuleOp lowered) {
  auto module = cast<mlir::ModuleOp>(lowered->getParentOp());
  auto reference = module.lookupSymbol<mlir::ModuleOp>(referenceName);
  if (auto kernel = reference ? reference.lookupSymbol<esper::KernelOp>(lowered.getSymName())
                              : esper::KernelOp())
    return kernel;
  lowered.emitError() << "there is no kernel '" << lowered.getSymName()
                      << "' in module @reference (run tez-keep-reference before all other passes)";
  return nullptr;
}

namespace {
struct KeepReference : tez::impl::KeepReferenceBase<KeepReference> {
  void runOnOperation() override {
    mlir::ModuleOp module = getOperation();
    if (module.lookupSymbol(referenceName)) {
      module.emitError() << "there is already a module @" << referenceName;
      return signalPassFailure();
    }
    SmallVector<esper::KernelOp> kernels(module.getOps<esper::KernelOp>());
    auto reference = mlir::ModuleOp::create(module.getLoc(), referenceName);
    for (esper::KernelOp kernel : kernels)
      reference.getBody()->push_back(kernel->clone());
    numKernels += kernels.size();
    module.getBody()->push_back(reference);
  }
};

struct Validate : tez::impl::ValidateBase<Validate> {
  using ValidateBase::ValidateBase;

  Validate(std::shared_ptr<KernelUnderTest> file, ArrayRef<std::string> names)
      : given(std::move(file)) {
    checks = names;
  }

  void runOnOperation() override {
    markAllAnalysesPreserved();
    for (auto lowered : getOperation().getOps<ts::ModuleOp>())
      if (failed(judge(lowered)))
        return signalPassFailure();
  }

private:
  /// The file to judge; null: every ts.module of the op is emitted first.
  std::shared_ptr<KernelUnderTest> given;

  std::shared_ptr<KernelUnderTest> emit(ts::ModuleOp lowered) {
    esper::KernelOp reference = findReference(lowered);
    if (!reference)
      return nullptr;
    auto file = emitForValidation(lowered, reference, initialWeights(reference, seed), seed);
    if (!file)
      return nullptr;
    file->benchBudget = benchBudget;
    file->limits.memory = memory;
    return file;
  }

  LogicalResult judge(ts::ModuleOp lowered) {
    std::shared_ptr<KernelUnderTest> file = given ? given : emit(lowered);
    if (!file)
      return failure();
    LogicalResult passed = validate(*file, checks);
    for (const Verdict &verdict : file->verdicts)
      numRuns += verdict.runs;
    return passed;
  }
};
} // namespace

std::unique_ptr<Pass> tez::createValidatePass(std::shared_ptr<KernelUnderTest> file,
                                              ArrayRef<std::string> checks) {
  return std::make_unique<Validate>(std::move(file), checks);
}
