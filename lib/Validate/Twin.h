//===- Twin.h - A kernel for a GPU as the CPU can run it --------*- C++ -*-===//

#ifndef TEZ_LIB_VALIDATE_TWIN_H
#define TEZ_LIB_VALIDATE_TWIN_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "tez/Dialect/TorchScript/TorchScript.h"

namespace tez {

/// `lowered` with its derived state, each call of a fused operator of cuDNN being
/// the plain operators that it stands for, with the arguments of that call. Null
/// where there is no such call: then the kernel itself can be run.
struct Twin {
  mlir::OwningOpRef<mlir::ModuleOp> owner;
  ts::ModuleOp module;
  unsigned numReplaced = 0;
};
Twin makeTwin(ts::ModuleOp lowered);

/// Is there such a call.
bool callsOnlyGpu(ts::ModuleOp lowered);

} // namespace tez

#endif // TEZ_LIB_VALIDATE_TWIN_H
