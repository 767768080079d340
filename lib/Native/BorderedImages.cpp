//===- BorderedImages.cpp -------------------------------------------------===//

#include "BorderedImages.h"
#include "Sums.h"
#include "Vectors.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace tez;
using native::BorderedImages;

Value BorderedImages::sum(Value a, Value b) { return arith::AddIOp::create(builder, a, b); }

Value BorderedImages::times(Value a, int64_t b) {
  return b == 1 ? a : Value(arith::MulIOp::create(builder, a, index(b, builder)));
}

/// `count` numbers, which is known beforehand.
void BorderedImages::copyLine(Value from, ValueRange fromIndices, Value to, ValueRange toIndices,
                              int64_t count) {
  int64_t whole = count / lanes * lanes;
  auto move = [&](Value k, int64_t used) {
    Value vector = loadVector(from, {fromIndices[0], sum(fromIndices[1], k)}, used, used, builder);
    storeVector(vector, to, {toIndices[0], sum(toIndices[1], k)}, used, builder);
  };
  if (whole)
    forLoop(
        index(0, builder), index(whole, builder), lanes, [&](Value k) { move(k, lanes); }, builder);
  if (count % lanes)
    move(index(whole, builder), count % lanes);
}

/// No image ever writes the border: it is cleared once.
void BorderedImages::allocate() {
  if (height == op.getHeight() && width == op.getWidth())
    return;
  Type element = cast<MemRefType>(op.getOut().getType()).getElementType();
  int64_t size = height * width * op.getChannels();
  Value rows = memref::DimOp::create(builder, op.getOut(), 0);
  auto type = MemRefType::get({op.getSweep() ? ShapedType::kDynamic : 1, size}, element);
  copies = memref::AllocOp::create(builder, type, op.getSweep() ? ValueRange{rows} : ValueRange{});
  forLoop(
      index(0, builder), op.getSweep() ? rows : index(1, builder), 1,
      [&](Value row) { clear(row); }, builder);
}

void BorderedImages::clear(Value row) {
  auto type = cast<MemRefType>(copies.getType());
  int64_t size = type.getDimSize(1), whole = size / lanes * lanes;
  Value zeros = zeroSums(1, 1, VectorType::get({lanes}, type.getElementType()), builder)[0][0];
  auto store = [&](Value k, int64_t used) { storeVector(zeros, copies, {row, k}, used, builder); };
  forLoop(
      index(0, builder), index(whole, builder), lanes, [&](Value k) { store(k, lanes); }, builder);
  if (size % lanes)
    store(index(whole, builder), size % lanes);
}

native::ImageView BorderedImages::at(Value row) {
  int64_t pixel = op.getPlanar() ? 1 : op.getChannels();
  Value memory = copies ? copies : Value(op.getInput());
  return {memory, copies && !op.getSweep() ? index(0, builder) : row, width * pixel, pixel};
}

/// Line by line; a planar image is as many images of one channel.
void BorderedImages::copyInside(Value row) {
  if (!copies)
    return;
  ImageView image = at(row);
  int64_t planes = op.getPlanar() ? op.getChannels() : 1, channels = op.getChannels() / planes;
  int64_t line = op.getWidth() * channels, borderedLine = width * channels;
  int64_t first = op.getPadding()[0] * borderedLine + op.getPadding()[1] * channels;
  auto upTo = [&](int64_t end, llvm::function_ref<void(Value)> body) {
    forLoop(index(0, builder), index(end, builder), 1, body, builder);
  };
  upTo(planes, [&](Value plane) {
    upTo(op.getHeight(), [&](Value y) {
      Value from = times(sum(times(plane, op.getHeight()), y), line);
      Value to = sum(times(sum(times(plane, height), y), borderedLine), index(first, builder));
      copyLine(op.getInput(), {row, from}, image.memory, {image.row, to}, line);
    });
  });
}
