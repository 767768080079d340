//===- ExpandBFloat16.cpp -------------------------------------------------===//

#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "tez/Native/Passes.h"

namespace tez {
#define GEN_PASS_DEF_EXPANDBFLOAT16
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;

namespace {
struct ExpandBFloat16Pass : tez::impl::ExpandBFloat16Base<ExpandBFloat16Pass> {
  void runOnOperation() override {
    unsigned before = countConversions();
    RewritePatternSet patterns(&getContext());
    arith::populateExpandBFloat16Patterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    numOps += before - countConversions();
  }

private:
  unsigned countConversions() {
    unsigned count = 0;
    getOperation().walk([&](Operation *op) { count += isa<arith::ExtFOp, arith::TruncFOp>(op); });
    return count;
  }
};
} // namespace
