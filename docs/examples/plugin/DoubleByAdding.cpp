//===- DoubleByAdding.cpp - A pass outside of Tezzeret --------------------===//

#include "mlir/IR/PatternMatch.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Tools/Plugins/PassPlugin.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "tez/Dialect/Esper/Esper.h"

using namespace mlir;
using namespace tez::esper;

namespace {

///   %y = esper.scale %x, 2.0      =>   %y = esper.add %x, %x
/// Exact: doubling rounds nowhere.
struct DoubleByAddingPattern : OpRewritePattern<ScaleOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScaleOp op, PatternRewriter &rewriter) const override {
    if (op.getValue().convertToDouble() != 2)
      return rewriter.notifyMatchFailure(op, "the factor is not 2");
    rewriter.replaceOpWithNewOp<AddOp>(op, op.getType(), op.getInput(), op.getInput());
    return success();
  }
};

/// Runs on any op; the patterns find the kernels inside.
struct DoubleByAdding : PassWrapper<DoubleByAdding, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(DoubleByAdding)

  StringRef getArgument() const override { return "example-double-by-adding"; }
  StringRef getDescription() const override { return "double by adding instead of scaling"; }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<EsperDialect>();
  }

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<DoubleByAddingPattern>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace

/// What `--load-pass-plugin` looks up.
extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "DoubleByAdding", "1",
          [] { PassRegistration<DoubleByAdding>(); }};
}
