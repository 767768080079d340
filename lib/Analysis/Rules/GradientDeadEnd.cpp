//===- GradientDeadEnd.cpp - A parameter that no gradient reaches ---------===//

#include "Rules.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

static bool isFloating(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && isa<FloatType>(type.getElementType());
}

/// The derivative of the activation is zero wherever its input can be.
static bool isFlat(ActivationOp op, Interval input) {
  if (op.getKind() == "relu" || op.getKind() == "relu6")
    return input.high <= 0;
  return op.getKind() == "pow" && op.getParameters()[0] == 0;
}

/// The gradient of the op's results reaches this operand.
static bool passesGradient(OpOperand &operand, const LintContext &context) {
  Operation *op = operand.getOwner();
  if (!isFloating(operand.get()) || !llvm::any_of(op->getResults(), isFloating))
    return false;
  // The second operand of these is looked at for its shape or type only.
  if (isa<ExpandAsOp, TypeAsOp>(op))
    return operand.getOperandNumber() == 0;
  if (auto scale = dyn_cast<ScaleOp>(op))
    return !scale.getValue().isZero();
  if (auto activation = dyn_cast<ActivationOp>(op))
    return !isFlat(activation, context.intervals.of(operand.get()));
  if (auto dropout = dyn_cast<DropoutOp>(op))
    return dropout.getP().convertToDouble() < 1 || rules::isNever(dropout.getTraining());
  return !isa<DetachOp>(op);
}

namespace {
/// Two sweeps from the outputs to the parameters: what gradients reach, then
/// which op stops them on the way to the rest. Every value is visited once.
struct Flow {
  explicit Flow(LintContext &context) : context(context) {}

  void run() {
    for (Value result : context.kernel.getReturn().getResults())
      if (isFloating(result))
        reached.insert(result);
      else // A choice has no gradient.
        stoppedBy[result] = result.getDefiningOp();
    for (Operation &op : llvm::reverse(context.kernel.getBody().front()))
      if (!isa<ReturnOp>(op))
        visit(op);
    for (ParamOp param : context.kernel.getBody().getOps<ParamOp>())
      if (context.isLive(param) && !reached.contains(param.getValue()))
        report(param);
  }

private:
  void visit(Operation &op) {
    bool arrives = llvm::any_of(op.getResults(), [&](Value v) { return reached.contains(v); });
    Operation *stopped = nullptr;
    for (Value result : op.getResults())
      if (Operation *by = stoppedBy.lookup(result))
        stopped = by;
    for (OpOperand &operand : op.getOpOperands())
      if (arrives && passesGradient(operand, context))
        reached.insert(operand.get());
      else if (arrives || stopped)
        stoppedBy[operand.get()] = arrives ? &op : stopped;
  }

  void report(ParamOp param) {
    Operation *by = stoppedBy.lookup(param.getValue());
    std::string why =
        by ? ("every path to an output is cut, the last at " + rules::shortName(by)).str()
           : "it changes buffers only";
    context.report(param.getLoc(),
                   "parameter '" + param.getName() + "' never gets a gradient: " + why);
  }

  LintContext &context;
  llvm::DenseSet<Value> reached;
  llvm::DenseMap<Value, Operation *> stoppedBy;
};
} // namespace

void rules::checkGradientDeadEnd(LintContext &context) { Flow(context).run(); }
