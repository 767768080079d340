//===- Shape.cpp - Rearrangements of one tensor ---------------------------===//
//
// Ops that join, cut or pad are in ShapeParts.cpp, those that know of spatial
// dimensions in ShapeSpatial.cpp.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/PatternMatch.h"
#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/Esper/FixedRank.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// reshape, flatten, unflatten
//===----------------------------------------------------------------------===//

/// At most one -1, nothing else negative.
static bool areSizes(ArrayRef<int64_t> sizes) {
  return llvm::count(sizes, -1) <= 1 && llvm::all_of(sizes, [](int64_t s) { return s >= -1; });
}

/// Product of the known factors of `dims`; nullopt on overflow.
static std::optional<int64_t> knownFactor(ArrayRef<int64_t> dims) {
  return multiplyDims(llvm::filter_to_vector(dims, [](int64_t dim) { return dim >= 0; }));
}

/// `sizes` with its -1 resolved so that they hold the elements of `from`;
/// nullopt after an error.
static std::optional<Dims> resolveSizes(std::optional<Location> location, ArrayRef<int64_t> from,
                                        ArrayRef<int64_t> sizes) {
  std::optional<int64_t> total = multiplyDims(from), known = knownFactor(sizes),
                         factor = knownFactor(from);
  if (!total || !known || !factor) {
    (void)emitOptionalError(location, "the elements of ", dimsToString(total ? sizes : from),
                            " do not fit in 64 bits");
    return std::nullopt;
  }
  Dims result(sizes);
  auto *open = llvm::find(result, -1);
  bool fits = open == result.end() ? (isDynamic(*total) ? *known % *factor == 0 : *known == *total)
                                   : (*known != 0 && (isDynamic(*total) || *total % *known == 0));
  if (!fits) {
    (void)emitOptionalError(location, "cannot arrange the elements of ", dimsToString(from), " as ",
                            dimsToString(sizes));
    return std::nullopt;
  }
  if (open != result.end())
    *open = isDynamic(*total) ? kDynamic : *total / *known;
  return result;
}

LogicalResult ReshapeOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                          Adaptor op, SmallVectorImpl<Type> &types) {
  if (!areSizes(op.getShape())) // C1
    return emitOptionalError(location, "shape must have sizes >= 0 and at most one -1, found ",
                             dimsToString(op.getShape()));
  auto output = resolveSizes(location, shapeOf(op.getInput()), op.getShape()); // C2, C3
  return output ? inferred(*output, op.getInput(), types) : failure();
}

/// The same type, and dynamic dimensions that the element count pins down. A view as [-1, 8] is
/// none of x with three dimensions.
OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (getInput().getType() != getType() || !ranksAreKnown(*this))
    return nullptr;
  ArrayRef<int64_t> shape = getType().getShape();
  bool pinned = llvm::count(shape, kDynamic) <= 1 && !llvm::is_contained(shape, 0);
  return pinned || getType().hasStaticShape() ? OpFoldResult(getInput()) : nullptr;
}

namespace {
///   %y = esper.reshape (esper.reshape %x)   =>   %y = esper.reshape %x
/// Legal while the result keeps its type: an inner reshape that pins a dynamic
/// dimension stays.
struct MergeReshapes : OpRewritePattern<ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ReshapeOp op, PatternRewriter &rewriter) const override {
    auto before = op.getInput().getDefiningOp<ReshapeOp>();
    if (!before)
      return rewriter.notifyMatchFailure(op, "input is not a reshape");
    SmallVector<Value> operands = {before.getInput()};
    SmallVector<Type> types;
    if (failed(ReshapeOp::inferReturnTypes(getContext(), std::nullopt,
                                           ReshapeOp::Adaptor(operands, op), types)) ||
        types.front() != op.getType())
      return rewriter.notifyMatchFailure(op, "the inner reshape pins a dimension");
    rewriter.modifyOpInPlace(op, [&] { op.getInputMutable().assign(before.getInput()); });
    return success();
  }
};
} // namespace

void ReshapeOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<MergeReshapes>(context);
}

