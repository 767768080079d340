//===- ApproximateMath.cpp - Functions as polynomials ---------------------===//

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/Transforms/VectorRewritePatterns.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "tez/Native/Passes.h"

namespace tez {
#define GEN_PASS_DEF_APPROXIMATEMATH
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;

/// MLIR's polynomials clamp their arguments in ways that make numbers of NaN.
static bool keepNan(Operation *op) {
  if (!isa<math::ExpOp, math::ExpM1Op, math::TanhOp, math::ErfOp, math::LogOp, math::Log1pOp>(op))
    return false;
  OpBuilder builder(op->getContext());
  builder.setInsertionPointAfter(op);
  Value x = op->getOperand(0), result = op->getResult(0);
  Value isNan = arith::CmpFOp::create(builder, op->getLoc(), arith::CmpFPredicate::UNO, x, x);
  auto kept = arith::SelectOp::create(builder, op->getLoc(), isNan, x, result);
  result.replaceAllUsesExcept(kept, kept);
  return true;
}

namespace {
struct ApproximateMathPass : tez::impl::ApproximateMathBase<ApproximateMathPass> {
  void runOnOperation() override {
    getOperation().walk([&](Operation *op) { numFunctions += keepNan(op); });
    RewritePatternSet patterns(&getContext());
    MathPolynomialApproximationOptions options;
    options.enableAvx2 = false; // that one approximates rsqrt
    populateMathPolynomialApproximationPatterns(patterns, options);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
