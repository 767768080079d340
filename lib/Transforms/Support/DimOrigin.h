//===- DimOrigin.h - Which dimensions are the same at run time --*- C++ -*-===//

#ifndef TEZ_LIB_TRANSFORMS_SUPPORT_DIMORIGIN_H
#define TEZ_LIB_TRANSFORMS_SUPPORT_DIMORIGIN_H

#include "mlir/IR/Value.h"

namespace tez {

/// A dimension of a value, traced to the value that it comes from unchanged:
/// equal origins are equal sizes, whatever the call.
struct DimOrigin {
  mlir::Value value;
  int64_t dim;
  bool operator==(const DimOrigin &other) const = default;
};
DimOrigin originOf(mlir::Value value, int64_t dim);

/// Does `other` broadcast to the shape of `value` in every call.
bool fitsInto(mlir::Value other, mlir::Value value);

} // namespace tez

#endif // TEZ_LIB_TRANSFORMS_SUPPORT_DIMORIGIN_H
