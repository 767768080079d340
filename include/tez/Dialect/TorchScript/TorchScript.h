//===- TorchScript.h - The ts dialect ---------------------------*- C++ -*-===//

#ifndef TEZ_DIALECT_TORCHSCRIPT_TORCHSCRIPT_H
#define TEZ_DIALECT_TORCHSCRIPT_TORCHSCRIPT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "tez/Dialect/TorchScript/TorchScriptDialect.h.inc"
#define GET_TYPEDEF_CLASSES
#include "tez/Dialect/TorchScript/TorchScriptTypes.h.inc"
#define GET_OP_CLASSES
#include "tez/Dialect/TorchScript/TorchScriptOps.h.inc"

#endif // TEZ_DIALECT_TORCHSCRIPT_TORCHSCRIPT_H
