//===- FuseConvolutions.cpp - Convolutions and their epilogues ------------===//

#include "Elementwise.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "tez/Native/Passes.h"

namespace tez {
#define GEN_PASS_DEF_FUSECONVOLUTIONS
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using native::ConvOp;

/// The operand that is a convolution read by `reader` alone, and once; the last of them, since its
/// numbers are the ones that are still in a cache. -1: none.
static int64_t convolutionOf(linalg::GenericOp reader) {
  for (int64_t i = reader.getNumDpsInputs() - 1; i >= 0; --i)
    if (Value input = reader.getInputs()[i]; input.getDefiningOp<ConvOp>() && input.hasOneUse())
      return i;
  return -1;
}

/// Extras are images, or state of one number a channel; an element-wise op has one a column.
static bool readsImages(linalg::GenericOp op) {
  return llvm::all_of(op.getInputs(), [&](Value input) {
    return cast<ShapedType>(input.getType()).getShape() ==
           cast<ShapedType>(op.getResult(0).getType()).getShape();
  });
}

namespace {
/// An element-wise op that is the only reader of a convolution => a part of its epilogue.
struct FuseEpilogue : OpRewritePattern<linalg::GenericOp> {
  FuseEpilogue(MLIRContext *context, Pass::Statistic &count)
      : OpRewritePattern(context), count(count) {}

  LogicalResult matchAndRewrite(linalg::GenericOp op, PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics() || !native::isElementwise(op) || !readsImages(op))
      return rewriter.notifyMatchFailure(op, "it is not an element-wise op of images");
    int64_t operand = convolutionOf(op);
    if (operand < 0)
      return rewriter.notifyMatchFailure(op, "it reads no convolution that is its alone");
    auto conv = op.getInputs()[operand].getDefiningOp<ConvOp>();
    SmallVector<Value> extras(conv.getExtras());
    for (auto [i, input] : llvm::enumerate(op.getInputs()))
      if (int64_t(i) != operand)
        extras.push_back(input);
    auto made = ConvOp::create(
        rewriter, op.getLoc(), op.getResultTypes(), conv.getInput(), conv.getWeight(), extras,
        conv.getOut(), conv.getImage(), conv.getOutputs(), conv.getWindow(), conv.getStride(),
        conv.getPadding(), conv.getDilation(), conv.getGroups(), conv.getPlanar(),
        conv.getTileAttr(), conv.getDeferred(), conv.getSweep(), conv.getWinograd());
    rewriter.inlineRegionBefore(conv.getEpilogue(), made.getEpilogue(), made.getEpilogue().end());
    extend(made, op, operand, rewriter);
    rewriter.replaceOp(op, made.getResults());
    rewriter.eraseOp(conv);
    ++count;
    return success();
  }

private:
  static void extend(ConvOp conv, linalg::GenericOp op, int64_t operand, PatternRewriter &rewriter);

  Pass::Statistic &count;
};
} // namespace

/// The body of `op` behind the epilogue: what that yields is operand `operand`.
void FuseEpilogue::extend(ConvOp conv, linalg::GenericOp op, int64_t operand,
                          PatternRewriter &rewriter) {
  Block &block = conv.getEpilogue().front(), &body = op.getRegion().front();
  auto yield = cast<native::YieldOp>(block.getTerminator());
  IRMapping values;
  for (int64_t i = 0; i < op.getNumDpsInputs(); ++i) {
    Value argument = body.getArgument(i);
    values.map(argument, i == operand ? Value(yield.getValue())
                                      : block.addArgument(argument.getType(), op.getLoc()));
  }
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(yield);
  for (Operation &inner : body.without_terminator())
    rewriter.clone(inner, values);
  Value made = values.lookupOrDefault(body.getTerminator()->getOperand(0));
  rewriter.modifyOpInPlace(yield, [&] { yield.getValueMutable().assign(made); });
}

namespace {
struct FuseConvolutionsPass : tez::impl::FuseConvolutionsBase<FuseConvolutionsPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FuseEpilogue>(&getContext(), numFused);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
