//===- Domain.cpp - A root, logarithm or power outside of its domain ------===//

#include "Rules.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::esper;

static void reportActivation(LintContext &context, ActivationOp op, const Twine &operand,
                             StringRef result) {
  context.report(op.getLoc(),
                 op.getKind() + " of values that may be " + operand + " gives " + result);
}

static void checkPower(LintContext &context, ActivationOp op, Interval input) {
  double exponent = op.getParameters()[0];
  if (exponent != std::trunc(exponent) && input.low < 0)
    reportActivation(context, op, "negative", "NaN");
  else if (exponent < 0 && input.contains(0))
    reportActivation(context, op, "zero", "infinity");
}

static void checkActivation(LintContext &context, ActivationOp op) {
  Interval input = context.intervals.of(op.getInput());
  StringRef kind = op.getKind();
  if (kind == "pow")
    return checkPower(context, op, input);
  if (kind != "sqrt" && kind != "log" && kind != "rsqrt")
    return;
  if (input.low < 0)
    reportActivation(context, op, "negative", "NaN");
  else if (input.low == 0 && kind != "sqrt")
    reportActivation(context, op, "zero", "infinity");
}

/// Elements that one result of the reduction is made of; nullopt: dynamic.
static std::optional<double> termsOf(LintContext &context, ReduceOp op) {
  int64_t rank = op.getInput().getType().getRank();
  SmallVector<int64_t> dims(op.getDims());
  if (dims.empty())
    dims = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  double terms = 1;
  for (int64_t dim : dims) {
    int64_t size = context.dimSize(op.getInput(), dim < 0 ? dim + rank : dim);
    if (ShapedType::isDynamic(size))
      return std::nullopt;
    terms *= double(size);
  }
  return terms;
}

static void checkVariance(LintContext &context, ReduceOp op) {
  std::optional<double> terms = termsOf(context, op);
  if (op.getKind() == ReduceKind::Var && terms && *terms <= double(op.getCorrection()))
    context.report(op.getLoc(), "variance of " + rules::shortNumber(*terms) +
                                    " value(s) with correction " + Twine(op.getCorrection()) +
                                    " divides by zero: NaN");
}

void rules::checkDomain(LintContext &context) {
  for (Operation &op : context.kernel.getBody().front())
    if (auto activation = dyn_cast<ActivationOp>(op))
      checkActivation(context, activation);
    else if (auto reduce = dyn_cast<ReduceOp>(op))
      checkVariance(context, reduce);
}
