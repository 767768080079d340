//===- DeadNode.cpp - A value that nothing uses ---------------------------===//

#include "Rules.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// Named is the last op of a dead chain: what feeds it would be dead without it.
void rules::checkDeadNode(LintContext &context) {
  for (Operation &op : context.kernel.getBody().front())
    if (isa<CostOpInterface>(op) && !context.isLive(&op) && op.use_empty())
      context.report(op.getLoc(), "the value of this " + shortName(&op) +
                                      " is never used; it and what only feeds it change no output");
}
