//===- DerivedState.h - State that is computed from state -------*- C++ -*-===//
//
// esper-freeze-state leaves a module, marked esper.derived, beside the kernels. It holds, for
// a kernel @net, a kernel @net without inputs whose results are the values of
// buffers that @net has instead of computations; each result has the buffer's
// name as its attribute "esper.name". So passes need no weights, and whoever
// emits a file evaluates that kernel with the weights at hand.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_TRANSFORMS_DERIVEDSTATE_H
#define TEZ_TRANSFORMS_DERIVEDSTATE_H

#include "mlir/IR/BuiltinOps.h"
#include "tez/Dialect/Esper/Esper.h"

namespace tez {

/// The marked module in `module`; null when there is none and `create` is false.
mlir::ModuleOp getDerivedState(mlir::ModuleOp module, bool create = false);

/// The kernel that computes what `name` holds; null when it holds nothing computed.
esper::KernelOp findDerivedState(mlir::ModuleOp module, llvm::StringRef name);

/// The buffer that result `i` of `derived` is the value of.
llvm::StringRef getDerivedName(esper::KernelOp derived, unsigned i);
void setDerivedName(esper::KernelOp derived, unsigned i, llvm::StringRef name);

} // namespace tez

#endif // TEZ_TRANSFORMS_DERIVEDSTATE_H
