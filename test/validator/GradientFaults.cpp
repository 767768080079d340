//===- GradientFaults.cpp - Faults that only training sees ----------------===//

#include "Faults.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace tez;
using namespace tez::test;

static Value asTensorOfParameter(ts::ModuleOp module, Chance &chance) {
  llvm::StringSet<> parameters;
  for (auto parameter : module.getBody().getOps<ts::ParameterOp>())
    parameters.insert(parameter.getName());
  SmallVector<Value> found;
  module.walk([&](ts::GetOp get) {
    if (parameters.contains(get.getName()) && !get->use_empty())
      found.push_back(get.getResult());
  });
  return found.empty() ? Value() : found[chance() % found.size()];
}

/// A parameter that no gradient reaches.
static bool freezeParameter(ts::ModuleOp module, Chance &chance) {
  Value value = module.getTrainable() ? asTensorOfParameter(module, chance) : Value();
  if (!value)
    return false;
  insertBehind(value, "aten::detach", {});
  return true;
}

/// A parameter that is a buffer: the optimizer never sees it.
static bool makeBuffer(ts::ModuleOp module, Chance &chance) {
  SmallVector<ts::ParameterOp> parameters(module.getBody().getOps<ts::ParameterOp>());
  if (!module.getTrainable() || parameters.empty())
    return false;
  ts::ParameterOp parameter = parameters[chance() % parameters.size()];
  OpBuilder builder(parameter);
  ts::BufferOp::create(builder, parameter.getLoc(), parameter.getNameAttr(),
                       parameter.getTypeAttr(), parameter.getMemoryAttr());
  parameter.erase();
  return true;
}

/// One of several uses of a value sends no gradient back.
static bool dropBackwardTerm(ts::ModuleOp module, Chance &chance) {
  SmallVector<OpOperand *> uses;
  module.walk([&](ts::CallOp call) {
    for (OpOperand &operand : call->getOpOperands())
      if (isa<ts::TensorType>(operand.get().getType()) && !operand.get().getDefiningOp<ts::GetOp>())
        uses.push_back(&operand);
  });
  if (!module.getTrainable() || uses.empty())
    return false;
  OpOperand *use = uses[chance() % uses.size()];
  use->set(makeCall(use->getOwner(), "aten::detach", use->get(), place(module.getContext())));
  return true;
}

/// y = y / 8 + (7 y / 8).detach(): the value is right, the gradient an eighth.
static bool scaleGradient(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, [](ts::CallOp call) {
    return calls(call, {"aten::linear", "aten::conv2d", "aten::relu", "aten::gelu", "aten::matmul",
                        "aten::layer_norm"});
  });
  if (!module.getTrainable() || !call)
    return false;
  MLIRContext *context = call.getContext();
  Value y = call.getResult(0);
  Value part = insertBehind(y, "aten::mul", number(context, 0.125));
  Operation *next = part.getDefiningOp()->getNextNode();
  Value rest = makeCall(next, "aten::mul", makeCall(next, "aten::detach", y, place(context)),
                        {place(context), number(context, 0.875)});
  Value sum = makeCall(next, "aten::add", {part, rest},
                       {place(context), place(context), integer(context, 1)});
  part.replaceAllUsesExcept(sum, sum.getDefiningOp());
  return true;
}

ArrayRef<Fault> tez::test::gradientFaults() {
  static constexpr Fault rows[] = {
      {"frozen-parameter", freezeParameter},
      {"parameter-as-buffer", makeBuffer, true},
      {"dropped-backward-term", dropBackwardTerm},
      {"scaled-gradient", scaleGradient},
  };
  return rows;
}