LogicalResult FlattenOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                          Adaptor op, SmallVectorImpl<Type> &types) {
  Dims input(shapeOf(op.getInput()));
  if (input.empty()) // torch sees a rank-0 tensor as one of rank 1 here
    input.push_back(1);
  int64_t startDim = op.getStartDim(), endDim = op.getEndDim();
  auto start = normalizeDim(startDim, input.size()), end = normalizeDim(endDim, input.size());
  if (!start || !end) // C1
    return emitOptionalError(location, "dim ", start ? endDim : startDim, " is outside of ",
                             dimsToString(shapeOf(op.getInput())));
  if (*start > *end) // C2
    return emitOptionalError(location, "start_dim ", startDim, " is after end_dim ", endDim, " in ",
                             dimsToString(input));
  ArrayRef<int64_t> run = ArrayRef(input).slice(*start, *end - *start + 1);
  std::optional<int64_t> size = multiplyDims(run);
  if (!size) // C3
    return emitOptionalError(location, "the elements of ", dimsToString(run),
                             " do not fit in 64 bits");
  Dims output(ArrayRef(input).take_front(*start));
  output.push_back(*size);
  output.append(input.begin() + *end + 1, input.end());
  return inferred(output, op.getInput(), types);
}

/// The rank tells a run of one dimension from a longer one, where it is not one by its bounds.
OpFoldResult FlattenOp::fold(FoldAdaptor) {
  bool one = getStartDim() == getEndDim() || ranksAreKnown(*this);
  return getInput().getType() == getType() && one ? OpFoldResult(getInput()) : nullptr;
}

LogicalResult UnflattenOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                            Adaptor op, SmallVectorImpl<Type> &types) {
  std::optional<int64_t> dim = checkDim(location, op.getDim(), op.getInput()); // C1
  if (!dim)
    return failure();
  if (op.getSizes().empty() || !areSizes(op.getSizes())) // C2
    return emitOptionalError(location,
                             "sizes must not be empty, be >= 0 and have at most one -1, "
                             "found ",
                             dimsToString(op.getSizes()));
  ArrayRef<int64_t> input = shapeOf(op.getInput());
  auto sizes = resolveSizes(location, input[*dim], op.getSizes()); // C3, C4
  if (!sizes)
    return failure();
  Dims output(input.take_front(*dim));
  output.append(*sizes);
  output.append(input.begin() + *dim + 1, input.end());
  return inferred(output, op.getInput(), types);
}

OpFoldResult UnflattenOp::fold(FoldAdaptor) {
  return getInput().getType() == getType() ? OpFoldResult(getInput()) : nullptr;
}

//===----------------------------------------------------------------------===//
// transpose, permute
//===----------------------------------------------------------------------===//

LogicalResult TransposeOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                            Adaptor op, SmallVectorImpl<Type> &types) {
  auto dim0 = checkDim(location, op.getDim0(), op.getInput()); // C1
  auto dim1 = dim0 ? checkDim(location, op.getDim1(), op.getInput()) : std::nullopt;
  if (!dim1)
    return failure();
  Dims output(shapeOf(op.getInput()));
  std::swap(output[*dim0], output[*dim1]);
  return inferred(output, op.getInput(), types);
}

/// The two exchanged dimensions from the left, the smaller first.
static std::pair<int64_t, int64_t> exchanged(TransposeOp op) {
  int64_t rank = op.getType().getRank();
  return std::minmax({*normalizeDim(op.getDim0(), rank), *normalizeDim(op.getDim1(), rank)});
}

/// Exchanging a dimension with itself, or twice.
OpFoldResult TransposeOp::fold(FoldAdaptor) {
  auto [first, second] = exchanged(*this);
  if (first == second)
    return getInput();
  auto before = getInput().getDefiningOp<TransposeOp>();
  return before && exchanged(before) == exchanged(*this) ? OpFoldResult(before.getInput())
                                                         : nullptr;
}

/// `dims` from the left; nullopt unless each of `rank` dimensions occurs once.
static std::optional<Dims> permutation(ArrayRef<int64_t> dims, int64_t rank) {
  if (int64_t(dims.size()) != rank)
    return std::nullopt;
  llvm::SmallBitVector seen(rank);
  Dims result;
  for (int64_t dim : dims) {
    std::optional<int64_t> normal = normalizeDim(dim, rank);
    if (!normal || seen.test(*normal))
      return std::nullopt;
    seen.set(*normal);
    result.push_back(*normal);
  }
  return result;
}

LogicalResult PermuteOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                          Adaptor op, SmallVectorImpl<Type> &types) {
  ArrayRef<int64_t> input = shapeOf(op.getInput());
  std::optional<Dims> order = permutation(op.getDims(), input.size());
  if (!order) // C1
    return emitOptionalError(location, "dims must name each of the ", input.size(),
                             " dimensions of the input once, found ", dimsToString(op.getDims()));
  return inferred(llvm::map_to_vector(*order, [&](int64_t dim) { return input[dim]; }),
                  op.getInput(), types);
}

