//===- Native.h - The native dialect ----------------------------*- C++ -*-===//

#ifndef TEZ_DIALECT_NATIVE_NATIVE_H
#define TEZ_DIALECT_NATIVE_NATIVE_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "tez/Dialect/Native/NativeDialect.h.inc"
#define GET_OP_CLASSES
#include "tez/Dialect/Native/NativeOps.h.inc"

namespace tez::native {

/// What an argument of a function is (see the dialect's description).
inline constexpr llvm::StringLiteral inputAttr = "native.input";
inline constexpr llvm::StringLiteral stateAttr = "native.state";
inline constexpr llvm::StringLiteral panelsAttr = "native.panels";
inline constexpr llvm::StringLiteral transposedAttr = "native.transposed";
inline constexpr llvm::StringLiteral channelsAttr = "native.channels";
inline constexpr llvm::StringLiteral groupsAttr = "native.groups";
inline constexpr llvm::StringLiteral winogradAttr = "native.winograd";
inline constexpr llvm::StringLiteral columnSumsAttr = "native.column_sums";
inline constexpr llvm::StringLiteral imageAttr = "native.image";
inline constexpr llvm::StringLiteral outputAttr = "native.output";
inline constexpr llvm::StringLiteral scratchAttr = "native.scratch";
/// Also of a module whose function has become an entry: its code needs whole samples.
inline constexpr llvm::StringLiteral positionsAttr = "native.positions";

/// Of a module whose function has become an entry: for each pointer of the table a dictionary of
/// the argument's attributes and its `type`.
inline constexpr llvm::StringLiteral argumentsAttr = "native.arguments";
/// Of the function, then of the module: numbers a row that the scratch memory must have, and
/// numbers beside, however many rows there are.
inline constexpr llvm::StringLiteral scratchColumnsAttr = "native.scratch_columns";
inline constexpr llvm::StringLiteral scratchNumbersAttr = "native.scratch_numbers";

/// Products that `winograd` makes of a 3x3 window's nine: F(2x2, 3x3) multiplies squares of 4x4.
inline constexpr int64_t winogradProducts = 16;

/// Terms of a product that lie beside each other in a packed factor of such elements: as many as
/// fill 32 bits.
inline int64_t groupOf(mlir::Type element) { return 32 / int64_t(element.getIntOrFloatBitWidth()); }

/// Of a loop nest: it reads its operands in memory and writes `out`. Of tensors nothing: the value
/// is what it is.
void addNestEffects(
    mlir::DestinationStyleOpInterface nest,
    mlir::SmallVectorImpl<mlir::SideEffects::EffectInstance<mlir::MemoryEffects::Effect>> &effects);

/// Lets one-shot bufferization turn the ops' tensors into memory.
void registerBufferizableOps(mlir::DialectRegistry &registry);

} // namespace tez::native

#endif // TEZ_DIALECT_NATIVE_NATIVE_H
