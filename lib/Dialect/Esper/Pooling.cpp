//===- Pooling.cpp - Windows reduced to one value -------------------------===//

#include "Windows.h"
#include "tez/Dialect/Esper/Create.h"

using namespace mlir;
using namespace tez::esper;

static double productOf(ArrayRef<int64_t> sizes) {
  double product = 1;
  for (int64_t size : sizes)
    product *= double(size);
  return product;
}

/// 1 to 3 sizes, and an input with batch and channels besides.
static LogicalResult checkSpatialRank(std::optional<Location> location, StringRef name,
                                      ArrayRef<int64_t> sizes, Value input) {
  if (!sizes.empty() && sizes.size() <= 3 && shapeOf(input).size() == sizes.size() + 2)
    return success();
  return emitOptionalError(location, name, " must have 1, 2 or 3 entries and input a rank of 2 ",
                           "more, found ", sizes.size(), " entries and ",
                           dimsToString(shapeOf(input)));
}

/// No dimension from `first` on is empty.
static LogicalResult checkNotEmpty(std::optional<Location> location, Value input, size_t first) {
  for (size_t i = first; i < shapeOf(input).size(); ++i)
    if (shapeOf(input)[i] == 0)
      return emitOptionalError(location, "dimension ", i, " of input ",
                               dimsToString(shapeOf(input)), " must not be 0");
  return success();
}

namespace {
struct PoolSizes {
  ArrayRef<int64_t> kernel, stride, padding, dilation; // the last two may be absent
  bool ceilMode;

  Window window(size_t i) const {
    return {kernel[i], stride[i], padding.empty() ? 0 : padding[i],
            dilation.empty() ? 1 : dilation[i], ceilMode};
  }
};
} // namespace

static LogicalResult checkPadding(std::optional<Location> location, const PoolSizes &sizes) {
  for (auto [padding, kernel] : llvm::zip(sizes.padding, sizes.kernel))
    if (padding > kernel / 2)
      return emitOptionalError(location, "padding must be at most half of kernel_size (", kernel,
                               "), found ", padding);
  return success();
}

/// aten::avg_pool3d, unlike its 1-d and 2-d sisters, also wants every kernel to
/// fit into the input without padding and without ceil mode.
static LogicalResult checkMeanKernel(std::optional<Location> location, Value input,
                                     ArrayRef<int64_t> kernel) {
  if (kernel.size() != 3 || shapeOf(input).size() != 5)
    return success();
  for (auto [i, size] : llvm::enumerate(shapeOf(input).drop_front(2)))
    if (!isDynamic(size) && kernel[i] > size)
      return emitOptionalError(location, "with 3 spatial dimensions the kernel (", kernel[i],
                               ") must not be larger than the input (", size,
                               "), found in spatial dimension ", i);
  return success();
}

/// The rule of the pools with a kernel. `lists` are those the op has, the
/// kernel first.
static LogicalResult inferPool(std::optional<Location> location, Value input,
                               ArrayRef<SpatialList> lists, const PoolSizes &sizes,
                               SmallVectorImpl<Type> &types) {
  if (failed(checkSpatialRank(location, "kernel_size", sizes.kernel, input)) || // C1
      failed(checkLengths(location, lists, sizes.kernel.size())) ||             // C2
      failed(checkEntries(location, lists)) ||                                  // C3
      failed(checkPadding(location, sizes)) ||                                  // C4
      failed(checkNotEmpty(location, input, 1)))                                // C5
    return failure();
  Dims output(shapeOf(input).take_front(2));
  for (size_t i = 0; i < sizes.kernel.size(); ++i) {
    std::optional<int64_t> count =
        countWindows(location, i, shapeOf(input)[i + 2], sizes.window(i)); // C5, C6
    if (!count)
      return failure();
    output.push_back(*count);
  }
  return inferred(output, input, types);
}

/// The rule of both max pools.
template <typename Adaptor>
static LogicalResult inferMaxPool(std::optional<Location> location, Adaptor op,
                                  SmallVectorImpl<Type> &types) {
  if (failed(checkMeanKernel(location, op.getInput(), op.getKernelSize()))) // C5
    return failure();
  return inferPool(
      location, op.getInput(),
      {{"kernel_size", op.getKernelSize(), 1},
       {"stride", op.getStride(), 1},
       {"padding", op.getPadding(), 0},
       {"dilation", op.getDilation(), 1}},
      {op.getKernelSize(), op.getStride(), op.getPadding(), op.getDilation(), op.getCeilMode()},
      types);
}

LogicalResult MaxPoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                          Adaptor op, SmallVectorImpl<Type> &types) {
  return inferMaxPool(location, op, types);
}

LogicalResult MaxPoolWithIndicesOp::inferReturnTypes(MLIRContext *context,
                                                     std::optional<Location> location, Adaptor op,
                                                     SmallVectorImpl<Type> &types) {
  if (failed(inferMaxPool(location, op, types))) // C1
    return failure();
  types.push_back(cast<RankedTensorType>(types[0]).clone(IntegerType::get(context, 64)));
  return success();
}

