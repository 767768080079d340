//===- Conv.cpp - Convolutions over 1 to 3 dimensions ---------------------===//

#include "Windows.h"
#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/Esper/Pointwise.h"
#include "tez/Support/CheckedMath.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

static LogicalResult checkRanks(std::optional<Location> location, ArrayRef<int64_t> input,
                                ArrayRef<int64_t> weight) {
  if (weight.size() >= 3 && weight.size() <= 5 && input.size() == weight.size())
    return success();
  return emitOptionalError(location, "weight must have rank 3, 4 or 5 and input the same, found ",
                           dimsToString(weight), " and ", dimsToString(input));
}

/// Dimension 0 of `weight` is split into groups; nothing in it is empty.
static LogicalResult checkGroups(std::optional<Location> location, ArrayRef<int64_t> weight,
                                 int64_t groups) {
  if (llvm::is_contained(weight, 0))
    return emitOptionalError(location, "weight must not be empty, found ", dimsToString(weight));
  if (groups < 1 || (!isDynamic(weight[0]) && weight[0] % groups))
    return emitOptionalError(location,
                             "groups must be at least 1 and divide dimension 0 of weight (",
                             dimToString(weight[0]), "), found ", groups);
  return success();
}

/// `dim` (of the weight, per group) times groups; nullopt after an error.
static std::optional<int64_t> allGroups(std::optional<Location> location, int64_t dim,
                                        int64_t groups) {
  if (isDynamic(dim))
    return kDynamic;
  std::optional<int64_t> channels = checkedMul(dim, groups);
  if (!channels)
    (void)emitOptionalError(location, "dimension 1 of weight (", dim, ") times groups (", groups,
                            ") does not fit into 64 bits");
  return channels;
}

static LogicalResult checkChannels(std::optional<Location> location, int64_t found,
                                   int64_t expected) {
  if (dimsAgree(found, expected))
    return success();
  return emitOptionalError(location, "input must have ", expected,
                           " channels (dimension 1) for this weight and groups, found ", found);
}

static LogicalResult checkElements(std::optional<Location> location, Value input, Value weight,
                                   Value bias) {
  if (elementOf(input) == elementOf(weight) && (!bias || elementOf(input) == elementOf(bias)))
    return success();
  return emitOptionalError(location, "weight and bias must have the element type of input, ",
                           elementOf(input));
}

std::optional<Dims> tez::esper::convDims(std::optional<Location> location, const ConvShape &conv) {
  ArrayRef<int64_t> input = shapeOf(conv.input), weight = shapeOf(conv.weight);
  SpatialList lists[] = {
      {"stride", conv.stride, 1}, {"padding", conv.padding, 0}, {"dilation", conv.dilation, 1}};
  if (failed(checkRanks(location, input, weight)) ||              // C1
      failed(checkLengths(location, lists, weight.size() - 2)) || // C2
      failed(checkEntries(location, lists)) ||                    // C3
      failed(checkGroups(location, weight, conv.groups)))         // C4
    return std::nullopt;
  std::optional<int64_t> channels = allGroups(location, weight[1], conv.groups);  // C9
  if (!channels || failed(checkChannels(location, input[1], *channels)) ||        // C5
      (conv.bias && failed(checkVector(location, "bias", conv.bias, weight[0])))) // C6
    return std::nullopt;
  Dims output = {input[0], weight[0]};
  for (size_t i = 0; i + 2 < weight.size(); ++i) {
    if (input[i + 2] == 0) { // C7
      (void)emitOptionalError(location, "spatial dimension ", i, " of input must not be 0");
      return std::nullopt;
    }
    // An unknown kernel has at least one element.
    Window window = {isDynamic(weight[i + 2]) ? 1 : weight[i + 2], conv.stride[i], conv.padding[i],
                     conv.dilation[i]};
    std::optional<int64_t> count = countWindows(location, i, input[i + 2], window); // C7, C9
    if (!count)
      return std::nullopt;
    output.push_back(isDynamic(weight[i + 2]) ? kDynamic : *count);
  }
  return output;
}

LogicalResult ConvOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, Adaptor op,
                                       SmallVectorImpl<Type> &types) {
  std::optional<Dims> output =
      convDims(location, {op.getInput(), op.getWeight(), op.getBias(), op.getStride(),
                          op.getPadding(), op.getDilation(), int64_t(op.getGroups())});
  if (!output || failed(checkElements(location, op.getInput(), op.getWeight(), op.getBias()))) // C8
    return failure();
  return inferred(*output, op.getInput(), types);
}

