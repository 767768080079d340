//===- Fingerprint.h - Has the IR changed? ----------------------*- C++ -*-===//

#ifndef TEZ_PIPELINE_FINGERPRINT_H
#define TEZ_PIPELINE_FINGERPRINT_H

#include "mlir/IR/Operation.h"

namespace tez {

/// A number that changes when what is computed in `top` may have changed. Unlike
/// mlir::OperationFingerPrint it sees neither ops whose results nobody uses nor
/// the order of ops without effects: the driver sweeps and sorts behind every
/// pattern, and that is no rewrite.
uint64_t fingerprint(mlir::Operation *top);

} // namespace tez

#endif // TEZ_PIPELINE_FINGERPRINT_H
