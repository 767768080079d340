//===- TransposeWeights.cpp - Weights as the products read them -----------===//

#include "../Support/ConstantState.h"
#include "tez/Transforms/Passes.h"
#include "tez/Transforms/Rewrite.h"

namespace tez {
#define GEN_PASS_DEF_TRANSPOSEWEIGHTS
#include "tez/Transforms/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// esper-transpose-weights
//===----------------------------------------------------------------------===//

namespace {
///   %y = esper.linear %x, %w, %b
///     =>   %m = esper.matmul %x, (esper.transpose %w)
///          %y = esper.add %m, %b
/// Legal where the weight is constant: its transpose is made once. Two row-major
/// factors are faster up to a size, and so is the sum in place of the product.
struct TransposeWeight : OpRewritePattern<LinearOp> {
  TransposeWeight(MLIRContext *context, int64_t mostElements, Pass::Statistic &transposed)
      : OpRewritePattern(context), mostElements(mostElements), transposed(transposed) {
    setDebugName("TransposeWeight");
  }

  LogicalResult matchAndRewrite(LinearOp op, PatternRewriter &rewriter) const override {
    if (!isConstantState(op.getWeight()))
      return rewriter.notifyMatchFailure(op, "the weight is not constant");
    if (op.getWeight().getType().getNumElements() > mostElements)
      return rewriter.notifyMatchFailure(op, "the weight is too large to gain from it");
    Value weight = TransposeOp::create(rewriter, op.getLoc(), op.getWeight(), 0, 1);
    Value result = MatmulOp::create(rewriter, op.getLoc(), op.getInput(), weight);
    if (op.getBias())
      result = AddOp::create(rewriter, op.getLoc(), result, op.getBias());
    rewritten(op.getLoc(), "esper-transpose-weights")
        << remark::add("linear made a product of row-major factors");
    rewriter.replaceOp(op, result);
    ++transposed;
    return success();
  }

  int64_t mostElements;
  Pass::Statistic &transposed;
};

struct TransposeWeights : tez::impl::TransposeWeightsBase<TransposeWeights> {
  using TransposeWeightsBase::TransposeWeightsBase;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<TransposeWeight>(&getContext(), mostElements, numTransposed);
    if (failed(applyRewrites(getOperation(), std::move(patterns), getArgument())))
      signalPassFailure();
  }
};
} // namespace
