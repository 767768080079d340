//===- CancelShapes.cpp - Transposes that undo each other -----------------===//

#include "tez/Dialect/Esper/ShapeRules.h"
#include "tez/Transforms/Passes.h"
#include "tez/Transforms/Rewrite.h"

namespace tez {
#define GEN_PASS_DEF_CANCELSHAPES
#include "tez/Transforms/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// esper-cancel-shapes
//===----------------------------------------------------------------------===//

/// The dimensions of the input that those of the result are.
static std::optional<SmallVector<int64_t>> permutationOf(Operation *op) {
  if (auto permute = dyn_cast_or_null<PermuteOp>(op)) {
    SmallVector<int64_t> dims;
    int64_t rank = permute.getType().getRank();
    for (int64_t dim : permute.getDims())
      dims.push_back(*normalizeDim(dim, rank));
    return dims;
  }
  auto transpose = dyn_cast_or_null<TransposeOp>(op);
  if (!transpose || transpose.getType().getRank() == 0)
    return std::nullopt;
  auto dims = llvm::to_vector(llvm::seq<int64_t>(0, transpose.getType().getRank()));
  std::swap(dims[*normalizeDim(transpose.getDim0(), dims.size())],
            dims[*normalizeDim(transpose.getDim1(), dims.size())]);
  return dims;
}

static bool isIdentity(ArrayRef<int64_t> dims) {
  return llvm::all_of(llvm::enumerate(dims),
                      [](auto pair) { return int64_t(pair.index()) == pair.value(); });
}

namespace {
///   %a = esper.permute %x   %y = esper.transpose %a   =>   %y = esper.permute %x
/// and the value itself where they cancel.
template <typename Op> struct ComposePermutations : OpRewritePattern<Op> {
  ComposePermutations(MLIRContext *context, Pass::Statistic &count)
      : OpRewritePattern<Op>(context), count(count) {
    this->setDebugName("ComposePermutations");
  }

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    Operation *before = op.getInput().getDefiningOp();
    auto inner = permutationOf(before), outer = permutationOf(op);
    if (!inner || !outer)
      return rewriter.notifyMatchFailure(op, "its input is not permuted");
    SmallVector<int64_t> dims;
    for (int64_t dim : *outer)
      dims.push_back((*inner)[dim]);
    rewritten(op.getLoc(), "esper-cancel-shapes") << remark::add("permutation composed");
    if (isIdentity(dims))
      rewriter.replaceOp(op, before->getOperand(0));
    else
      rewriter.replaceOpWithNewOp<PermuteOp>(op, before->getOperand(0), dims);
    ++count;
    return success();
  }

  Pass::Statistic &count;
};

///   %h = esper.linear %x, %w, %b
///   %y = esper.transpose %h           =>   %y = esper.linear (esper.transpose %x), %w, %b
/// so that the transpose meets the one that made %x. Legal only where the last
/// dimension stays and nobody else reads %h.
struct TransposeBeforeLinear : OpRewritePattern<TransposeOp> {
  TransposeBeforeLinear(MLIRContext *context, Pass::Statistic &count)
      : OpRewritePattern(context), count(count) {
    setDebugName("TransposeBeforeLinear");
  }

  LogicalResult matchAndRewrite(TransposeOp op, PatternRewriter &rewriter) const override {
    auto linear = op.getInput().getDefiningOp<LinearOp>();
    if (!linear || !linear->hasOneUse())
      return rewriter.notifyMatchFailure(op, "its input is no linear that it alone reads");
    if (permutationOf(op)->back() != op.getType().getRank() - 1)
      return rewriter.notifyMatchFailure(op, "it moves the last dimension");
    Operation *before = linear.getInput().getDefiningOp();
    if (!isa_and_present<TransposeOp, PermuteOp, FlattenOp>(before))
      return rewriter.notifyMatchFailure(op, "the linear's input is not rearranged");
    Value moved =
        TransposeOp::create(rewriter, op.getLoc(), linear.getInput(), op.getDim0(), op.getDim1());
    rewritten(op.getLoc(), "esper-cancel-shapes") << remark::add("permutation composed or moved");
    rewriter.replaceOpWithNewOp<LinearOp>(op, moved, linear.getWeight(), linear.getBias());
    ++count;
    return success();
  }

  Pass::Statistic &count;
};

///   %f = esper.flatten %x {from -2 to -1}
///   %y = esper.transpose %f           =>   %y = esper.flatten (esper.transpose %x)
/// Legal only where the flattened dimension, the last, stays.
struct TransposeBeforeFlatten : OpRewritePattern<TransposeOp> {
  TransposeBeforeFlatten(MLIRContext *context, Pass::Statistic &count)
      : OpRewritePattern(context), count(count) {
    setDebugName("TransposeBeforeFlatten");
  }

  LogicalResult matchAndRewrite(TransposeOp op, PatternRewriter &rewriter) const override {
    auto flatten = op.getInput().getDefiningOp<FlattenOp>();
    if (!flatten || !flatten->hasOneUse())
      return rewriter.notifyMatchFailure(op, "its input is no flatten that it alone reads");
    int64_t rank = op.getType().getRank();
    bool lastTwo = flatten.getInput().getType().getRank() == rank + 1 &&
                   normalizeDim(flatten.getStartDim(), rank + 1) == rank - 1;
    if (!lastTwo || permutationOf(op)->back() != rank - 1)
      return rewriter.notifyMatchFailure(op, "it moves what is flattened");
    if (!permutationOf(flatten.getInput().getDefiningOp()))
      return rewriter.notifyMatchFailure(op, "what is flattened is not permuted");
    Value moved =
        TransposeOp::create(rewriter, op.getLoc(), flatten.getInput(),
                            *normalizeDim(op.getDim0(), rank), *normalizeDim(op.getDim1(), rank));
    rewritten(op.getLoc(), "esper-cancel-shapes") << remark::add("permutation composed or moved");
    rewriter.replaceOpWithNewOp<FlattenOp>(op, moved, -2, -1);
    ++count;
    return success();
  }

  Pass::Statistic &count;
};

struct CancelShapes : tez::impl::CancelShapesBase<CancelShapes> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ComposePermutations<TransposeOp>, ComposePermutations<PermuteOp>,
                 TransposeBeforeLinear, TransposeBeforeFlatten>(&getContext(), numRewritten);
    if (failed(applyRewrites(getOperation(), std::move(patterns), getArgument())))
      signalPassFailure();
  }
};
} // namespace
