//===- Passes.h - Validation of emitted kernels -----------------*- C++ -*-===//

#ifndef TEZ_VALIDATE_PASSES_H
#define TEZ_VALIDATE_PASSES_H

#include "mlir/Pass/Pass.h"
#include "tez/Validate/Validate.h"

namespace tez {
#define GEN_PASS_DECL
#include "tez/Validate/Passes.h.inc"

/// The pass on a kernel file that the caller has emitted already (and keeps alive);
/// verdicts are appended to `file->verdicts`.
std::unique_ptr<mlir::Pass> createValidatePass(std::shared_ptr<KernelUnderTest> file,
                                               llvm::ArrayRef<std::string> checks);

#define GEN_PASS_REGISTRATION
#include "tez/Validate/Passes.h.inc"
} // namespace tez

#endif // TEZ_VALIDATE_PASSES_H
