//===- PoolBeforeActivation.cpp - Fewer elements for the same maximum -----===//

#include "tez/Transforms/Passes.h"
#include "tez/Transforms/Rewrite.h"
#include "llvm/ADT/StringSet.h"

namespace tez {
#define GEN_PASS_DEF_POOLBEFOREACTIVATION
#include "tez/Transforms/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// esper-pool-before-activation
//===----------------------------------------------------------------------===//

/// Functions of which also the computed values never fall where the argument
/// grows: comparisons and one product. (A tanh may by a unit in the last place.)
static bool isMonotone(ActivationOp op) {
  static const llvm::StringSet<> kinds = {"relu", "relu6", "hardtanh"};
  bool leaky = op.getKind() == "leaky_relu" && op.getParameters()[0] >= 0;
  return leaky || kinds.contains(op.getKind());
}

namespace {
///   %a = esper.activation "relu" %x
///   %y = esper.max_pool %a      =>   %p = esper.max_pool %x   %y = esper.activation "relu" %p
/// The same numbers to the last bit from a quarter of the work, for kernels of
/// two. Legal only for monotone functions, while nobody else reads %a.
struct PoolFirst : OpRewritePattern<MaxPoolOp> {
  PoolFirst(MLIRContext *context, Pass::Statistic &moved)
      : OpRewritePattern(context), moved(moved) {
    setDebugName("PoolFirst");
  }

  LogicalResult matchAndRewrite(MaxPoolOp op, PatternRewriter &rewriter) const override {
    auto activation = op.getInput().getDefiningOp<ActivationOp>();
    if (!activation || !activation->hasOneUse())
      return rewriter.notifyMatchFailure(op, "its input is no activation that it alone reads");
    if (!isMonotone(activation))
      return rewriter.notifyMatchFailure(op, "the function is not monotone as computed");
    if (llvm::any_of(op.getDilation(), [](int64_t step) { return step != 1; }))
      return rewriter.notifyMatchFailure(op, "a dilated window may hold nothing but padding");
    rewritten(op.getLoc(), "esper-pool-before-activation") << remark::add("pooled first");
    auto pool = cast<MaxPoolOp>(rewriter.clone(*op));
    pool.getInputMutable().assign(activation.getInput());
    rewriter.replaceOpWithNewOp<ActivationOp>(op, activation.getKind(), activation.getParameters(),
                                              pool.getOutput());
    ++moved;
    return success();
  }

  Pass::Statistic &moved;
};

struct PoolBeforeActivation : tez::impl::PoolBeforeActivationBase<PoolBeforeActivation> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<PoolFirst>(&getContext(), numMoved);
    if (failed(applyRewrites(getOperation(), std::move(patterns), getArgument())))
      signalPassFailure();
  }
};
} // namespace
