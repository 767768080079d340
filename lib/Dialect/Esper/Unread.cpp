//===- Unread.cpp - What no result hangs on -------------------------------===//

#include "tez/Dialect/Esper/Unread.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace mlir;
using namespace tez::esper;

llvm::SmallVector<Operation *> tez::esper::unreadOps(KernelOp kernel) {
  llvm::SmallPtrSet<Operation *, 16> unread;
  llvm::SmallVector<Operation *> inOrder;
  for (Operation &op : llvm::reverse(kernel.getBody().front())) {
    if (isa<ReturnOp, ParamOp, BufferOp, TrainingOp>(op) ||
        !llvm::all_of(op.getUsers(), [&](Operation *user) { return unread.contains(user); }))
      continue;
    unread.insert(&op);
    inOrder.push_back(&op);
  }
  return inOrder;
}
