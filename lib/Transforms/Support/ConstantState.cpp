//===- ConstantState.cpp --------------------------------------------------===//

#include "ConstantState.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// A buffer that the kernel updates differs from call to call.
static bool isUpdated(BufferOp buffer) {
  ReturnOp end = buffer->getParentOfType<KernelOp>().getReturn();
  return llvm::is_contained(end.getUpdateNames().getAsValueRange<StringAttr>(), buffer.getName());
}

/// Of an op whose operands are all constant.
static bool keepsConstant(Operation *op) {
  if (auto buffer = dyn_cast<BufferOp>(op))
    return !isUpdated(buffer);
  return isa<ParamOp, FlagOp>(op) ||
         (isPure(op) && op->getNumOperands() > 0 && isa<InferTypeOpInterface>(op));
}

ConstantState::ConstantState(KernelOp kernel) {
  for (Operation &op : kernel.getBody().front().without_terminator())
    if (llvm::all_of(op.getOperands(), [&](Value v) { return values.contains(v); }) &&
        keepsConstant(&op))
      values.insert(op.result_begin(), op.result_end());
}

bool ConstantState::contains(Operation *op) const {
  return op->getNumResults() > 0 && values.contains(op->getResult(0));
}

bool tez::isConstantState(Value value) {
  if (!value)
    return true;
  Operation *op = value.getDefiningOp();
  return op && llvm::all_of(op->getOperands(), isConstantState) && keepsConstant(op);
}
