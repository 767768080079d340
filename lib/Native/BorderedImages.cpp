//===- BorderedImages.cpp -------------------------------------------------===//

#include "BorderedImages.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace tez;
using native::BorderedImages;

/// `count` numbers, which is known beforehand.
void BorderedImages::copyLine(Value from, ValueRange fromIndices, Value to, ValueRange toIndices,
                              int64_t count) {
  loops.forVectors(count, lanes, [&](Value k, int64_t used) {
    Value vector =
        loadVector(from, {fromIndices[0], loops.sum(fromIndices[1], k)}, used, used, loops.builder);
    storeVector(vector, to, {toIndices[0], loops.sum(toIndices[1], k)}, used, loops.builder);
  });
}

/// No image ever writes the border: it is cleared once.
void BorderedImages::allocate() {
  if (height == op.getHeight() && width == op.getWidth())
    return;
  Type element = cast<MemRefType>(op.getOut().getType()).getElementType();
  int64_t size = height * width * op.getChannels();
  Value rows = memref::DimOp::create(loops.builder, op.getOut(), 0);
  auto type = MemRefType::get({op.getSweep() ? ShapedType::kDynamic : 1, size}, element);
  copies =
      memref::AllocOp::create(loops.builder, type, op.getSweep() ? ValueRange{rows} : ValueRange{});
  loops.forLoop(loops.index(0), op.getSweep() ? rows : loops.index(1), 1,
                [&](Value row) { clear(row); });
}

void BorderedImages::clear(Value row) {
  auto type = cast<MemRefType>(copies.getType());
  auto vector = VectorType::get({lanes}, type.getElementType());
  Value zeros = zeroSums(1, 1, vector, loops.builder)[0][0];
  loops.forVectors(type.getDimSize(1), lanes, [&](Value k, int64_t used) {
    storeVector(zeros, copies, {row, k}, used, loops.builder);
  });
}

native::ImageView BorderedImages::at(Value row) {
  int64_t pixel = op.getPlanar() ? 1 : op.getChannels();
  Value memory = copies ? copies : Value(op.getInput());
  return {memory, copies && !op.getSweep() ? loops.index(0) : row, width * pixel, pixel};
}

/// Line by line; a planar image is as many images of one channel.
void BorderedImages::copyInside(Value row) {
  if (!copies)
    return;
  ImageView image = at(row);
  int64_t planes = op.getPlanar() ? op.getChannels() : 1, channels = op.getChannels() / planes;
  int64_t line = op.getWidth() * channels, borderedLine = width * channels;
  int64_t first = op.getPadding()[0] * borderedLine + op.getPadding()[1] * channels;
  loops.upTo(planes, 1, [&](Value plane) {
    loops.upTo(op.getHeight(), 1, [&](Value y) {
      Value from = loops.times(loops.sum(loops.times(plane, op.getHeight()), y), line);
      Value start = loops.times(loops.sum(loops.times(plane, height), y), borderedLine);
      Value to = loops.sum(start, first);
      copyLine(op.getInput(), {row, from}, image.memory, {image.row, to}, line);
    });
  });
}
