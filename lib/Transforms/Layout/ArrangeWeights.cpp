//===- ArrangeWeights.cpp - Weights as the products read them -------------===//

#include "tez/Transforms/Passes.h"

namespace tez {
#define GEN_PASS_DEF_ARRANGEWEIGHTS
#include "tez/Transforms/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// esper-arrange-weights
//===----------------------------------------------------------------------===//

/// Is the state read as the weight of linears and by nothing else.
static bool feedsLinearsOnly(Operation *state) {
  return !state->use_empty() && llvm::all_of(state->getUses(), [](OpOperand &use) {
    return isa<LinearOp>(use.getOwner()) && use.getOperandNumber() == 1;
  });
}

namespace {
/// torch multiplies by the transpose of a linear's weight; a weight that lies
/// transposed in memory makes that product of two row-major matrices. Which is
/// faster depends on the size: docs/measured/linear.csv.
struct ArrangeWeights : tez::impl::ArrangeWeightsBase<ArrangeWeights> {
  using ArrangeWeightsBase::ArrangeWeightsBase;

  void runOnOperation() override {
    for (Operation &op : getOperation().getBody().front())
      if (auto param = dyn_cast<ParamOp>(op))
        arrange(param);
      else if (auto buffer = dyn_cast<BufferOp>(op))
        arrange(buffer);
  }

private:
  template <typename Op> void arrange(Op state) {
    RankedTensorType type = state.getType();
    if (type.getRank() != 2 || type.getNumElements() > mostElements || !feedsLinearsOnly(state))
      return;
    state.setMemory(MemoryFormat::Transposed);
    ++numTransposed;
  }
};
} // namespace
