//===- FuseAttention.cpp - Softmax between two products -------------------===//

#include "tez/Dialect/Esper/ShapeRules.h"
#include "tez/Transforms/Passes.h"
#include "tez/Transforms/Rewrite.h"

namespace tez {
#define GEN_PASS_DEF_FUSEATTENTION
#include "tez/Transforms/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// esper-fuse-attention
//===----------------------------------------------------------------------===//

namespace {
/// What the scores are made of, gathered from the softmax upwards.
struct Scores {
  Value query, keyTransposed;
  double scale = 1;
  bool causal = false;
};

///   %s = esper.matmul (esper.scale %q, c), (esper.transpose %k, -2, -1)
///   %w = esper.softmax (esper.causal_mask %s) {dim = -1}
///   %y = esper.matmul %w, %v          =>   %y = esper.sdpa %q, %k, %v {scale = c, causal}
/// The scale may also stand behind the product, or be missing; so may the mask.
/// Legal only while nobody else reads what lies between.
struct FuseSoftmaxOfProducts : OpRewritePattern<MatmulOp> {
  FuseSoftmaxOfProducts(MLIRContext *context, Pass::Statistic &fused)
      : OpRewritePattern(context), fused(fused) {
    setDebugName("FuseSoftmaxOfProducts");
  }

  LogicalResult matchAndRewrite(MatmulOp op, PatternRewriter &rewriter) const override {
    auto softmax = op.getLeft().getDefiningOp<SoftmaxOp>();
    int64_t rank = int64_t(shapeOf(op.getLeft()).size());
    if (!softmax || normalizeDim(softmax.getDim(), rank) != rank - 1)
      return rewriter.notifyMatchFailure(op,
                                         "its left operand is no softmax of the last dimension");
    if (!softmax->hasOneUse())
      return rewriter.notifyMatchFailure(op, "the attention weights are read elsewhere too");
    std::optional<Scores> scores = match(softmax.getInput());
    if (!scores)
      return rewriter.notifyMatchFailure(op,
                                         "the scores are no product that the softmax alone reads");
    if (scores->causal && !(scores->scale > 0)) // torch scales -inf, too
      return rewriter.notifyMatchFailure(op, "the scale of the masked scores is not positive");
    auto transpose = scores->keyTransposed.getDefiningOp<TransposeOp>();
    if (!transpose || !exchangesLastTwo(transpose))
      return rewriter.notifyMatchFailure(op, "the key is not transposed");
    Value key = transpose.getInput();
    SmallVector<Type> types;
    SmallVector<Value> operands = {scores->query, key, op.getRight()};
    if (failed(inferSdpa(operands, *scores, rewriter, types)) || types.front() != op.getType())
      return rewriter.notifyMatchFailure(op, "its operands broadcast");
    rewritten(op.getLoc(), "esper-fuse-attention")
        << remark::add("softmax between two products fused");
    rewriter.replaceOpWithNewOp<SdpaOp>(op, scores->query, key, op.getRight(),
                                        APFloat(scores->scale), scores->causal);
    ++fused;
    return success();
  }

private:
  static bool exchangesLastTwo(TransposeOp op) {
    int64_t rank = int64_t(shapeOf(op.getInput()).size());
    auto a = normalizeDim(op.getDim0(), rank), b = normalizeDim(op.getDim1(), rank);
    return a && b && std::min(*a, *b) == rank - 2 && std::max(*a, *b) == rank - 1;
  }

  static LogicalResult inferSdpa(ArrayRef<Value> operands, const Scores &scores,
                                 PatternRewriter &rewriter, SmallVectorImpl<Type> &types) {
    SdpaOp::Properties properties;
    properties.setScale(rewriter.getF64FloatAttr(scores.scale));
    properties.setCausal(rewriter.getBoolAttr(scores.causal));
    return SdpaOp::inferReturnTypes(rewriter.getContext(), std::nullopt, operands, {}, &properties,
                                    {}, types);
  }

  /// Steps over one op that is read once.
  template <typename Op> static Op takeOnly(Value &value) {
    auto op = value.getDefiningOp<Op>();
    if (!op || !value.hasOneUse())
      return nullptr;
    value = op->getOperand(0);
    return op;
  }

  static std::optional<Scores> match(Value value) {
    Scores scores;
    scores.causal = bool(takeOnly<CausalMaskOp>(value));
    if (auto scaled = takeOnly<ScaleOp>(value))
      scores.scale *= scaled.getValue().convertToDouble();
    auto product = value.getDefiningOp<MatmulOp>();
    if (!product || !value.hasOneUse())
      return std::nullopt;
    scores.query = product.getLeft();
    scores.keyTransposed = product.getRight();
    if (auto scaled = takeOnly<ScaleOp>(scores.query))
      scores.scale *= scaled.getValue().convertToDouble();
    return scores;
  }

  Pass::Statistic &fused;
};

struct FuseAttention : tez::impl::FuseAttentionBase<FuseAttention> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FuseSoftmaxOfProducts>(&getContext(), numFused);
    if (failed(applyRewrites(getOperation(), std::move(patterns), getArgument())))
      signalPassFailure();
  }
};
} // namespace
