//===- ShapeRules.cpp -----------------------------------------------------===//

#include "tez/Dialect/Esper/ShapeRules.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tez::esper;

std::optional<int64_t> tez::esper::normalizeDim(int64_t dim, int64_t rank) {
  if (dim < -rank || dim >= rank)
    return std::nullopt;
  return dim < 0 ? dim + rank : dim;
}

static std::optional<int64_t> broadcastDim(int64_t a, int64_t b) {
  if (a == 1)
    return b;
  if (b == 1)
    return a;
  if (!dimsAgree(a, b))
    return std::nullopt;
  return mergeDims(a, b);
}

std::optional<Dims> tez::esper::broadcastDims(ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
  if (a.size() < b.size())
    std::swap(a, b);
  Dims result(a);
  size_t offset = a.size() - b.size();
  for (auto [i, dim] : llvm::enumerate(b)) {
    std::optional<int64_t> merged = broadcastDim(a[offset + i], dim);
    if (!merged)
      return std::nullopt;
    result[offset + i] = *merged;
  }
  return result;
}

std::optional<int64_t> tez::esper::multiplyDims(ArrayRef<int64_t> dims) {
  if (llvm::is_contained(dims, 0))
    return 0;
  int64_t product = 1;
  for (int64_t dim : dims)
    if (!isDynamic(dim) && llvm::MulOverflow(product, dim, product))
      return std::nullopt;
  return llvm::is_contained(dims, kDynamic) ? kDynamic : product;
}

std::string tez::esper::dimToString(int64_t dim) {
  return isDynamic(dim) ? "?" : std::to_string(dim);
}

std::string tez::esper::dimsToString(ArrayRef<int64_t> dims) {
  std::string text = "(";
  for (auto [i, dim] : llvm::enumerate(dims))
    text += (i ? ", " : "") + dimToString(dim);
  return text + ")";
}

LogicalResult tez::esper::inferred(ArrayRef<int64_t> dims, Value like,
                                   SmallVectorImpl<Type> &types) {
  types.push_back(RankedTensorType::get(dims, elementOf(like)));
  return success();
}

LogicalResult tez::esper::checkShape(std::optional<Location> location, const Twine &name,
                                     Value value, ArrayRef<int64_t> expected) {
  if (!value)
    return success();
  ArrayRef<int64_t> found = shapeOf(value);
  bool fits =
      found.size() == expected.size() && llvm::all_of(llvm::zip(found, expected), [](auto pair) {
        return dimsAgree(std::get<0>(pair), std::get<1>(pair));
      });
  if (fits)
    return success();
  return emitOptionalError(location, name.str(), " must have shape ", dimsToString(expected),
                           ", found ", dimsToString(found));
}

LogicalResult tez::esper::checkVector(std::optional<Location> location, StringRef name, Value value,
                                      int64_t size) {
  ArrayRef<int64_t> shape = shapeOf(value);
  if (shape.size() == 1 && dimsAgree(shape[0], size))
    return success();
  return emitOptionalError(location, name, " must have shape (", dimToString(size), "), found ",
                           dimsToString(shape));
}

std::optional<int64_t> tez::esper::checkDim(std::optional<Location> location, int64_t dim,
                                            Value input) {
  std::optional<int64_t> normal = normalizeDim(dim, shapeOf(input).size());
  if (!normal)
    (void)emitOptionalError(location, "dim ", dim, " is outside of ", dimsToString(shapeOf(input)));
  return normal;
}
