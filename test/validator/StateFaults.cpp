//===- StateFaults.cpp - Faults of modes, buffers and names ---------------===//

#include "Faults.h"

using namespace mlir;
using namespace tez;
using namespace tez::test;

static bool isBatchNorm(ts::CallOp call) {
  return calls(call, {"aten::batch_norm"}) && operandAt(call, 3) && operandAt(call, 5);
}

/// The momentum of running statistics twice as large.
static bool spoilMomentum(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, isBatchNorm);
  if (!call || !isa_and_nonnull<FloatAttr>(literal(call, 6)))
    return false;
  double momentum = cast<FloatAttr>(literal(call, 6)).getValueAsDouble();
  setLiteral(call, 6, number(call.getContext(), 2 * momentum + 0.01));
  return true;
}

static void fixFlag(ts::CallOp call, unsigned index, unsigned operand, bool value) {
  call->eraseOperand(operand);
  setLiteral(call, index, BoolAttr::get(call.getContext(), value));
}

/// Running statistics in training as well, or a batch's own in eval mode.
static bool fixBatchNormMode(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, isBatchNorm);
  if (!call)
    return false;
  unsigned operand = 0;
  for (unsigned i = 0; i < 5; ++i)
    operand += operandAt(call, i) ? 1 : 0;
  fixFlag(call, 5, operand, chance() % 2);
  return true;
}

static bool isDropout(ts::CallOp call) {
  return calls(call, {"aten::dropout", "aten::feature_dropout", "aten::alpha_dropout"}) &&
         operandAt(call, 2);
}

/// Dropout always, or never.
static bool fixDropoutMode(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, isDropout);
  if (!call)
    return false;
  fixFlag(call, 2, 1, chance() % 2);
  return true;
}

static bool spoilDropout(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, isDropout);
  if (!call || !isa_and_nonnull<FloatAttr>(literal(call, 1)))
    return false;
  double p = cast<FloatAttr>(literal(call, 1)).getValueAsDouble();
  setLiteral(call, 1, number(call.getContext(), p < 0.5 ? p + 0.25 : p - 0.25));
  return true;
}

/// Two parameters in another order, as an optimizer's state would find them.
static bool reorderParameters(ts::ModuleOp module, Chance &) {
  SmallVector<ts::ParameterOp> parameters(module.getBody().getOps<ts::ParameterOp>());
  auto moduleOf = [](ts::ParameterOp parameter) { return parameter.getName().rsplit('.').first; };
  for (size_t i = 0; i + 1 < parameters.size(); ++i)
    if (module.getTrainable() && parameters[i].getName().contains('.') &&
        moduleOf(parameters[i]) == moduleOf(parameters[i + 1]))
      return parameters[i + 1]->moveBefore(parameters[i]), true;
  return false;
}

/// A counter or running value that nobody moves on.
static bool loseUpdate(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, [](ts::CallOp call) {
    return calls(call, {"aten::copy_", "aten::add_"}) && call->use_empty();
  });
  if (!call)
    return false;
  call.erase();
  return true;
}

ArrayRef<Fault> tez::test::stateFaults() {
  static constexpr Fault rows[] = {
      {"wrong-momentum", spoilMomentum},
      {"fixed-batch-norm-mode", fixBatchNormMode},
      {"fixed-dropout-mode", fixDropoutMode},
      {"wrong-dropout-probability", spoilDropout},
      {"reordered-parameters", reorderParameters, true},
      {"lost-update", loseUpdate},
  };
  return rows;
}