OpFoldResult PermuteOp::fold(FoldAdaptor) {
  Dims order = *permutation(getDims(), getType().getRank());
  return llvm::is_sorted(order) ? OpFoldResult(getInput()) : nullptr;
}

namespace {
///   permute (permute %x, a), b   =>   permute %x, [a[i] for i in b]
struct MergePermutes : OpRewritePattern<PermuteOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(PermuteOp op, PatternRewriter &rewriter) const override {
    auto before = op.getInput().getDefiningOp<PermuteOp>();
    if (!before)
      return rewriter.notifyMatchFailure(op, "input is not a permute");
    int64_t rank = op.getType().getRank();
    Dims inner = *permutation(before.getDims(), rank), outer = *permutation(op.getDims(), rank);
    Dims merged = llvm::map_to_vector(outer, [&](int64_t dim) { return inner[dim]; });
    rewriter.modifyOpInPlace(op, [&] {
      op.setDims(merged);
      op.getInputMutable().assign(before.getInput());
    });
    return success();
  }
};
} // namespace

void PermuteOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<MergePermutes>(context);
}

//===----------------------------------------------------------------------===//
// expand_as, unsqueeze, squeeze
//===----------------------------------------------------------------------===//

LogicalResult ExpandAsOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                           Adaptor op, SmallVectorImpl<Type> &types) {
  ArrayRef<int64_t> input = shapeOf(op.getInput()), like = shapeOf(op.getLike());
  if (input.size() > like.size()) // C1
    return emitOptionalError(location, "like ", dimsToString(like), " has a lower rank than input ",
                             dimsToString(input));
  Dims output(like);
  size_t offset = like.size() - input.size();
  for (auto [i, dim] : llvm::enumerate(input)) {
    if (dim != 1 && !dimsAgree(dim, like[offset + i])) // C2
      return emitOptionalError(location, "dimension ", i, " of input ", dimsToString(input),
                               " must be 1 or that of like ", dimsToString(like));
    if (isDynamic(output[offset + i]) && dim != 1)
      output[offset + i] = dim;
  }
  return inferred(output, op.getInput(), types);
}

/// Equal dynamic dimensions may still be a 1 against an n.
OpFoldResult ExpandAsOp::fold(FoldAdaptor) {
  return getInput().getType() == getType() && getType().hasStaticShape() ? OpFoldResult(getInput())
                                                                         : nullptr;
}

LogicalResult UnsqueezeOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                            Adaptor op, SmallVectorImpl<Type> &types) {
  Dims output(shapeOf(op.getInput()));
  int64_t dim = op.getDim(), rank = output.size() + 1;
  std::optional<int64_t> at = normalizeDim(dim, rank);
  if (!at) // C1
    return emitOptionalError(location, "dim ", dim, " is outside of [", -rank, ", ", rank - 1, "]");
  output.insert(output.begin() + *at, 1);
  return inferred(output, op.getInput(), types);
}

LogicalResult SqueezeOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                          Adaptor op, SmallVectorImpl<Type> &types) {
  std::optional<int64_t> dim = checkDim(location, op.getDim(), op.getInput()); // C1
  if (!dim)
    return failure();
  Dims output(shapeOf(op.getInput()));
  if (isDynamic(output[*dim])) // C2
    return emitOptionalError(location, "the size of dimension ", int64_t(op.getDim()), " of ",
                             dimsToString(output), " must be known");
  if (output[*dim] == 1)
    output.erase(output.begin() + *dim);
  return inferred(output, op.getInput(), types);
}

OpFoldResult SqueezeOp::fold(FoldAdaptor) {
  return getInput().getType() == getType() ? OpFoldResult(getInput()) : nullptr;
}

//===----------------------------------------------------------------------===//
// contiguous
//===----------------------------------------------------------------------===//

LogicalResult ContiguousOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                             Adaptor op, SmallVectorImpl<Type> &types) {
  int64_t rank = int64_t(shapeOf(op.getInput()).size());
  if (!fitsRank(op.getFormat(), rank)) // C1
    return emitOptionalError(location, "a tensor of rank ", rank, " cannot be made ",
                             stringifyMemoryFormat(op.getFormat()));
  return inferred(shapeOf(op.getInput()), op.getInput(), types);
}

int64_t ContiguousOp::getTorchMemoryFormat() {
  if (getFormat() == MemoryFormat::Contiguous)
    return 0;
  return getType().getRank() == 4 ? 2 : 3;
}

#define GET_OP_CLASSES
#include "tez/Dialect/Esper/Shape.cpp.inc"
