//===- ShapeRules.h - Pieces that shape rules are made of -------*- C++ -*-===//
//
// Dimensions are int64 with ShapedType::kDynamic for "known at run time". A
// check passes when a dynamic dimension could make it true.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_DIALECT_ESPER_SHAPERULES_H
#define TEZ_DIALECT_ESPER_SHAPERULES_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"

namespace tez::esper {

using Dims = llvm::SmallVector<int64_t>;
constexpr int64_t kDynamic = mlir::ShapedType::kDynamic;

inline bool isDynamic(int64_t dim) { return dim == kDynamic; }

/// Equal, or one of them unknown.
inline bool dimsAgree(int64_t a, int64_t b) { return a == b || isDynamic(a) || isDynamic(b); }

/// The known one of two agreeing dimensions.
inline int64_t mergeDims(int64_t a, int64_t b) { return isDynamic(a) ? b : a; }

/// `dim` in [0, rank), negative counting from the end; nullopt when outside.
std::optional<int64_t> normalizeDim(int64_t dim, int64_t rank);

/// torch's broadcasting; nullopt when the shapes do not broadcast.
std::optional<Dims> broadcastDims(llvm::ArrayRef<int64_t> a, llvm::ArrayRef<int64_t> b);

/// Product; dynamic when a factor is, unless one is zero; nullopt on overflow.
std::optional<int64_t> multiplyDims(llvm::ArrayRef<int64_t> dims);

/// "(?, 3, 32)" for messages; "?" for one dynamic dimension.
std::string dimsToString(llvm::ArrayRef<int64_t> dims);
std::string dimToString(int64_t dim);

inline llvm::ArrayRef<int64_t> shapeOf(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType()).getShape();
}
inline mlir::Type elementOf(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType()).getElementType();
}

/// The last line of most shape rules: the result has `dims` and the element
/// type of `like`.
mlir::LogicalResult inferred(llvm::ArrayRef<int64_t> dims, mlir::Value like,
                             llvm::SmallVectorImpl<mlir::Type> &types);

/// `value`, unless it is null, has shape `expected`.
mlir::LogicalResult checkShape(std::optional<mlir::Location> location, const llvm::Twine &name,
                               mlir::Value value, llvm::ArrayRef<int64_t> expected);

/// A vector operand (bias, norm weight): rank 1 with `size` elements.
mlir::LogicalResult checkVector(std::optional<mlir::Location> location, llvm::StringRef name,
                                mlir::Value value, int64_t size);

/// `dim` of `input` in [0, rank); nullopt after an error.
std::optional<int64_t> checkDim(std::optional<mlir::Location> location, int64_t dim,
                                mlir::Value input);

} // namespace tez::esper

#endif // TEZ_DIALECT_ESPER_SHAPERULES_H
