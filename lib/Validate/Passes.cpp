//===- Passes.cpp - The validation passes ---------------------------------===//

#include "tez/Validate/Passes.h"
#include "tez/Weights/KernelWeights.h"

namespace tez {
#define GEN_PASS_DEF_KEEPREFERENCE
#define GEN_PASS_DEF_VALIDATEOUTPUTS
#define GEN_PASS_DEF_VALIDATEGRADIENTS
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

/// What the two validation passes share: the files to judge.
template <typename Base> struct ValidationPass : Base {
  using Base::Base;

  /// The file to judge; null: every ts.module of the op is emitted first.
  std::shared_ptr<KernelUnderTest> given;

  void judgeAll(LogicalResult (*judge)(KernelUnderTest &)) {
    this->markAllAnalysesPreserved();
    for (auto lowered : this->getOperation().template getOps<ts::ModuleOp>())
      if (failed(judgeOne(lowered, judge)))
        return this->signalPassFailure();
  }

private:
  LogicalResult judgeOne(ts::ModuleOp lowered, LogicalResult (*judge)(KernelUnderTest &)) {
    std::shared_ptr<KernelUnderTest> file = given;
    if (!file) {
      esper::KernelOp reference = findReference(lowered);
      if (!reference)
        return failure();
      file =
          emitForValidation(lowered, reference, initialWeights(reference, this->seed), this->seed);
    }
    if (!file || failed(judge(*file)))
      return failure();
    if (!file->verdicts.empty())
      this->numRuns += file->verdicts.back().runs;
    return success();
  }
};

struct ValidateOutputs : ValidationPass<tez::impl::ValidateOutputsBase<ValidateOutputs>> {
  using ValidationPass::ValidationPass;
  void runOnOperation() override { judgeAll(validateOutputs); }
};

struct ValidateGradients : ValidationPass<tez::impl::ValidateGradientsBase<ValidateGradients>> {
  using ValidationPass::ValidationPass;
  void runOnOperation() override { judgeAll(validateGradients); }
};
} // namespace

std::unique_ptr<Pass> tez::createValidateOutputsPass(std::shared_ptr<KernelUnderTest> file) {
  auto pass = std::make_unique<ValidateOutputs>();
  pass->given = std::move(file);
  return pass;
}
std::unique_ptr<Pass> tez::createValidateGradientsPass(std::shared_ptr<KernelUnderTest> file) {
  auto pass = std::make_unique<ValidateGradients>();
  pass->given = std::move(file);
  return pass;
}