//===----------------------------------------------------------------------===//
// conv_transpose
//===----------------------------------------------------------------------===//

/// (size - 1) * stride + dilation * (kernel - 1) + outputPadding + 1 - 2 * padding.
static std::optional<int64_t> spreadSize(int64_t size, const Window &window,
                                         int64_t outputPadding) {
  std::optional<int64_t> steps = checkedMul(size - 1, window.stride);
  std::optional<int64_t> reach = checkedMul(window.dilation, window.kernel - 1);
  std::optional<int64_t> cut = checkedMul(window.padding, 2);
  if (!steps || !reach || !cut || outputPadding == INT64_MAX)
    return std::nullopt;
  std::optional<int64_t> full = checkedSum({*steps, *reach, outputPadding + 1});
  return full ? checkedSub(*full, *cut) : std::nullopt;
}

static std::optional<int64_t> transposedSize(std::optional<Location> location, size_t dim,
                                             int64_t size, const Window &window,
                                             int64_t outputPadding) {
  if (isDynamic(size) || isDynamic(window.kernel))
    return kDynamic;
  std::optional<int64_t> output = spreadSize(size, window, outputPadding);
  if (!output) // C10
    return (void)emitTooLarge(location, dim), std::nullopt;
  if (size > 0 && *output > 0)
    return output;
  (void)emitOptionalError(location, "spatial dimension ", dim,
                          " of input and output must be at ", // C8
                          "least 1, found ", size, " and ", *output);
  return std::nullopt;
}

static LogicalResult checkOutputPadding(std::optional<Location> location,
                                        ConvTransposeOp::Adaptor op) {
  for (auto [padding, stride, dilation] :
       llvm::zip(op.getOutputPadding(), op.getStride(), op.getDilation()))
    if (padding >= std::max(stride, dilation))
      return emitOptionalError(location, "output_padding must be smaller than stride (", stride,
                               ") or dilation (", dilation, "), found ", padding);
  return success();
}

LogicalResult ConvTransposeOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                                Adaptor op, SmallVectorImpl<Type> &types) {
  ArrayRef<int64_t> input = shapeOf(op.getInput()), weight = shapeOf(op.getWeight());
  int64_t groups = op.getGroups();
  SpatialList lists[] = {{"stride", op.getStride(), 1},
                         {"padding", op.getPadding(), 0},
                         {"output_padding", op.getOutputPadding(), 0},
                         {"dilation", op.getDilation(), 1}};
  if (failed(checkRanks(location, input, weight)) ||              // C1
      failed(checkLengths(location, lists, weight.size() - 2)) || // C2
      failed(checkEntries(location, lists)) ||                    // C3
      failed(checkGroups(location, weight, groups)) ||            // C4
      failed(checkChannels(location, input[1], weight[0])))       // C5
    return failure();
  std::optional<int64_t> outputs = allGroups(location, weight[1], groups); // C10
  if (!outputs ||
      (op.getBias() && failed(checkVector(location, "bias", op.getBias(), *outputs))) || // C6
      failed(checkOutputPadding(location, op)) ||                                        // C7
      failed(checkElements(location, op.getInput(), op.getWeight(), op.getBias())))      // C9
    return failure();
  Dims output = {input[0], *outputs};
  for (size_t i = 0; i + 2 < weight.size(); ++i) {
    Window window = {weight[i + 2], op.getStride()[i], op.getPadding()[i], op.getDilation()[i]};
    std::optional<int64_t> size =
        transposedSize(location, i, input[i + 2], window, op.getOutputPadding()[i]);
    if (!size)
      return failure();
    output.push_back(*size);
  }
  return inferred(output, op.getInput(), types);
}

template <typename Op> static bool isStridedPointwise(Op op) {
  ArrayRef<int64_t> kernel = cast<RankedTensorType>(op.getWeight().getType()).getShape();
  return kernel.size() > 3 &&
         llvm::all_of(kernel.drop_front(2), [](int64_t size) { return size == 1; }) &&
         llvm::any_of(op.getStride(), [](int64_t stride) { return stride > 1; });
}

bool tez::esper::isStridedPointwise(Operation *op) {
  if (auto conv = dyn_cast<ConvOp>(op))
    return ::isStridedPointwise(conv);
  auto transposed = dyn_cast<ConvTransposeOp>(op);
  return transposed && ::isStridedPointwise(transposed);
}

#define GET_OP_CLASSES
#include "tez/Dialect/Esper/Conv.cpp.inc"
