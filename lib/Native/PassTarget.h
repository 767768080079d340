//===- PassTarget.h - The processor that a pass's option names --*- C++ -*-===//

#ifndef TEZ_LIB_NATIVE_PASSTARGET_H
#define TEZ_LIB_NATIVE_PASSTARGET_H

#include "mlir/IR/Operation.h"
#include "tez/Native/Target.h"

namespace tez::native {

/// Failure after an error at `op`, which the pass runs on.
inline mlir::FailureOr<Target> targetOfPass(mlir::Operation *op, llvm::StringRef cpu) {
  llvm::Expected<Target> target = findTarget(cpu);
  if (!target)
    return op->emitError(llvm::toString(target.takeError()));
  return std::move(*target);
}

} // namespace tez::native

#endif // TEZ_LIB_NATIVE_PASSTARGET_H
