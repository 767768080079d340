//===- Fused.cpp - Ops that one call computes together --------------------===//

#include "tez/Dialect/Esper/Fused.h"

using namespace mlir;
using namespace tez::esper;

std::optional<FusedConvolution> tez::esper::fusedConvolution(ActivationOp relu) {
  auto marked = relu ? relu->getAttrOfType<StringAttr>(kFused) : StringAttr();
  if (!marked || relu.getKind() != "relu")
    return std::nullopt;
  auto sum = relu.getInput().getDefiningOp<AddOp>();
  Value input = sum ? sum->getOperand(0) : Value(relu.getInput());
  FusedConvolution fused = {relu, sum, input.getDefiningOp<ConvOp>()};
  bool broadcasts = sum && sum->getOperand(1).getType() != input.getType();
  if (!fused.conv || broadcasts || marked.getValue() != fused.getOperator())
    return std::nullopt;
  return fused;
}

/// Does the reader at `use` compute the value itself.
static bool absorbs(OpOperand &use) {
  if (auto relu = dyn_cast<ActivationOp>(use.getOwner()))
    return bool(fusedConvolution(relu));
  return isa<AddOp>(use.getOwner()) && use.getOperandNumber() == 0 &&
         use.get().getDefiningOp<ConvOp>() && isAbsorbed(use.getOwner());
}

bool tez::esper::isAbsorbed(Operation *op) {
  return isa<ConvOp, AddOp>(op) && !op->use_empty() && llvm::all_of(op->getUses(), absorbs);
}
