//===- ComposeLinears.cpp - One linear for two in a row -------------------===//

#include "../Support/ConstantState.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include "tez/Transforms/Passes.h"
#include "tez/Transforms/Rewrite.h"

namespace tez {
#define GEN_PASS_DEF_COMPOSELINEARS
#include "tez/Transforms/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// esper-compose-linears
//===----------------------------------------------------------------------===//

static bool isConstant(LinearOp op) {
  return isConstantState(op.getWeight()) && isConstantState(op.getBias());
}

namespace {
///   %h = esper.linear %x, %v, %c
///   %y = esper.linear %h, %w, %d
///     =>   %y = esper.linear %x, (%w %v), (%w %c + %d)
/// Legal where both are constant and nobody else reads %h; worth it where the
/// product of the weights is not larger than both. Exact but for the order in
/// which products are summed.
struct ComposeLinear : OpRewritePattern<LinearOp> {
  ComposeLinear(MLIRContext *context, Pass::Statistic &composed)
      : OpRewritePattern(context), composed(composed) {
    setDebugName("ComposeLinear");
  }

  LogicalResult matchAndRewrite(LinearOp op, PatternRewriter &rewriter) const override {
    auto before = op.getInput().getDefiningOp<LinearOp>();
    if (!before)
      return failure();
    if (!before->hasOneUse())
      return rewriter.notifyMatchFailure(op, "the linear before it is read elsewhere");
    if (!isConstant(before) || !isConstant(op))
      return rewriter.notifyMatchFailure(op, "a weight or bias is not constant");
    int64_t width = shapeOf(before.getWeight())[1], hidden = shapeOf(before.getWeight())[0],
            outputs = shapeOf(op.getWeight())[0];
    if (outputs * width > hidden * (outputs + width))
      return rewriter.notifyMatchFailure(op, "the product of the weights would be larger");
    Value weight = MatmulOp::create(rewriter, op.getLoc(), op.getWeight(), before.getWeight());
    Value result = LinearOp::create(rewriter, op.getLoc(), before.getInput(), weight,
                                    composedBias(before, op, rewriter));
    rewritten(op.getLoc(), "esper-compose-linears")
        << remark::add("became one linear with the one before it");
    rewriter.replaceOp(op, result);
    rewriter.eraseOp(before);
    ++composed;
    return success();
  }

private:
  static Value composedBias(LinearOp before, LinearOp op, PatternRewriter &rewriter) {
    if (!before.getBias())
      return op.getBias();
    Value carried = MatmulOp::create(rewriter, op.getLoc(), op.getWeight(), before.getBias());
    return op.getBias() ? Value(AddOp::create(rewriter, op.getLoc(), carried, op.getBias()))
                        : carried;
  }

  Pass::Statistic &composed;
};

struct ComposeLinears : tez::impl::ComposeLinearsBase<ComposeLinears> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ComposeLinear>(&getContext(), numComposed);
    if (failed(applyRewrites(getOperation(), std::move(patterns), getArgument())))
      signalPassFailure();
  }
};
} // namespace
