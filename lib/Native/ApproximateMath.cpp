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
/// erf(x) = x P(x^2) / Q(x^2) up to where fp32 has no number between it and 1; behind that it is 1.
/// MLIR's own chooses among several polynomials, lane by lane, in three times as many instructions.
/// P and Q are the minimax fit of degree 5 over 5 in relative error (1.9e-8 before rounding, 2.8e-7
/// in fp32).
struct ExpandErf : OpRewritePattern<math::ErfOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::ErfOp op, PatternRewriter &rewriter) const override {
    constexpr double one = 3.92;
    constexpr double p[] = {1.1283791065216064,    0.19040103256702423,   0.0527479313313961,
                            0.0037653669714927673, 0.0002848746080417186, 2.05009587261884e-06};
    constexpr double q[] = {1.0,
                            0.5020712614059448,
                            0.11410680413246155,
                            0.01496871281415224,
                            0.0011624704347923398,
                            3.809138070209883e-05};
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "it is not in fp32");
    ImplicitLocOpBuilder builder(op.getLoc(), rewriter);
    Value x = clamp(op.getOperand(), one, builder);
    Value square = arith::MulFOp::create(builder, x, x);
    Value above = arith::MulFOp::create(builder, x, polynomial(p, square, builder));
    Value ratio = arith::DivFOp::create(builder, above, polynomial(q, square, builder));
    rewriter.replaceOp(op, clamp(ratio, 1, builder));
    return success();
  }

private:
  static Value constant(Type type, double number, ImplicitLocOpBuilder &builder) {
    TypedAttr value = builder.getF32FloatAttr(float(number));
    if (auto vector = dyn_cast<VectorType>(type))
      value = SplatElementsAttr::get(vector, cast<Attribute>(value));
    return arith::ConstantOp::create(builder, value);
  }

  /// By comparisons, which are an instruction where NaN may become a number.
  static Value clamp(Value x, double most, ImplicitLocOpBuilder &builder) {
    auto choose = [&](arith::CmpFPredicate predicate, double bound) {
      Value limit = constant(x.getType(), bound, builder);
      Value inside = arith::CmpFOp::create(builder, predicate, x, limit);
      x = arith::SelectOp::create(builder, inside, x, limit);
    };
    choose(arith::CmpFPredicate::OLT, most);
    choose(arith::CmpFPredicate::OGT, -most);
    return x;
  }

  /// By Horner's rule.
  static Value polynomial(ArrayRef<double> coefficients, Value x, ImplicitLocOpBuilder &builder) {
    Value sum = constant(x.getType(), coefficients.back(), builder);
    for (double coefficient : llvm::reverse(coefficients.drop_back()))
      sum = math::FmaOp::create(builder, sum, x, constant(x.getType(), coefficient, builder));
    return sum;
  }
};

struct ApproximateMathPass : tez::impl::ApproximateMathBase<ApproximateMathPass> {
  void runOnOperation() override {
    getOperation().walk([&](Operation *op) { numFunctions += keepNan(op); });
    RewritePatternSet patterns(&getContext());
    MathPolynomialApproximationOptions options;
    options.enableAvx2 = false; // that one approximates rsqrt
    populateMathPolynomialApproximationPatterns(patterns, options);
    patterns.add<ExpandErf>(&getContext(), /*benefit=*/2);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
