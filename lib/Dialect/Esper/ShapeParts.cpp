//===- ShapeParts.cpp - Joining, cutting and padding ----------------------===//

#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tez::esper;

/// a + b with dynamic dimensions; nullopt on overflow.
static std::optional<int64_t> addDims(int64_t a, int64_t b) {
  int64_t sum;
  if (isDynamic(a) || isDynamic(b))
    return kDynamic;
  return llvm::AddOverflow(a, b, sum) ? std::nullopt : std::optional(sum);
}

//===----------------------------------------------------------------------===//
// concat
//===----------------------------------------------------------------------===//

/// `joined` grown by `part` along `dim`.
static LogicalResult appendPart(std::optional<Location> location, Dims &joined,
                                ArrayRef<int64_t> part, int64_t dim) {
  for (auto [i, size] : llvm::enumerate(part)) {
    if (int64_t(i) == dim)
      continue;
    if (!dimsAgree(joined[i], size)) // C3
      return emitOptionalError(location, "inputs must agree outside of dimension ", dim, ", found ",
                               dimsToString(joined), " and ", dimsToString(part));
    joined[i] = mergeDims(joined[i], size);
  }
  std::optional<int64_t> sum = addDims(joined[dim], part[dim]);
  if (!sum) // C5
    return emitOptionalError(location, "the size of dimension ", dim,
                             " of the result does not fit in 64 bits");
  joined[dim] = *sum;
  return success();
}

LogicalResult ConcatOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                         Adaptor op, SmallVectorImpl<Type> &types) {
  if (op.getInputs().empty()) // C1
    return emitOptionalError(location, "concat needs at least one input");
  Value first = op.getInputs().front();
  std::optional<int64_t> dim = checkDim(location, op.getDim(), first); // C2
  if (!dim)
    return failure();
  Dims output(shapeOf(first));
  for (Value input : op.getInputs().drop_front()) {
    if (shapeOf(input).size() != output.size()) // C3
      return emitOptionalError(location, "inputs must have equal ranks, found ",
                               dimsToString(output), " and ", dimsToString(shapeOf(input)));
    if (elementOf(input) != elementOf(first)) // C4
      return emitOptionalError(location, "inputs must have equal element types, found ",
                               elementOf(first), " and ", elementOf(input));
    if (failed(appendPart(location, output, shapeOf(input), *dim)))
      return failure();
  }
  return inferred(output, first, types);
}

OpFoldResult ConcatOp::fold(FoldAdaptor) {
  return getInputs().size() == 1 ? OpFoldResult(getInputs().front()) : nullptr;
}

//===----------------------------------------------------------------------===//
// split, slice
//===----------------------------------------------------------------------===//

LogicalResult SplitOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, Adaptor op,
                                        SmallVectorImpl<Type> &types) {
  std::optional<int64_t> dim = checkDim(location, op.getDim(), op.getInput()); // C1
  if (!dim)
    return failure();
  ArrayRef<int64_t> sizes = op.getSizes();
  if (sizes.empty() || llvm::any_of(sizes, [](int64_t size) { return size < 0; })) // C2
    return emitOptionalError(location, "sizes must not be empty nor negative, found ",
                             dimsToString(sizes));
  std::optional<int64_t> sum = 0;
  for (int64_t size : sizes)
    sum = sum ? addDims(*sum, size) : sum;
  Dims part(shapeOf(op.getInput()));
  if (!sum || !dimsAgree(*sum, part[*dim])) // C3
    return emitOptionalError(location, "sizes ", dimsToString(sizes), " must add up to ",
                             dimToString(part[*dim]), ", dimension ", int64_t(op.getDim()), " of ",
                             dimsToString(part));
  for (int64_t size : sizes) {
    part[*dim] = size;
    (void)inferred(part, op.getInput(), types);
  }
  return success();
}

/// One part with the type of the whole is the whole.
LogicalResult SplitOp::fold(FoldAdaptor, SmallVectorImpl<OpFoldResult> &results) {
  if (getNumResults() != 1 || getResult(0).getType() != getInput().getType())
    return failure();
  results.push_back(getInput());
  return success();
}

/// Python's bound: negative from the end, clamped to [0, size].
static int64_t clampBound(int64_t bound, int64_t size) {
  return std::clamp<int64_t>(bound < 0 ? bound + size : bound, 0, size);
}

LogicalResult SliceOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, Adaptor op,
                                        SmallVectorImpl<Type> &types) {
  std::optional<int64_t> dim = checkDim(location, op.getDim(), op.getInput()); // C1
  if (!dim)
    return failure();
  int64_t step = op.getStep();
  if (step < 1) // C2
    return emitOptionalError(location, "step must be >= 1, found ", step);
  Dims output(shapeOf(op.getInput()));
  int64_t &size = output[*dim];
  if (!isDynamic(size)) {
    int64_t start = clampBound(op.getStart(), size);
    int64_t end = op.getEnd() ? clampBound(*op.getEnd(), size) : size;
    size = end > start ? (end - start - 1) / step + 1 : 0;
  }
  return inferred(output, op.getInput(), types);
}

