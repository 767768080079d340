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

/// `seen`: ops that are known to be constant, or were found so on the way.
static bool isConstant(Value value, llvm::DenseSet<Operation *> &seen) {
  Operation *op = value.getDefiningOp();
  return op && (!seen.insert(op).second ||
                (llvm::all_of(op->getOperands(), [&](Value v) { return isConstant(v, seen); }) &&
                 keepsConstant(op)));
}

bool tez::isConstantState(Value value) {
  llvm::DenseSet<Operation *> seen; // the first that is not constant ends it
  return !value || isConstant(value, seen);
}
