//===- TestSpoilActivations.cpp - A wrong pattern among good ones ---------===//

#include "TestPasses.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "tez/Dialect/Esper/Esper.h"
#include "tez/Transforms/Rewrite.h"

using namespace mlir;
using namespace tez::esper;

static constexpr StringLiteral flag = "test-spoil-activations";

namespace {
///   %y = esper.activation relu %x      =>   the same, marked
struct MarkRelu : OpRewritePattern<ActivationOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ActivationOp op, PatternRewriter &rewriter) const override {
    if (op.getKind() != "relu")
      return rewriter.notifyMatchFailure(op, "no relu");
    if (op->hasAttr("test.marked"))
      return rewriter.notifyMatchFailure(op, "marked already");
    rewriter.modifyOpInPlace(op, [&] { op->setAttr("test.marked", rewriter.getUnitAttr()); });
    tez::rewritten(op.getLoc(), flag) << "marked a relu";
    return success();
  }
};

///   %y = esper.activation gelu %x      =>   %y = esper.activation gelu_tanh %x
/// Wrong by 1e-4.
struct SpoilGelu : OpRewritePattern<ActivationOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ActivationOp op, PatternRewriter &rewriter) const override {
    if (op.getKind() != "gelu")
      return rewriter.notifyMatchFailure(op, "no exact gelu");
    rewriter.modifyOpInPlace(op, [&] { op.setKind("gelu_tanh"); });
    tez::rewritten(op.getLoc(), flag) << "spoilt a gelu";
    return success();
  }
};

struct TestSpoilActivations : PassWrapper<TestSpoilActivations, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TestSpoilActivations)
  StringRef getArgument() const final { return flag; }
  StringRef getDescription() const final { return "mark relu; turn gelu into its approximation"; }
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<MarkRelu, SpoilGelu>(&getContext());
    if (failed(tez::applyRewrites(getOperation(), std::move(patterns), flag)))
      signalPassFailure();
  }
};
} // namespace

void tez::test::registerTestSpoilActivationsPass() { PassRegistration<TestSpoilActivations>(); }
