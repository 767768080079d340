//===- NegateWithoutScaling.cpp - A pass with a rule in DRR ---------------===//

#include "mlir/IR/PatternMatch.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Tools/Plugins/PassPlugin.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "tez/Dialect/Esper/Esper.h"

using namespace mlir;
using namespace tez::esper;

namespace {
#include "NegateWithoutScaling.inc"

/// Runs on any op; the rules find the kernels inside.
struct NegateWithoutScalingPass : PassWrapper<NegateWithoutScalingPass, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(NegateWithoutScalingPass)

  StringRef getArgument() const override { return "example-negate-without-scaling"; }
  StringRef getDescription() const override { return "negate instead of scaling by -1"; }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<EsperDialect>();
  }

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateWithGenerated(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace

/// What `--load-pass-plugin` looks up.
extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "NegateWithoutScaling", "1",
          [] { PassRegistration<NegateWithoutScalingPass>(); }};
}
