//===- FoldAffine.cpp - Scales and shifts as part of weights --------------===//

#include "../Support/ConstantState.h"
#include "../Support/ScalableOp.h"
#include "tez/Transforms/Passes.h"
#include "tez/Transforms/Rewrite.h"

namespace tez {
#define GEN_PASS_DEF_FOLDAFFINE
#include "tez/Transforms/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// esper-fold-affine
//===----------------------------------------------------------------------===//

namespace {
///   %h = esper.linear %x, %w, %b
///   %y = esper.scale %h, 2.0      =>   %y = esper.linear %x, (2.0 * %w), (2.0 * %b)
/// Legal only while nobody else reads %h. So for convolutions and layer norms.
struct FoldScaleIntoProducer : OpRewritePattern<ScaleOp> {
  FoldScaleIntoProducer(MLIRContext *context, Pass::Statistic &folded)
      : OpRewritePattern(context), folded(folded) {
    setDebugName("FoldScaleIntoProducer");
  }

  LogicalResult matchAndRewrite(ScaleOp op, PatternRewriter &rewriter) const override {
    StringRef why;
    std::optional<ScalableOp> map = ScalableOp::of(op.getInput(), why);
    if (!map)
      return rewriter.notifyMatchFailure(op, "its input " + why);
    Value scaled = map->rebuild(rewriter, op.getLoc(), op.getValue());
    if (!scaled)
      return rewriter.notifyMatchFailure(op, "its input has no weight to scale");
    rewritten(op.getLoc(), "esper-fold-affine") << remark::add("folded into its input");
    rewriter.replaceOp(op, scaled);
    ++folded;
    return success();
  }

  Pass::Statistic &folded;
};

///   %h = esper.linear %x, %w, %b
///   %y = esper.multiply %h, %s    =>   %y = esper.linear %x, (%s * %w), (%s * %b)
///   %y = esper.add %h, %s         =>   %y = esper.linear %x, %w, (%b + %s)
/// with a constant %s that has one element a channel. Legal only while nobody
/// else reads %h.
template <typename Op> struct FoldVectorIntoProducer : OpRewritePattern<Op> {
  FoldVectorIntoProducer(MLIRContext *context, Pass::Statistic &folded)
      : OpRewritePattern<Op>(context), folded(folded) {
    this->setDebugName("FoldVectorIntoProducer");
  }

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    bool constantLeft = isConstantState(op.getLeft());
    Value map = constantLeft ? op.getRight() : op.getLeft();
    Value operand = constantLeft ? op.getLeft() : op.getRight();
    if (!isConstantState(operand) || isConstantState(map))
      return rewriter.notifyMatchFailure(op, "neither or both of its operands are constant");
    StringRef why;
    std::optional<ScalableOp> producer = ScalableOp::of(map, why);
    if (!producer)
      return rewriter.notifyMatchFailure(op, "its input " + why);
    Value vector = producer->asVector(rewriter, operand);
    if (!vector || op.getType() != map.getType())
      return rewriter.notifyMatchFailure(op, "its constant is not one number a channel");
    bool scales = std::is_same_v<Op, MultiplyOp>;
    rewritten(op.getLoc(), "esper-fold-affine") << remark::add("folded into its input");
    rewriter.replaceOp(op, producer->rebuild(rewriter, op.getLoc(), scales ? vector : Value(),
                                             scales ? Value() : vector));
    ++folded;
    return success();
  }

  Pass::Statistic &folded;
};

struct FoldAffine : tez::impl::FoldAffineBase<FoldAffine> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldScaleIntoProducer, FoldVectorIntoProducer<MultiplyOp>,
                 FoldVectorIntoProducer<AddOp>>(&getContext(), numFolded);
    if (failed(applyRewrites(getOperation(), std::move(patterns), getArgument())))
      signalPassFailure();
  }
};
} // namespace
