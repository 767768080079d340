//===- SimplifyAlgebra.cpp - Negations and absolute values that fall away -===//

#include "../Support/DimOrigin.h"
#include "tez/Transforms/Passes.h"
#include "tez/Transforms/Rewrite.h"

namespace tez {
#define GEN_PASS_DEF_SIMPLIFYALGEBRA
#include "tez/Transforms/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// esper-simplify-algebra
//===----------------------------------------------------------------------===//

// What the rules of Algebra.td call.

static bool isForInference(Value value) {
  return value.getParentRegion()->getParentOfType<KernelOp>()->hasAttr("esper.infer");
}

/// Is the gradient of `value` one contribution: a rule moves its reader, and a
/// sum of several would be rounded in another order.
static bool keepsGradient(Value value) { return isForInference(value) || value.hasOneUse(); }

/// The same where `value` and `other` broadcast. The gradient of what is spread
/// is a sum; one that cancels is +0, negated before or not, and -0 negated after.
static bool keepsGradientBeside(Value value, Value other) {
  return isForInference(value) || (value.hasOneUse() && DimOrigins().fitsInto(other, value));
}

static void said(Value result, const char *what) {
  rewritten(result.getLoc(), "esper-simplify-algebra") << remark::add(what);
}

namespace {
#include "tez/Transforms/Algebra.cpp.inc"

/// Rules have no members to count with.
struct RuleCounter : RewriterBase::Listener {
  explicit RuleCounter(Pass::Statistic &applied) : applied(applied) {}

  void notifyPatternEnd(const Pattern &, LogicalResult status) override {
    applied += succeeded(status);
  }

  Pass::Statistic &applied;
};

struct SimplifyAlgebra : tez::impl::SimplifyAlgebraBase<SimplifyAlgebra> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateWithGenerated(patterns);
    RuleCounter counter(numApplied);
    GreedyRewriteConfig config;
    config.setListener(&counter);
    if (failed(applyRewrites(getOperation(), std::move(patterns), getArgument(), config,
                             /*misses=*/false)))
      signalPassFailure();
  }
};
} // namespace
