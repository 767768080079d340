//===- FoldAffine.cpp - Scales and shifts as part of weights --------------===//

#include "../Support/ConstantState.h"
#include "../Support/ScalableOp.h"
#include "tez/Dialect/Esper/ShapeRules.h"
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

///   %y = esper.linear (esper.scale %x, 2.0), %w, %b     =>   esper.linear %x, (2.0 * %w), %b
///   %y = esper.linear (esper.multiply %x, %s), %w, %b   =>   esper.linear %x, (%w * %s), %b
///   %y = esper.linear (esper.add %x, %s), %w, %b        =>   esper.linear %x, %w, (%w %s + %b)
/// with a constant %s that has one element an input feature. Legal only where
/// the linear alone reads what it is fed.
struct FoldIntoLinear : OpRewritePattern<LinearOp> {
  FoldIntoLinear(MLIRContext *context, Pass::Statistic &folded)
      : OpRewritePattern(context), folded(folded) {
    setDebugName("FoldIntoLinear");
  }

  LogicalResult matchAndRewrite(LinearOp op, PatternRewriter &rewriter) const override {
    Operation *before = op.getInput().getDefiningOp();
    if (!isa_and_present<ScaleOp, MultiplyOp, AddOp>(before) || !before->hasOneUse())
      return rewriter.notifyMatchFailure(op, "is fed no scale or shift that it alone reads");
    if (!isConstantState(op.getWeight()) || !isConstantState(op.getBias()))
      return rewriter.notifyMatchFailure(op, "its weight or bias is not constant");
    Value input = before->getOperand(0), vector;
    if (before->getNumOperands() == 2) {
      vector = before->getOperand(1);
      if (isConstantState(input))
        std::swap(input, vector);
      if (!isConstantState(vector) || shapeOf(vector) != shapeOf(op.getWeight()).take_back())
        return rewriter.notifyMatchFailure(op, "the constant is not one number a feature");
    }
    if (input.getType() != op.getInput().getType())
      return rewriter.notifyMatchFailure(op, "what feeds it broadcasts");
    rewritten(op.getLoc(), "esper-fold-affine") << remark::add("what feeds it is folded into it");
    Value weight = op.getWeight(), bias = op.getBias();
    if (auto scale = dyn_cast<ScaleOp>(before))
      weight = ScaleOp::create(rewriter, op.getLoc(), weight, scale.getValue());
    else if (isa<MultiplyOp>(before))
      weight = MultiplyOp::create(rewriter, op.getLoc(), weight, vector);
    else
      bias = LinearOp::create(rewriter, op.getLoc(), vector, weight, bias);
    rewriter.replaceOpWithNewOp<LinearOp>(op, input, weight, bias);
    ++folded;
    return success();
  }

  Pass::Statistic &folded;
};

struct FoldAffine : tez::impl::FoldAffineBase<FoldAffine> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldScaleIntoProducer, FoldIntoLinear, FoldVectorIntoProducer<MultiplyOp>,
                 FoldVectorIntoProducer<AddOp>>(&getContext(), numFolded);
    if (failed(applyRewrites(getOperation(), std::move(patterns), getArgument())))
      signalPassFailure();
  }
};
} // namespace