LogicalResult AvgPoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                          Adaptor op, SmallVectorImpl<Type> &types) {
  std::optional<uint64_t> divisor = op.getDivisorOverride();
  if (divisor && (*divisor == 0 || op.getKernelSize().size() == 1)) // C7
    return emitOptionalError(location, "divisor_override must not be 0 and is for 2 or 3 spatial ",
                             "dimensions, found ", int64_t(*divisor), " with ",
                             op.getKernelSize().size());
  if (failed(checkMeanKernel(location, op.getInput(), op.getKernelSize()))) // C5
    return failure();
  return inferPool(location, op.getInput(),
                   {{"kernel_size", op.getKernelSize(), 1},
                    {"stride", op.getStride(), 1},
                    {"padding", op.getPadding(), 0}},
                   {op.getKernelSize(), op.getStride(), op.getPadding(), {}, op.getCeilMode()},
                   types);
}

/// aten::avg_pool1d has no divisor.
void AvgPoolOp::getAtenCall(AtenCall &call) {
  SmallVector<AtenArg> arguments = {getInput(),   getKernelSize(), getStride(),
                                    getPadding(), getCeilMode(),   getCountIncludePad()};
  std::optional<uint64_t> divisor = getDivisorOverride();
  if (getKernelSize().size() > 1)
    arguments.push_back(divisor ? AtenArg(int64_t(*divisor)) : AtenArg(AtenNone()));
  call.set("aten::avg_pool#d", arguments, getKernelSize().size());
}

//===----------------------------------------------------------------------===//
// adaptive_avg_pool, adaptive_max_pool
//===----------------------------------------------------------------------===//

/// -1 keeps the size of the input.
static LogicalResult inferAdaptive(std::optional<Location> location, Value input,
                                   ArrayRef<int64_t> sizes, size_t firstNotEmpty,
                                   SmallVectorImpl<Type> &types) {
  if (failed(checkSpatialRank(location, "output_size", sizes, input))) // C1
    return failure();
  Dims output(shapeOf(input));
  for (auto [i, size] : llvm::enumerate(sizes)) {
    if (size < -1) // C2
      return emitOptionalError(location, "output_size must be -1 or at least 0, found ", size);
    if (size >= 0)
      output[i + 2] = size;
  }
  if (failed(checkNotEmpty(location, input, firstNotEmpty))) // C3
    return failure();
  return inferred(output, input, types);
}

LogicalResult AdaptiveAvgPoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                                  Adaptor op, SmallVectorImpl<Type> &types) {
  size_t firstNotEmpty = op.getOutputSize().size() == 3 ? 1 : 2;
  return inferAdaptive(location, op.getInput(), op.getOutputSize(), firstNotEmpty, types);
}
LogicalResult AdaptiveMaxPoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                                  Adaptor op, SmallVectorImpl<Type> &types) {
  return inferAdaptive(location, op.getInput(), op.getOutputSize(), 1, types);
}

//===----------------------------------------------------------------------===//
// lp_pool
//===----------------------------------------------------------------------===//

LogicalResult LpPoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                         Adaptor op, SmallVectorImpl<Type> &types) {
  APFloat norm = op.getNormType();
  if (!norm.isFinite() || norm.isZero()) // C4
    return emitOptionalError(location, "norm_type must be finite and not 0, found ",
                             norm.convertToDouble());
  if (failed(checkMeanKernel(location, op.getInput(), op.getKernelSize()))) // C5
    return failure();
  return inferPool(location, op.getInput(),
                   {{"kernel_size", op.getKernelSize(), 1}, {"stride", op.getStride(), 1}},
                   {op.getKernelSize(), op.getStride(), {}, {}, op.getCeilMode()}, types);
}

/// As torch computes it: the mean of x^p as relu(m) - relu(-m), which is m but
/// has the gradient 0 where m is 0 (the root's gradient is infinite there),
/// times the size of the kernel, to the power 1 / p.
SmallVector<Value> LpPoolOp::decompose(OpBuilder &builder) {
  Location loc = getLoc();
  double norm = getNormType().convertToDouble();
  const Dims zeros(getKernelSize().size(), 0);
  auto activate = [&](StringRef kind, ArrayRef<double> parameters, Value input) -> Value {
    return createChecked<ActivationOp>(builder, loc, kind, parameters, input);
  };
  Value mean = createChecked<AvgPoolOp>(builder, loc, activate("pow", {norm}, getInput()),
                                        getKernelSize(), getStride(), zeros, getCeilMode(), true,
                                        /*divisor_override=*/IntegerAttr());
  Value negative = activate("relu", {}, activate("neg", {}, mean));
  Value value = createChecked<SubtractOp>(builder, loc, activate("relu", {}, mean), negative);
  value = createChecked<ScaleOp>(builder, loc, value, APFloat(productOf(getKernelSize())));
  return {activate("pow", {1.0 / norm}, value)};
}

#define GET_OP_CLASSES
#include "tez/Dialect/Esper/Pooling.cpp.inc"
