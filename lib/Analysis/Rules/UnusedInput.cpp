//===- UnusedInput.cpp - An input that changes no output ------------------===//

#include "Rules.h"

using namespace mlir;
using namespace tez;

void rules::checkUnusedInput(LintContext &context) {
  for (auto [i, input] : llvm::enumerate(context.kernel.getArguments())) {
    bool used = llvm::any_of(input.getUsers(), [&](Operation *op) { return context.isLive(op); });
    if (!used)
      context.report(input.getLoc(),
                     "input '" + context.kernel.getInputName(unsigned(i)) + "' changes no output");
  }
}
