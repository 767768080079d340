//===- Images.cpp - native.conv, native.pool, native.transpose ------------===//

#include "tez/Dialect/Native/Native.h"

using namespace mlir;
using namespace tez::native;

static ShapedType shapeOf(Value value) { return cast<ShapedType>(value.getType()); }

static bool allAtLeast(ArrayRef<int64_t> numbers, size_t count, int64_t least) {
  return numbers.size() == count && llvm::all_of(numbers, [&](int64_t n) { return n >= least; });
}

/// C1 of all three.
static LogicalResult verifyRows(Operation *op, Value input, Value out) {
  ShapedType from = shapeOf(input), to = shapeOf(out);
  auto isRows = [](ShapedType type) {
    return type.hasRank() && type.getRank() == 2 && !type.isDynamicDim(1);
  };
  if (isRows(from) && isRows(to) && from.getDimSize(0) == to.getDimSize(0))
    return success();
  return op->emitOpError("C1: expected input and result of rank 2 with static columns and the same "
                         "rows, found ")
         << from << " and " << to;
}

/// C2 of conv and pool.
static LogicalResult verifyImage(Operation *op, ArrayRef<int64_t> image, Value input) {
  int64_t columns = shapeOf(input).getDimSize(1);
  if (allAtLeast(image, 3, 1) && llvm::product_of(image) == columns)
    return success();
  return op->emitOpError("C2: expected an image of ") << columns << " numbers, found " << image;
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

/// Numbers that a window spans.
static int64_t spanOf(ConvOp op, unsigned dim) {
  return op.getDilation()[dim] * (op.getWindow()[dim] - 1) + 1;
}

static int64_t paddedSize(ConvOp op, unsigned dim) {
  return op.getImage()[dim] + 2 * op.getPadding()[dim];
}

int64_t ConvOp::getPlaces(unsigned dim) {
  return (paddedSize(*this, dim) - spanOf(*this, dim)) / getStride()[dim] + 1;
}

int64_t ConvOp::getDepth() {
  return llvm::product_of(getWindow()) * (getChannels() / int64_t(getGroups()));
}

bool ConvOp::suitsWinograd() {
  return getWindow() == ArrayRef<int64_t>{3, 3} && llvm::product_of(getStride()) == 1 &&
         llvm::product_of(getDilation()) == 1 && int64_t(getGroups()) == 1 && !getPlanar();
}

static LogicalResult verifyWindow(ConvOp op) {
  bool fits = allAtLeast(op.getWindow(), 2, 1) && allAtLeast(op.getStride(), 2, 1) &&
              allAtLeast(op.getDilation(), 2, 1) && allAtLeast(op.getPadding(), 2, 0);
  for (unsigned dim = 0; fits && dim < 2; ++dim)
    fits = spanOf(op, dim) <= paddedSize(op, dim);
  return fits ? success()
              : op.emitOpError("C3: expected two windows inside of the padded image, strides and "
                               "dilations >= 1 and paddings >= 0");
}

static LogicalResult verifyOutputs(ConvOp op) {
  int64_t groups = op.getGroups(), outputs = op.getOutputs();
  int64_t columns = shapeOf(op.getOut()).getDimSize(1);
  if (groups < 1 || outputs < 1 || op.getChannels() % groups || outputs % groups)
    return op.emitOpError("C4: ") << groups << " groups do not divide " << op.getChannels()
                                  << " channels and " << outputs << " outputs";
  if (columns == outputs * op.getPlaces(0) * op.getPlaces(1))
    return success();
  return op.emitOpError("C4: expected ")
         << outputs << " x " << op.getPlaces(0) << " x " << op.getPlaces(1)
         << " columns of the result, found " << columns;
}

static LogicalResult verifyWeight(ConvOp op) {
  ShapedType type = shapeOf(op.getWeight());
  int64_t groups = op.getPackedGroups(), outputs = op.getOutputs();
  SmallVector<int64_t> plain{outputs, op.getChannels() / int64_t(op.getGroups())};
  llvm::append_range(plain, op.getWindow());
  bool fits = type.getShape() == ArrayRef(plain);
  int64_t matrices = op.getWinograd() ? winogradProducts : groups;
  int64_t depth = op.getWinograd() ? op.getChannels() : op.getDepth();
  if (type.getRank() == 3) {
    int64_t width = type.getDimSize(2);
    fits = width > 0 && type.getDimSize(1) == depth &&
           type.getDimSize(0) == matrices * int64_t(llvm::divideCeil(outputs / groups, width));
  }
  return fits ? success()
              : op.emitOpError("C5: the weight is ")
                    << type << ", expected " << plain << " or its panels of depth " << depth;
}

static LogicalResult verifyEpilogue(ConvOp op) {
  ShapedType out = shapeOf(op.getOut());
  for (auto [i, extra] : llvm::enumerate(op.getExtras()))
    if (shapeOf(extra).getShape() != out.getShape() &&
        shapeOf(extra).getShape() != ArrayRef{int64_t(op.getOutputs())})
      return op.emitOpError("C6: extra ")
             << i << " is " << extra.getType() << ", the result " << out;
  Block &block = op.getEpilogue().front();
  size_t wanted = 1 + op.getExtras().size();
  if (block.getNumArguments() == wanted && isa<YieldOp>(block.back()) &&
      llvm::all_of(block.getArgumentTypes(), [&](Type t) { return t == out.getElementType(); }))
    return success();
  return op.emitOpError("C7: the epilogue must take ")
         << wanted << " arguments of type " << out.getElementType() << " and end in native.yield";
}

LogicalResult ConvOp::verify() {
  if (failed(verifyRows(*this, getInput(), getOut())) ||
      failed(verifyImage(*this, getImage(), getInput())) || failed(verifyWindow(*this)) ||
      failed(verifyOutputs(*this)) || failed(verifyWeight(*this)) || failed(verifyEpilogue(*this)))
    return failure();
  if (getTile() && !allAtLeast(*getTile(), 3, 1))
    return emitOpError("C8: the tile must be rows, columns and panels >= 1");
  if (getPlanar() && int64_t(getGroups()) != 1)
    return emitOpError("C9: a planar input of ") << int64_t(getGroups()) << " groups";
  if (getWinograd() && !suitsWinograd())
    return emitOpError("C10: winograd is for windows of 3x3 with strides and dilations of 1, one "
                       "group and channels last");
  return success();
}

//===----------------------------------------------------------------------===//
// Pools and transposed rows
//===----------------------------------------------------------------------===//

/// Every window begins before the image ends, and ends behind its beginning.
static bool touchesImage(PoolOp op, unsigned dim) {
  int64_t last = (op.getPlaces()[dim] - 1) * op.getStride()[dim] - op.getPadding()[dim];
  return last < op.getImage()[dim] && op.getPadding()[dim] < op.getWindow()[dim];
}

LogicalResult PoolOp::verify() {
  if (failed(verifyRows(*this, getInput(), getOut())) ||
      failed(verifyImage(*this, getImage(), getInput())))
    return failure();
  bool fits = allAtLeast(getWindow(), 2, 1) && allAtLeast(getStride(), 2, 1) &&
              allAtLeast(getPlaces(), 2, 1) && allAtLeast(getPadding(), 2, 0);
  if (!fits || !touchesImage(*this, 0) || !touchesImage(*this, 1))
    return emitOpError("C3: expected two windows, strides and places >= 1 and paddings >= 0, and a "
                       "part of every window inside of the image");
  int64_t columns = shapeOf(getOut()).getDimSize(1);
  if (columns == llvm::product_of(getPlaces()) * getChannels())
    return success();
  return emitOpError("C4: ") << columns << " columns of the result for " << getPlaces()
                             << " places of " << getChannels() << " channels";
}

LogicalResult TransposeOp::verify() {
  if (failed(verifyRows(*this, getInput(), getOut())))
    return failure();
  if (shapeOf(getInput()) != shapeOf(getOut()))
    return emitOpError("C1: expected one shape, found ")
           << getInput().getType() << " and " << getOut().getType();
  int64_t columns = shapeOf(getOut()).getDimSize(1);
  if (!allAtLeast(getMatrix(), 2, 1) || llvm::product_of(getMatrix()) != columns)
    return emitOpError("C2: expected a matrix of ") << columns << " numbers, found " << getMatrix();
  return success();
}
