//===- Signature.h - Custom directives of the assembly formats --*- C++ -*-===//

#ifndef TEZ_LIB_DIALECT_ESPER_SIGNATURE_H
#define TEZ_LIB_DIALECT_ESPER_SIGNATURE_H

#include "tez/Dialect/Esper/Esper.h"

namespace tez::esper {

/// updates("1.running_mean" = %m : tensor<8xf32>, ...), or nothing.
mlir::ParseResult parseUpdates(mlir::OpAsmParser &parser, mlir::ArrayAttr &names,
                               llvm::SmallVectorImpl<mlir::OpAsmParser::UnresolvedOperand> &updates,
                               llvm::SmallVectorImpl<mlir::Type> &types);
void printUpdates(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::ArrayAttr names,
                  mlir::OperandRange updates, mlir::TypeRange types);

/// One optional type stands for the types of all operands and the result.
mlir::ParseResult parseValueOrTypes(mlir::OpAsmParser &parser, mlir::Type &input,
                                    mlir::Type &fallback, mlir::Type &output);
void printValueOrTypes(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::Type input,
                       mlir::Type fallback, mlir::Type output);

/// (0.01, 20.0), or nothing.
mlir::ParseResult parseParameters(mlir::OpAsmParser &parser, mlir::DenseF64ArrayAttr &parameters);
void printParameters(mlir::OpAsmPrinter &printer, mlir::Operation *op,
                     mlir::DenseF64ArrayAttr parameters);

} // namespace tez::esper

#endif // TEZ_LIB_DIALECT_ESPER_SIGNATURE_H
