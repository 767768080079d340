//===- Passes.h - From linalg to machine code -------------------*- C++ -*-===//

#ifndef TEZ_NATIVE_PASSES_H
#define TEZ_NATIVE_PASSES_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "tez/Dialect/Native/Native.h"

namespace tez {
#define GEN_PASS_DECL
#include "tez/Native/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "tez/Native/Passes.h.inc"

namespace native {

/// What the passes below need beside the compiler's own dialects.
void registerDialects(mlir::DialectRegistry &registry);

/// A module of an esper kernel as lib/Pipeline leaves it after its passes for inference -> a
/// function of linalg; the kernel stays where an op has no lowering. With `wideRows` values of bf16
/// are f32, which is for targets without products of bf16 (Target::hasHalfDots).
void buildConversion(mlir::OpPassManager &passes, bool wideRows = false);

/// From there to the llvm dialect, one pass after the other. `cpu`: see Target.h. With
/// `checkBounds` an access beyond its memory ends the program. `schedules`: Target's.
void buildLowering(mlir::OpPassManager &passes, llvm::StringRef cpu, bool checkBounds = false,
                   llvm::ArrayRef<std::string> schedules = {});

/// Both as `tez-opt --tez-native=cpu=...`.
void registerPipeline();

} // namespace native
} // namespace tez

#endif // TEZ_NATIVE_PASSES_H
