//===- ShapeSpatial.cpp - Shuffles of pixels and interpolation ------------===//

#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/Esper/ShapeRules.h"

using namespace mlir;
using namespace tez::esper;

/// The constraints C1 and C2 that the shuffles share.
static LogicalResult checkShuffle(std::optional<Location> location, Value input, StringRef name,
                                  int64_t number) {
  if (shapeOf(input).size() < 3) // C1
    return emitOptionalError(location, "input must have rank >= 3, found ",
                             dimsToString(shapeOf(input)));
  if (number < 1) // C2
    return emitOptionalError(location, name, " must be >= 1, found ", number);
  return success();
}

static bool divides(int64_t number, int64_t dim) { return isDynamic(dim) || dim % number == 0; }

LogicalResult PixelShuffleOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                               Adaptor op, SmallVectorImpl<Type> &types) {
  int64_t factor = op.getFactor();
  if (failed(checkShuffle(location, op.getInput(), "factor", factor)))
    return failure();
  Dims output(shapeOf(op.getInput()));
  int64_t &channels = output[output.size() - 3];
  std::optional<int64_t> square = multiplyDims({factor, factor});
  if (square && !divides(*square, channels)) // C3
    return emitOptionalError(location, "the channels (", channels,
                             ") must divide by the square of factor (", *square, ")");
  auto height = multiplyDims({output[output.size() - 2], factor});
  auto width = multiplyDims({output.back(), factor});
  if (!square || !height || !width) // C4
    return emitOptionalError(location, dimsToString(output), " shuffled by ", factor,
                             " does not fit in 64 bits");
  channels = isDynamic(channels) ? channels : channels / *square;
  output[output.size() - 2] = *height;
  output.back() = *width;
  return inferred(output, op.getInput(), types);
}

LogicalResult PixelUnshuffleOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                                 Adaptor op, SmallVectorImpl<Type> &types) {
  int64_t factor = op.getFactor();
  if (failed(checkShuffle(location, op.getInput(), "factor", factor)))
    return failure();
  Dims output(shapeOf(op.getInput()));
  for (int64_t &size : MutableArrayRef(output).take_back(2)) {
    if (!divides(factor, size)) // C3
      return emitOptionalError(location, "the last two dimensions of ",
                               dimsToString(shapeOf(op.getInput())), " must divide by factor (",
                               factor, ")");
    size = isDynamic(size) ? size : size / factor;
  }
  int64_t &channels = output[output.size() - 3];
  std::optional<int64_t> gathered = multiplyDims({channels, factor, factor});
  if (!gathered) // C4
    return emitOptionalError(location, dimToString(channels), " channels times the square of ",
                             factor, " do not fit in 64 bits");
  channels = *gathered;
  if (llvm::is_contained(shapeOf(op.getInput()), 0)) // torch leaves what is empty as it is
    return inferred(shapeOf(op.getInput()), op.getInput(), types);
  return inferred(output, op.getInput(), types);
}

LogicalResult ChannelShuffleOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                                 Adaptor op, SmallVectorImpl<Type> &types) {
  int64_t groups = op.getGroups();
  if (failed(checkShuffle(location, op.getInput(), "groups", groups)))
    return failure();
  ArrayRef<int64_t> input = shapeOf(op.getInput());
  if (!divides(groups, input[1])) // C3
    return emitOptionalError(location, "dimension 1 of ", dimsToString(input),
                             " must divide by groups (", groups, ")");
  return inferred(input, op.getInput(), types);
}

//===----------------------------------------------------------------------===//
// upsample
//===----------------------------------------------------------------------===//

namespace {
/// What torch has for a mode, in the order of the enum.
struct UpsampleRow {
  const char *aten;
  unsigned fewestDims, mostDims;
  int64_t corners;
};
} // namespace

