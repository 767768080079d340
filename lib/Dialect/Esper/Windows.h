//===- Windows.h - Sizes of convolutions and pools --------------*- C++ -*-===//
//
// Checks that the shape rules of Conv.cpp and Pooling.cpp share. All report at
// `location` (none: no message) what was expected and found.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_DIALECT_ESPER_WINDOWS_H
#define TEZ_LIB_DIALECT_ESPER_WINDOWS_H

#include "tez/Dialect/Esper/ShapeRules.h"

namespace tez::esper {

/// A list attribute with one entry for each spatial dimension.
struct SpatialList {
  llvm::StringRef name;
  llvm::ArrayRef<int64_t> entries;
  int64_t least; // no entry is smaller
};

/// Each list has `count` entries.
mlir::LogicalResult checkLengths(std::optional<mlir::Location> location,
                                 llvm::ArrayRef<SpatialList> lists, size_t count);

/// No entry is smaller than allowed.
mlir::LogicalResult checkEntries(std::optional<mlir::Location> location,
                                 llvm::ArrayRef<SpatialList> lists);

/// Windows along one dimension, as torch places them.
struct Window {
  int64_t kernel, stride, padding = 0, dilation = 1;
  bool ceilMode = false;
};

/// The number of windows over `size` elements (dynamic in, dynamic out), at
/// least 1; nullopt after an error. `dim` is for the message.
std::optional<int64_t> countWindows(std::optional<mlir::Location> location, size_t dim,
                                    int64_t size, const Window &window);

/// What the shape rule of a convolution reads; `bias` may be null.
struct ConvShape {
  mlir::Value input, weight, bias;
  llvm::ArrayRef<int64_t> stride, padding, dilation;
  int64_t groups;
};

/// The dimensions of its result; nullopt after an error. Element types are not
/// looked at.
std::optional<Dims> convDims(std::optional<mlir::Location> location, const ConvShape &conv);

/// "... does not fit into 64 bits" for spatial dimension `dim`.
mlir::LogicalResult emitTooLarge(std::optional<mlir::Location> location, size_t dim);

} // namespace tez::esper

#endif // TEZ_LIB_DIALECT_ESPER_WINDOWS_H
