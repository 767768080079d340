//===- Fingerprint.cpp - Has the IR changed? ------------------------------===//

#include "Fingerprint.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;

namespace {
/// Sums over the ops, so that the order of those without effects is not seen.
class Summer {
public:
  void add(Operation *op);
  uint64_t total() const { return sum; }

private:
  void add(Block &block);

  uint64_t sum = 0;
  unsigned effects = 0; ///< ops with effects so far: their order is seen
  llvm::DenseSet<Operation *> dead;
};
} // namespace

void Summer::add(Operation *op) {
  unsigned position = isMemoryEffectFree(op) ? 0 : ++effects;
  llvm::hash_code code =
      llvm::hash_combine(op, position, op->getBlock(), op->getRawDictionaryAttrs(),
                         op->hashProperties(), op->getLoc().getAsOpaquePointer());
  for (Value operand : op->getOperands())
    code = llvm::hash_combine(code, operand.getAsOpaquePointer());
  for (Type type : op->getResultTypes())
    code = llvm::hash_combine(code, type);
  sum += code;
  for (Region &region : op->getRegions())
    for (Block &block : region)
      add(block);
}

/// From the end, so that users come before what they use.
void Summer::add(Block &block) {
  for (BlockArgument argument : block.getArguments())
    sum += llvm::hash_combine(argument.getAsOpaquePointer(), argument.getType());
  for (Operation &op : llvm::reverse(block)) {
    bool unused = llvm::all_of(op.getUsers(), [&](Operation *user) { return dead.contains(user); });
    if (unused && wouldOpBeTriviallyDead(&op))
      dead.insert(&op);
    else
      add(&op);
  }
}

uint64_t tez::fingerprint(Operation *top) {
  Summer summer;
  summer.add(top);
  return summer.total();
}
