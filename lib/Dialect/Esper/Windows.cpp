//===- Windows.cpp - Sizes of convolutions and pools ----------------------===//

#include "Windows.h"
#include "tez/Support/CheckedMath.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

LogicalResult tez::esper::checkLengths(std::optional<Location> location,
                                       ArrayRef<SpatialList> lists, size_t count) {
  for (const SpatialList &list : lists)
    if (list.entries.size() != count)
      return emitOptionalError(location, list.name, " must have ", count,
                               " entries, one for each spatial dimension, found ",
                               list.entries.size());
  return success();
}

LogicalResult tez::esper::checkEntries(std::optional<Location> location,
                                       ArrayRef<SpatialList> lists) {
  for (const SpatialList &list : lists)
    for (int64_t entry : list.entries)
      if (entry < list.least)
        return emitOptionalError(location, list.name, " must be at least ", list.least, ", found ",
                                 entry);
  return success();
}

LogicalResult tez::esper::emitTooLarge(std::optional<Location> location, size_t dim) {
  return emitOptionalError(location, "the size of spatial dimension ", dim,
                           " does not fit into 64 bits");
}

/// Elements from the first to the last one that a window touches.
static std::optional<int64_t> windowExtent(const Window &window) {
  std::optional<int64_t> reach = checkedMul(window.dilation, window.kernel - 1);
  return reach ? checkedAdd(*reach, 1) : std::nullopt;
}

static std::optional<int64_t> paddedSize(int64_t size, int64_t padding) {
  std::optional<int64_t> both = checkedMul(padding, 2);
  return both ? checkedAdd(size, *both) : std::nullopt;
}

std::optional<int64_t> tez::esper::countWindows(std::optional<Location> location, size_t dim,
                                                int64_t size, const Window &window) {
  std::optional<int64_t> extent = windowExtent(window);
  std::optional<int64_t> padded = paddedSize(isDynamic(size) ? 0 : size, window.padding);
  std::optional<int64_t> slack = // ceil mode lets the last window leave the input by this much
      padded ? checkedAdd(*padded, window.ceilMode ? window.stride - 1 : 0) : std::nullopt;
  if (!extent || !slack)
    return (void)emitTooLarge(location, dim), std::nullopt;
  if (isDynamic(size))
    return kDynamic;
  if (*extent > *slack) {
    (void)emitOptionalError(location, "the kernel (", *extent, " with dilation ", window.dilation,
                            ") is larger than the padded input (", *padded,
                            ") in spatial dimension ", dim);
    return std::nullopt;
  }
  int64_t last = (*slack - *extent) / window.stride;
  // The last window must start inside the input or its left padding.
  bool starts = !window.ceilMode || last * window.stride < size + window.padding;
  return starts ? last + 1 : last;
}
