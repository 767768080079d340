//===- Codegen.h - The llvm dialect to bytes --------------------*- C++ -*-===//

#ifndef TEZ_LIB_NATIVE_CODEGEN_H
#define TEZ_LIB_NATIVE_CODEGEN_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/Timing.h"
#include "tez/Native/MachineCode.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"

namespace tez::native {

/// The relocatable object (ELF) of a module in the llvm dialect. Code that is run a few times only
/// need not be `fast`.
llvm::Expected<std::string> makeObject(mlir::ModuleOp module, const Target &target, bool fast,
                                       mlir::TimingScope &time);

/// Links one object to a flat image that holds wherever a page begins. Everything that would
/// need a dynamic linker is an error: undefined symbols, absolute addresses, writable data.
llvm::Expected<Image> linkImage(llvm::MemoryBufferRef object, llvm::StringRef entry);

} // namespace tez::native

#endif // TEZ_LIB_NATIVE_CODEGEN_H
