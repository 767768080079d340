//===- ReuseBuffers.cpp - Results in the memory of their operands ---------===//

#include "../Support/DimOrigin.h"
#include "tez/Dialect/Esper/Fused.h"
#include "tez/Transforms/Passes.h"
#include "tez/Transforms/Rewrite.h"
#include "llvm/ADT/StringSet.h"

namespace tez {
#define GEN_PASS_DEF_REUSEBUFFERS
#include "tez/Transforms/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// esper-reuse-buffers
//===----------------------------------------------------------------------===//

/// Functions that ATen also has in place.
static bool existsInPlace(StringRef kind) {
  static const llvm::StringSet<> kinds = {"relu", "gelu",    "gelu_tanh", "silu",       "mish",
                                          "tanh", "sigmoid", "hardswish", "leaky_relu", "elu"};
  return kinds.contains(kind);
}

/// Results of these lie in memory that nothing else knows of.
static bool isFresh(Value value) {
  return isa_and_present<LinearOp, ConvOp, ConvTransposeOp, MatmulOp, BatchNormOp, LayerNormOp,
                         GroupNormOp, RmsNormOp, ActivationOp, ScaleOp, AddOp, SubtractOp,
                         MultiplyOp, DivideOp, MaxPoolOp, SoftmaxOp>(value.getDefiningOp());
}

/// Can the result of `op` overwrite operand `index`.
static bool canOverwrite(DimOrigins &origins, Operation *op, unsigned index) {
  Value operand = op->getOperand(index);
  if (!isFresh(operand) || !operand.hasOneUse() || operand.getType() != op->getResult(0).getType())
    return false;
  return op->getNumOperands() == 1 || origins.fitsInto(op->getOperand(1 - index), operand);
}

namespace {
///   %h = esper.linear ...
///   %y = esper.activation "relu" %h {esper.in_place}      emitted as aten::relu_
/// Legal only where nothing else reads %h, it is memory of its own, and %y has
/// its shape in every call. In a sum the operands may be exchanged for that.
struct ReuseBuffers : tez::impl::ReuseBuffersBase<ReuseBuffers> {
  void runOnOperation() override {
    if (!getOperation()->hasAttr("esper.infer"))
      return markAllAnalysesPreserved();
    DimOrigins origins;
    for (Operation &op : getOperation().getBody().front())
      if (reuses(origins, &op)) {
        op.setAttr("esper.in_place", UnitAttr::get(&getContext()));
        rewritten(op.getLoc(), getArgument()) << remark::add("overwrites its operand");
        ++numReused;
      }
  }

private:
  static bool reuses(DimOrigins &origins, Operation *op) {
    if (op->hasAttr(kFused) || isAbsorbed(op)) // no call of its own
      return false;
    if (auto activation = dyn_cast<ActivationOp>(op))
      return existsInPlace(activation.getKind()) && canOverwrite(origins, op, 0);
    if (!isa<AddOp, MultiplyOp, SubtractOp, DivideOp>(op))
      return isa<ScaleOp>(op) && canOverwrite(origins, op, 0);
    if (canOverwrite(origins, op, 0))
      return true;
    if (!isa<AddOp, MultiplyOp>(op) || !canOverwrite(origins, op, 1))
      return false;
    op->setOperands({op->getOperand(1), op->getOperand(0)});
    return true;
  }
};
} // namespace
