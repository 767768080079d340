//===- FoldBatchNorm.cpp - Batch norm as part of what feeds it ------------===//

#include "../Support/ConstantState.h"
#include "../Support/ScalableOp.h"
#include "tez/Transforms/Passes.h"
#include "tez/Transforms/Rewrite.h"

namespace tez {
#define GEN_PASS_DEF_FOLDBATCHNORM
#include "tez/Transforms/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// esper-fold-batch-norm
//===----------------------------------------------------------------------===//

namespace {
///   %c = esper.conv %x, %w, %b
///   %y = esper.batch_norm %c running(%m, %v) training(false)
///     =>   %y = esper.conv %x, (%w * s), (%b * s + beta - m * s),  s = gamma / sqrt(v + eps)
/// Legal only while the statistics are the running ones and nobody else reads
/// %c. Exact but for the rounding of the new weights.
struct FoldIntoProducer : OpRewritePattern<BatchNormOp> {
  FoldIntoProducer(MLIRContext *context, Pass::Statistic &folded)
      : OpRewritePattern(context), folded(folded) {
    setDebugName("FoldBatchNormIntoProducer");
  }

  LogicalResult matchAndRewrite(BatchNormOp op, PatternRewriter &rewriter) const override {
    auto mode = op.getTraining().getDefiningOp<FlagOp>();
    if (!mode || mode.getValue() || !op.getRunningMean())
      return rewriter.notifyMatchFailure(op, "the statistics are those of the batch");
    for (Value result : op->getResults().drop_front())
      if (!result.use_empty())
        return rewriter.notifyMatchFailure(op, "its running statistics are read");
    for (Value state : op->getOperands().drop_front())
      if (!isConstantState(state))
        return rewriter.notifyMatchFailure(op, "its state is not constant");
    StringRef why;
    std::optional<ScalableOp> map = ScalableOp::of(op.getInput(), why);
    if (!map)
      return rewriter.notifyMatchFailure(op, "its input " + why);
    if (map->channelDim() != 1)
      return rewriter.notifyMatchFailure(op, "its channels are not those of its input's weight");
    auto [scale, shift] = scaleAndShift(op, rewriter);
    Value folding = map->rebuild(rewriter, op.getLoc(), scale, shift);
    rewritten(op.getLoc(), "esper-fold-batch-norm")
        << remark::add("batch norm folded into its input");
    rewriter.replaceAllUsesWith(op.getOutput(), folding);
    rewriter.eraseOp(op);
    ++folded;
    return success();
  }

private:
  static std::pair<Value, Value> scaleAndShift(BatchNormOp op, PatternRewriter &rewriter) {
    Location loc = op.getLoc();
    auto apply = [&](StringRef kind, ArrayRef<double> parameters, Value input) -> Value {
      return ActivationOp::create(rewriter, loc, kind, parameters, input);
    };
    Value variance = apply("add_scalar", op.getEps().convertToDouble(), op.getRunningVar());
    Value scale = apply("rsqrt", {}, variance);
    if (op.getWeight())
      scale = MultiplyOp::create(rewriter, loc, op.getWeight(), scale);
    Value shift = MultiplyOp::create(rewriter, loc, op.getRunningMean(), scale);
    shift = op.getBias() ? Value(SubtractOp::create(rewriter, loc, op.getBias(), shift))
                         : apply("neg", {}, shift);
    return {scale, shift};
  }

  Pass::Statistic &folded;
};

struct FoldBatchNorm : tez::impl::FoldBatchNormBase<FoldBatchNorm> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldIntoProducer>(&getContext(), numFolded);
    if (failed(applyRewrites(getOperation(), std::move(patterns), getArgument())))
      signalPassFailure();
  }
};
} // namespace
