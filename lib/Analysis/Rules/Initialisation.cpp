//===- Initialisation.cpp - A signal that vanishes or explodes ------------===//

#include "Rules.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// Smaller or larger than the input by these, training hardly begins: an fp32
/// gradient of the first layers is then lost beside that of the last ones.
constexpr double kVanished = 1e-3;
constexpr double kExploded = 1e3;

static bool hasParameters(Operation &op) {
  return llvm::any_of(op.getOperands(),
                      [](Value operand) { return operand.getDefiningOp<ParamOp>() != nullptr; });
}

/// The strongest signal among the operands.
static double signalBefore(Operation &op, const LintContext &context) {
  double size = 0;
  for (Value operand : op.getOperands())
    size = std::max(size, context.moments.of(operand).signalSize());
  return size;
}

namespace {
/// A border of the signal's size; the first layer beyond it is reported.
struct Border {
  const char *verb;
  bool (*beyond)(double size);
  bool found = false;
};
} // namespace

static void reportCrossing(LintContext &context, Operation &op, const Border &border, double before,
                           double after) {
  context.report(op.getLoc(), Twine("with its initial weights the signal ") + border.verb +
                                  ": after this " + rules::shortName(&op) + " it is " +
                                  rules::shortNumber(after) +
                                  " of the input's size (this layer: factor " +
                                  rules::shortNumber(after / before) +
                                  "); a normalisation or a residual connection would keep it");
}

void rules::checkInitialisation(LintContext &context) {
  Border borders[] = {{"vanishes", [](double size) { return size < kVanished; }},
                      {"explodes", [](double size) { return size > kExploded; }}};
  for (Operation &op : context.kernel.getBody().front()) {
    if (op.getNumResults() == 0 || !context.isLive(&op) || !hasParameters(op))
      continue;
    double before = signalBefore(op, context);
    double after = context.moments.of(op.getResult(0)).signalSize();
    for (Border &border : borders) {
      if (border.found || before == 0 || !border.beyond(after))
        continue;
      border.found = true;
      reportCrossing(context, op, border, before, after);
    }
  }
}
