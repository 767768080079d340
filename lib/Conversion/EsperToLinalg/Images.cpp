//===- Images.cpp - Convolutions and pools whose rows are images ----------===//

#include "Images.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "tez/Dialect/Native/Native.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

//===----------------------------------------------------------------------===//
// What there is a lowering of
//===----------------------------------------------------------------------===//

namespace {
/// A pool of images, whatever op says it.
struct Pool {
  SmallVector<int64_t> window, stride, padding;
  bool mean = false, inside = false;
};
} // namespace

/// Windows that divide the image evenly.
template <typename Op> static std::optional<Pool> adaptivePool(Op op, bool mean) {
  Pool pool{{}, {}, {0, 0}, mean};
  for (unsigned dim : {2, 3}) {
    int64_t size = shapeOf(op.getInput())[dim], places = shapeOf(op.getOutput())[dim];
    if (places == 0 || size % places)
      return std::nullopt;
    pool.window.push_back(size / places);
  }
  pool.stride = pool.window;
  return pool;
}

/// Does the last window reach beyond the padding, as it may with `ceil_mode`: then the part beyond
/// does not count, which no divisor of ours knows.
static bool leavesPadding(AvgPoolOp op) {
  for (unsigned dim : {0, 1}) {
    int64_t end =
        (shapeOf(op.getOutput())[dim + 2] - 1) * op.getStride()[dim] + op.getKernelSize()[dim];
    if (end > shapeOf(op.getInput())[dim + 2] + 2 * op.getPadding()[dim])
      return true;
  }
  return false;
}

static std::optional<Pool> poolOf(MaxPoolOp op) {
  if (llvm::any_of(op.getDilation(), [](int64_t dilation) { return dilation != 1; }))
    return std::nullopt;
  return Pool{SmallVector<int64_t>(op.getKernelSize()), SmallVector<int64_t>(op.getStride()),
              SmallVector<int64_t>(op.getPadding())};
}

static std::optional<Pool> poolOf(AvgPoolOp op) {
  if (op.getDivisorOverride() || (op.getCountIncludePad() && leavesPadding(op)))
    return std::nullopt;
  return Pool{SmallVector<int64_t>(op.getKernelSize()), SmallVector<int64_t>(op.getStride()),
              SmallVector<int64_t>(op.getPadding()), /*mean=*/true,
              /*inside=*/!op.getCountIncludePad()};
}

/// nullopt for other ops, and for windows that native.pool does not have.
static std::optional<Pool> poolOf(Operation *op) {
  if (op->getNumOperands() != 1 || !isImage(op->getOperand(0)))
    return std::nullopt;
  return llvm::TypeSwitch<Operation *, std::optional<Pool>>(op)
      .Case<MaxPoolOp, AvgPoolOp>([](auto op) { return poolOf(op); })
      .Case<AdaptiveAvgPoolOp>([](auto op) { return adaptivePool(op, true); })
      .Case<AdaptiveMaxPoolOp>([](auto op) { return adaptivePool(op, false); })
      .Default([](Operation *) { return std::nullopt; });
}

static bool hasLowering(ConvOp op) {
  return isImage(op.getInput()) && isState(op.getWeight()) &&
         op.getWeight().getType().getElementType().isF32() &&
         (!op.getBias() || isState(op.getBias())) && isImage(op.getOutput());
}

/// All of an image becomes a row.
static bool hasLowering(FlattenOp op) {
  int64_t end = op.getEndDim(), start = op.getStartDim();
  return isImage(op.getInput()) && (start == 1 || start == -3) && (end == 3 || end == -1);
}

bool tez::hasImageLowering(Operation *op) {
  if (auto conv = dyn_cast<ConvOp>(op))
    return hasLowering(conv);
  if (auto flatten = dyn_cast<FlattenOp>(op))
    return hasLowering(flatten);
  return poolOf(op).has_value();
}

bool tez::readsPlanar(ConvOp op) {
  constexpr int64_t few = 16;
  return int64_t(op.getGroups()) == 1 && shapeOf(op.getInput())[1] < few;
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

Value ImageBuilder::empty(int64_t columns) {
  auto type = RankedTensorType::get({ShapedType::kDynamic, columns}, builder.getF32Type());
  return tensor::EmptyOp::create(builder, type, ValueRange{rows});
}

/// Height, width and channels.
static SmallVector<int64_t> channelsLast(Value image) {
  ArrayRef<int64_t> shape = shapeOf(image);
  return {shape[2], shape[3], shape[1]};
}

Value ImageBuilder::convolution(ConvOp op, Value input, Value weight, Value bias, bool planar) {
  Value out = empty(llvm::product_of(shapeOf(op.getOutput()).drop_front()));
  SmallVector<Value> extras;
  if (bias)
    extras.push_back(bias);
  auto made = native::ConvOp::create(
      builder, TypeRange{out.getType()}, input, weight, extras, out, channelsLast(op.getInput()),
      uint64_t(shapeOf(op.getWeight())[0]), shapeOf(op.getWeight()).drop_front(2), op.getStride(),
      op.getPadding(), op.getDilation(), op.getGroups(), planar, DenseI64ArrayAttr(),
      /*deferred=*/false, /*sweep=*/false, /*winograd=*/false);
  OpBuilder::InsertionGuard guard(builder);
  size_t count = 1 + extras.size();
  Block *block =
      builder.createBlock(&made.getEpilogue(), {}, SmallVector<Type>(count, builder.getF32Type()),
                          SmallVector<Location>(count, op.getLoc()));
  Value sum = block->getArgument(0);
  if (bias)
    sum = arith::AddFOp::create(builder, sum, block->getArgument(1));
  native::YieldOp::create(builder, sum);
  return made.getResult(0);
}

Value ImageBuilder::pool(Operation *op, Value input) {
  Pool pool = *poolOf(op);
  ArrayRef<int64_t> places = shapeOf(op->getResult(0)).drop_front(2);
  Value out = empty(llvm::product_of(shapeOf(op->getResult(0)).drop_front()));
  return native::PoolOp::create(builder, TypeRange{out.getType()}, input, out,
                                channelsLast(op->getOperand(0)), places, pool.window, pool.stride,
                                pool.padding, pool.mean, pool.inside)
      .getResult(0);
}

/// Nothing to do for a matrix of one row or column.
Value ImageBuilder::transpose(Value input, ArrayRef<int64_t> matrix) {
  if (llvm::is_contained(matrix, 1))
    return input;
  Value out = empty(llvm::product_of(matrix));
  return native::TransposeOp::create(builder, TypeRange{out.getType()}, input, out, matrix)
      .getResult(0);
}

Value ImageBuilder::toPlanar(Value image, Value input) {
  ArrayRef<int64_t> shape = shapeOf(image);
  return transpose(input, {shape[2] * shape[3], shape[1]});
}

Value ImageBuilder::toChannelsLast(Value image, Value input) {
  ArrayRef<int64_t> shape = shapeOf(image);
  return transpose(input, {shape[1], shape[2] * shape[3]});
}
