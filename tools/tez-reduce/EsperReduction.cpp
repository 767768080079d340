//===- EsperReduction.cpp - How esper IR may shrink -----------------------===//

#include "EsperReduction.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Reducer/ReductionPatternInterface.h"
#include "tez/Dialect/Esper/Esper.h"

using namespace mlir;
using namespace tez::esper;

namespace {

///   %y = esper.op %x, ...      =>   %x
/// Legal where some operand has the type of the op's only result. What is
/// computed changes; the tester says whether the fault stays.
struct BypassOp : RewritePattern {
  explicit BypassOp(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context) {}

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    if (!isa_and_nonnull<EsperDialect>(op->getDialect()) || op->getNumResults() != 1)
      return rewriter.notifyMatchFailure(op, "not an esper op of one result");
    for (Value operand : op->getOperands())
      if (operand.getType() == op->getResult(0).getType()) {
        rewriter.replaceOp(op, operand);
        return success();
      }
    return rewriter.notifyMatchFailure(op, "no operand has the type of the result");
  }
};

/// Erases a param or buffer that nobody reads: nothing else may, since it is in
/// the state dict.
template <typename StateOp> struct DropUnreadState : OpRewritePattern<StateOp> {
  using OpRewritePattern<StateOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(StateOp op, PatternRewriter &rewriter) const override {
    if (!op->use_empty())
      return rewriter.notifyMatchFailure(op, "the value is read");
    rewriter.eraseOp(op);
    return success();
  }
};

struct EsperReduction : DialectReductionPatternInterface {
  explicit EsperReduction(Dialect *dialect) : DialectReductionPatternInterface(dialect) {}

  void populateReductionPatterns(RewritePatternSet &patterns) const override {
    patterns.add<BypassOp, DropUnreadState<ParamOp>, DropUnreadState<BufferOp>>(
        patterns.getContext());
  }
};
} // namespace

void tez::tool::registerEsperReduction(DialectRegistry &registry) {
  registry.addExtension(
      +[](MLIRContext *, EsperDialect *dialect) { dialect->addInterfaces<EsperReduction>(); });
}
