//===- DimOrigin.h - Which dimensions are the same at run time --*- C++ -*-===//

#ifndef TEZ_LIB_TRANSFORMS_SUPPORT_DIMORIGIN_H
#define TEZ_LIB_TRANSFORMS_SUPPORT_DIMORIGIN_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/DenseMap.h"
#include <optional>

namespace tez {

/// A dimension of a value, traced to the value that it comes from unchanged:
/// equal origins are equal sizes, whatever the call.
struct DimOrigin {
  mlir::Value value;
  int64_t dim;
  bool operator==(const DimOrigin &other) const = default;
};

/// The origins of one kernel. What was traced once is kept: sums of sums would
/// be traced again through each of their operands.
class DimOrigins {
public:
  DimOrigin of(mlir::Value value, int64_t dim);

  /// Does `other` broadcast to the shape of `value` in every call.
  bool fitsInto(mlir::Value other, mlir::Value value);

private:
  DimOrigin trace(mlir::Value value, int64_t dim);
  std::optional<int64_t> stepBack(mlir::Operation *op, int64_t dim);

  llvm::DenseMap<std::pair<mlir::Value, int64_t>, std::pair<mlir::Value, int64_t>> known;
};

} // namespace tez

#endif // TEZ_LIB_TRANSFORMS_SUPPORT_DIMORIGIN_H
