//===- WarmUp.h - What every child would have to do again -------*- C++ -*-===//

#ifndef TEZ_LIB_VALIDATE_WARMUP_H
#define TEZ_LIB_VALIDATE_WARMUP_H

#include "mlir/Support/LLVM.h"

namespace tez {

/// Runs the whole suite on a small kernel of our own in this process, so that the
/// children forked from it find torch's tables filled. Failure if that kernel does not
/// pass, which is nobody's fault but ours.
mlir::LogicalResult warmUp();

} // namespace tez

#endif // TEZ_LIB_VALIDATE_WARMUP_H
