//===- DropoutOfAll.cpp - A dropout that leaves nothing -------------------===//

#include "Rules.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// The share that the op drops in training; 0 for ops that drop nothing.
static double dropped(Operation &op) {
  return llvm::TypeSwitch<Operation *, double>(&op)
      .Case([](DropoutOp op) { return op.getP().convertToDouble(); })
      .Case<AttentionOp, LstmOp, GruOp, RnnOp>(
          [](auto op) { return op.getDropout().convertToDouble(); })
      .Default([](Operation *) { return 0.0; });
}

static Value modeOf(Operation &op) {
  return llvm::TypeSwitch<Operation *, Value>(&op)
      .Case<DropoutOp, AttentionOp, LstmOp, GruOp, RnnOp>(
          [](auto op) -> Value { return op.getTraining(); })
      .Default([](Operation *) { return Value(); });
}

void rules::checkDropoutOfAll(LintContext &context) {
  for (Operation &op : context.kernel.getBody().front())
    if (dropped(op) >= 1 && !isNever(modeOf(op)))
      context.report(op.getLoc(), shortName(&op) + " drops everything in training (p = 1): "
                                                   "nothing before it gets a gradient");
}