static constexpr UpsampleRow upsampleTable[] = {
    {"aten::upsample_nearest#d.vec", 1, 3, 0},  {"aten::upsample_linear1d.vec", 1, 1, 2},
    {"aten::upsample_bilinear2d.vec", 2, 2, 4}, {"aten::upsample_trilinear3d.vec", 3, 3, 8},
    {"aten::upsample_bicubic2d.vec", 2, 2, 16}, {"aten::_upsample_nearest_exact#d.vec", 1, 3, 0},
};
static const UpsampleRow &rowOf(UpsampleMode mode) { return upsampleTable[unsigned(mode)]; }

static bool interpolates(UpsampleMode mode) { return rowOf(mode).corners > 0; }

int64_t UpsampleOp::getCornerCount() { return rowOf(getMode()).corners; }

static LogicalResult checkUpsample(std::optional<Location> location, UpsampleOp::Adaptor op) {
  ArrayRef<int64_t> input = shapeOf(op.getInput());
  const UpsampleRow &row = rowOf(op.getMode());
  if (input.size() < row.fewestDims + 2 || input.size() > row.mostDims + 2) // C1
    return emitOptionalError(location, "mode ", stringifyUpsampleMode(op.getMode()), " takes ",
                             row.fewestDims, " to ", row.mostDims,
                             " spatial dimensions after two others, found ", dimsToString(input));
  if (bool(op.getOutputSize()) == bool(op.getScaleFactor())) // C2
    return emitOptionalError(location, "exactly one of output_size and scale_factor is needed");
  size_t entries = op.getOutputSize() ? op.getOutputSize()->size() : op.getScaleFactor()->size();
  if (entries != input.size() - 2) // C3
    return emitOptionalError(location, "expected ", input.size() - 2,
                             " new sizes, one for each spatial dimension, found ", entries);
  if (op.getAlignCorners() && !interpolates(op.getMode())) // C5
    return emitOptionalError(location, "align_corners has no meaning in mode ",
                             stringifyUpsampleMode(op.getMode()));
  if (llvm::is_contained(input.drop_front(), 0)) // C6
    return emitOptionalError(location, "nothing to interpolate in ", dimsToString(input));
  return success();
}

/// The new size of spatial dimension `i` that has `size` now; nullopt after an error.
static std::optional<int64_t> upsampledDim(std::optional<Location> location, UpsampleOp::Adaptor op,
                                           size_t i, int64_t size) {
  double wanted = op.getOutputSize() ? double((*op.getOutputSize())[i]) : (*op.getScaleFactor())[i];
  if (!(wanted > 0) || !std::isfinite(wanted)) { // C4
    (void)emitOptionalError(location, "new size or factor ", i, " must be positive, found ",
                            wanted);
    return std::nullopt;
  }
  if (op.getOutputSize())
    return (*op.getOutputSize())[i];
  if (isDynamic(size))
    return kDynamic;
  double scaled = double(size) * wanted;
  if (scaled >= 1 && scaled < 0x1p62)
    return int64_t(scaled);
  (void)emitOptionalError(location, "spatial dimension ", i, " of size ", size, " times ", wanted,
                          scaled < 1 ? " leaves nothing"            // C6
                                     : " does not fit in 64 bits"); // C7
  return std::nullopt;
}

LogicalResult UpsampleOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                           Adaptor op, SmallVectorImpl<Type> &types) {
  if (failed(checkUpsample(location, op)))
    return failure();
  Dims output(shapeOf(op.getInput()));
  for (size_t i = 0; i + 2 < output.size(); ++i) {
    std::optional<int64_t> size = upsampledDim(location, op, i, output[i + 2]);
    if (!size)
      return failure();
    output[i + 2] = *size;
  }
  return inferred(output, op.getInput(), types);
}

void UpsampleOp::getAtenCall(AtenCall &call) {
  SmallVector<AtenArg> arguments = {getInput(), getOutputSize()};
  if (interpolates(getMode()))
    arguments.push_back(getAlignCorners().value_or(false));
  arguments.push_back(getScaleFactor());
  call.set(rowOf(getMode()).aten, arguments, getType().getRank() - 2);
}