/// Everything: a static size that stays, or the bounds of a dynamic one.
OpFoldResult SliceOp::fold(FoldAdaptor) {
  if (getInput().getType() != getType())
    return nullptr;
  int64_t dim = *normalizeDim(getDim(), getType().getRank());
  bool unbounded = getStart() == 0 && !getEnd() && getStep() == 1;
  return unbounded || !getType().isDynamicDim(dim) ? OpFoldResult(getInput()) : nullptr;
}

//===----------------------------------------------------------------------===//
// index, slice_like
//===----------------------------------------------------------------------===//

LogicalResult IndexOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, Adaptor op,
                                        SmallVectorImpl<Type> &types) {
  std::optional<int64_t> dim = checkDim(location, op.getDim(), op.getInput()); // C1
  if (!dim)
    return failure();
  Dims output(shapeOf(op.getInput()));
  int64_t size = output[*dim], index = op.getIndex();
  if (!isDynamic(size) && (index < -size || index >= size)) // C2
    return emitOptionalError(location, "index ", index, " is outside of a dimension of ", size);
  output.erase(output.begin() + *dim);
  return inferred(output, op.getInput(), types);
}

LogicalResult SliceLikeOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                            Adaptor op, SmallVectorImpl<Type> &types) {
  std::optional<int64_t> dim = checkDim(location, op.getDim(), op.getInput());      // C1
  std::optional<int64_t> other = checkDim(location, op.getLikeDim(), op.getLike()); // C2
  if (!dim || !other)
    return failure();
  Dims output(shapeOf(op.getInput()));
  int64_t &size = output[*dim], most = shapeOf(op.getLike())[*other];
  size = isDynamic(size) || isDynamic(most) ? ShapedType::kDynamic : std::min(size, most);
  return inferred(output, op.getInput(), types);
}

//===----------------------------------------------------------------------===//
// pad
//===----------------------------------------------------------------------===//

static LogicalResult checkPads(std::optional<Location> location, PadOp::Adaptor op) {
  size_t rank = shapeOf(op.getInput()).size(), entries = op.getPads().size(), padded = entries / 2;
  if (entries % 2 || padded > rank) // C1
    return emitOptionalError(location, "pads must have an even number of entries, at most ",
                             2 * rank, ", found ", entries);
  if (op.getMode() == PadMode::Constant)
    return success();
  if (padded < 1 || padded > 3 || rank < padded + 1 || rank > padded + 2) // C2
    return emitOptionalError(location, "mode ", stringifyPadMode(op.getMode()),
                             " pads 1 to 3 dimensions and leaves 1 or 2, found ", padded, " of ",
                             rank);
  if (!op.getValue().isZero()) // C5
    return emitOptionalError(location, "value must be 0 in mode ", stringifyPadMode(op.getMode()),
                             ", found ", op.getValue().convertToDouble());
  return success();
}

/// `size` with `before` and `after` added; nullopt after an error.
static std::optional<int64_t> padDim(std::optional<Location> location, PadMode mode, int64_t size,
                                     int64_t before, int64_t after) {
  if (isDynamic(size))
    return kDynamic;
  auto refuse = [&](const llvm::Twine &cause) -> std::optional<int64_t> {
    (void)emitOptionalError(location, "pads (", before, ", ", after, ") of a dimension of size ",
                            size, " ", cause.str());
    return std::nullopt;
  };
  int64_t most = std::max(before, after);
  if (mode == PadMode::Reflect && most >= size) // C3
    return refuse("must be smaller than it");
  if (mode == PadMode::Circular && most > size) // C3
    return refuse("must not be greater than it");
  int64_t sum;
  if (llvm::AddOverflow(before, after, sum) || llvm::AddOverflow(size, sum, sum)) // C6
    return refuse("do not fit in 64 bits");
  int64_t kept = size + std::min<int64_t>(before, 0) + std::min<int64_t>(after, 0);
  if (mode == PadMode::Constant && kept < 0) // C4, also when the other end grows
    return refuse("cut off more than there is");
  bool someLeft = mode == PadMode::Reflect || mode == PadMode::Replicate;
  if (sum < (someLeft ? 1 : 0) || (someLeft && size == 0)) // C4
    return refuse("leave nothing");
  return sum;
}

LogicalResult PadOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, Adaptor op,
                                      SmallVectorImpl<Type> &types) {
  if (failed(checkPads(location, op)))
    return failure();
  Dims output(shapeOf(op.getInput()));
  ArrayRef<int64_t> pads = op.getPads();
  for (size_t i = 0; i < pads.size() / 2; ++i) {
    int64_t &size = output[output.size() - 1 - i];
    auto padded = padDim(location, op.getMode(), size, pads[2 * i], pads[2 * i + 1]);
    if (!padded)
      return failure();
    size = *padded;
  }
  return inferred(output, op.getInput(), types);
}

OpFoldResult PadOp::fold(FoldAdaptor) {
  bool nothing = llvm::all_of(getPads(), [](int64_t pad) { return pad == 0; });
  return nothing ? OpFoldResult(getInput()) : nullptr;
}
