//===- UnusedParameter.cpp - A parameter that changes no output -----------===//

#include "Rules.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

void rules::checkUnusedParameter(LintContext &context) {
  for (ParamOp param : context.kernel.getBody().getOps<ParamOp>()) {
    if (context.isLive(param))
      continue;
    StringRef why =
        param->use_empty() ? "no op uses it" : "only values that are never used need it";
    context.report(param.getLoc(), "parameter '" + param.getName() + "' changes no output: " + why);
  }
}
