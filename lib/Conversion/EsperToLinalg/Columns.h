//===- Columns.h - Ops that move columns ------------------------*- C++ -*-===//

#ifndef TEZ_LIB_CONVERSION_ESPERTOLINALG_COLUMNS_H
#define TEZ_LIB_CONVERSION_ESPERTOLINALG_COLUMNS_H

#include "mlir/IR/Operation.h"
#include "llvm/ADT/SmallVector.h"

namespace tez {

/// What a `native.columns` is made of.
struct ColumnParts {
  llvm::SmallVector<mlir::Value> operands; ///< rows, or images, of esper
  llvm::SmallVector<int64_t> begins, counts;
  int64_t groups = 1; ///< pixels of an image
};

/// Does `dim` count the columns of rows, or the channels of images, which lie beside each other.
bool isColumns(int64_t dim, mlir::Value value);

/// Of a concatenation, a split, a slice or the halves of a glu: one for each of its parts. Empty
/// where it moves something else than columns, and of other ops.
llvm::SmallVector<ColumnParts> columnPartsOf(mlir::Operation *op);

} // namespace tez

#endif // TEZ_LIB_CONVERSION_ESPERTOLINALG_COLUMNS_H
