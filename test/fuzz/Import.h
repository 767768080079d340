//===- Import.h - What the fuzzers of lib/Blueprint share -------*- C++ -*-===//

#ifndef TEZ_TEST_FUZZ_IMPORT_H
#define TEZ_TEST_FUZZ_IMPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <string>

namespace tez::fuzz {

/// A context that is replaced now and then: none of them gives memory back.
mlir::MLIRContext &freshEnoughContext();

/// importBlueprint in this process, with limits that keep one input short. Aborts where there
/// is neither a module nor an error, or an error without words or outside of the text.
mlir::OwningOpRef<mlir::ModuleOp> import(const std::string &name, std::string text,
                                         mlir::MLIRContext &context);

/// As tez-translate prints what it imported.
std::string printed(mlir::ModuleOp module);

/// Aborts unless `module`, printed, is accepted as a blueprint and prints the same again.
void requireReadable(mlir::ModuleOp module);

} // namespace tez::fuzz

#endif // TEZ_TEST_FUZZ_IMPORT_H
