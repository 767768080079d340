//===- SoftmaxOfOne.cpp - A softmax over one value ------------------------===//

#include "Rules.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

template <typename Softmax> static void check(LintContext &context, Softmax op, StringRef value) {
  int64_t rank = op.getInput().getType().getRank(), dim = int64_t(op.getDim());
  dim = dim < 0 ? dim + rank : dim;
  if (rank > 0 && context.dimSize(op.getInput(), dim) == 1)
    context.report(op.getLoc(), rules::shortName(op) + " over dimension " + Twine(dim) +
                                    " of size 1 is always " + value +
                                    "; nothing before it can learn");
}

void rules::checkSoftmaxOfOne(LintContext &context) {
  for (Operation &op : context.kernel.getBody().front())
    if (auto softmax = dyn_cast<SoftmaxOp>(op))
      check(context, softmax, "1");
    else if (auto logSoftmax = dyn_cast<LogSoftmaxOp>(op))
      check(context, logSoftmax, "0");
}
