//===- Rules.cpp - The table of lint rules --------------------------------===//

#include "Rules.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

static constexpr LintRule table[] = {
    {"dead-node", "a value that nothing uses", rules::checkDeadNode},
    {"unused-input", "an input that changes no output", rules::checkUnusedInput},
    {"unused-parameter", "a parameter that changes no output", rules::checkUnusedParameter},
    {"gradient-dead-end", "a parameter that no gradient reaches", rules::checkGradientDeadEnd},
    {"initialisation", "a signal that vanishes or explodes before training",
     rules::checkInitialisation},
    {"half-overflow", "values beyond the range of fp16", rules::checkHalfOverflow},
    {"domain", "a root, logarithm or power outside of its domain", rules::checkDomain},
    {"division-by-zero", "a divisor that may be zero", rules::checkDivisionByZero},
    {"softmax-of-one", "a softmax over one value", rules::checkSoftmaxOfOne},
    {"norm-of-one", "statistics of one value", rules::checkNormOfOne},
    {"dropout-of-all", "a dropout that leaves nothing", rules::checkDropoutOfAll},
    {"identity-layer", "an op that changes nothing", rules::checkIdentityLayer},
};

ArrayRef<LintRule> tez::lintRules() { return table; }

std::vector<Finding> tez::lint(KernelOp kernel, const MomentMap &moments,
                               std::optional<int64_t> batch, ArrayRef<std::string> only) {
  std::vector<Finding> findings;
  LintContext context(kernel, moments, batch, findings);
  for (const LintRule &rule : table) {
    if (!only.empty() && !llvm::is_contained(only, rule.name))
      continue;
    context.rule = rule.name;
    rule.check(context);
  }
  return findings;
}

//===----------------------------------------------------------------------===//
// What rules share
//===----------------------------------------------------------------------===//

/// Marks what the terminator needs, backwards: operands come before users.
static llvm::DenseSet<Operation *> liveOps(KernelOp kernel) {
  llvm::DenseSet<Operation *> live = {kernel.getReturn()};
  for (Operation &op : llvm::reverse(kernel.getBody().front()))
    if (live.contains(&op))
      for (Value operand : op.getOperands())
        if (Operation *definition = operand.getDefiningOp())
          live.insert(definition);
  return live;
}

LintContext::LintContext(KernelOp kernel, const MomentMap &moments, std::optional<int64_t> batch,
                         std::vector<Finding> &findings)
    : kernel(kernel), batch(batch), intervals(kernel), moments(moments), live(liveOps(kernel)),
      findings(findings) {}

int64_t LintContext::dimSize(Value value, int64_t dim) const {
  int64_t size = cast<RankedTensorType>(value.getType()).getDimSize(unsigned(dim));
  return dim == 0 && batch && ShapedType::isDynamic(size) ? *batch : size;
}

void LintContext::report(Location location, const Twine &message) {
  findings.push_back({rule, location, message.str()});
}

bool rules::isNever(Value flag) {
  auto known = flag.getDefiningOp<FlagOp>();
  return known && !known.getValue();
}

std::string rules::shortNumber(double x) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.3g", x);
  return text;
}
