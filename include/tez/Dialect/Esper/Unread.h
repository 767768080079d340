//===- Unread.h - What no result hangs on -----------------------*- C++ -*-===//

#ifndef TEZ_DIALECT_ESPER_UNREAD_H
#define TEZ_DIALECT_ESPER_UNREAD_H

#include "tez/Dialect/Esper/Esper.h"

namespace tez::esper {

/// The computations from which neither a result nor an update hangs, random
/// ones included, users before what they use. TorchScript's executor removes
/// such calls, so a kernel makes no draw that nobody reads. State and modes are
/// no computations: they stay.
llvm::SmallVector<mlir::Operation *> unreadOps(KernelOp kernel);

} // namespace tez::esper

#endif // TEZ_DIALECT_ESPER_UNREAD_H
