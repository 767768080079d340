//===- DivisionByZero.cpp - A divisor that may be zero --------------------===//

#include "Rules.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

void rules::checkDivisionByZero(LintContext &context) {
  for (DivideOp op : context.kernel.getBody().getOps<DivideOp>())
    if (context.intervals.of(op.getRight()).contains(0))
      context.report(op.getLoc(), "the divisor may be zero: add a positive number to one that is "
                                  "never negative (square, exp, relu) before dividing");
}
