//===- HalfOverflow.cpp - Values beyond the range of fp16 -----------------===//

#include "Rules.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::esper;

constexpr double kHalfMax = 65504;
/// A tensor of a million normal elements has some at five deviations.
constexpr double kDeviations = 5;

/// The first place only: what follows is large because of it.
void rules::checkHalfOverflow(LintContext &context) {
  for (Operation &op : context.kernel.getBody().front()) {
    if (!isa<CostOpInterface>(op) || op.getNumResults() == 0)
      continue;
    Moments x = context.moments.of(op.getResult(0));
    double most = std::fabs(x.mean) + kDeviations * std::sqrt(x.variance());
    if (!(most > kHalfMax))
      continue;
    context.report(op.getLoc(), "values of this " + shortName(&op) + " reach about " +
                                    shortNumber(most) +
                                    " with initial weights; fp16 ends at 65504");
    return;
  }
}
