//===- Bytecode.h - The bytecode of esper -----------------------*- C++ -*-===//

#ifndef TEZ_LIB_DIALECT_ESPER_BYTECODE_H
#define TEZ_LIB_DIALECT_ESPER_BYTECODE_H

#include "mlir/IR/Dialect.h"

namespace tez::esper {

/// Makes the bytecode of the dialect carry its version.
void addBytecodeInterface(mlir::Dialect &dialect);

} // namespace tez::esper

#endif // TEZ_LIB_DIALECT_ESPER_BYTECODE_H
