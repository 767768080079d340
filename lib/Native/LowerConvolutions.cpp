//===- LowerConvolutions.cpp - Convolutions as loops of vectors -----------===//

#include "Sums.h"
#include "Vectors.h"
#include "tez/Native/Passes.h"

namespace tez {
#define GEN_PASS_DEF_LOWERCONVOLUTIONS
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using native::ConvOp;
using native::Sums;

namespace {
/// One image, as the sums read it: with a border of zeros, where there is padding.
struct Image {
  Value memory, row; ///< row `row` of memory
  int64_t line;      ///< numbers from one line of pixels to the next
  int64_t pixel;     ///< and from one pixel to the next
};

/// `count` panels of a group from `packed` on; those of the result begin at `column`, and
/// `lastColumns` of the last one are of the result.
struct Panels {
  Value group, packed, column;
  int64_t count, lastColumns;
};

/// Places [y, y + height) x [x, x + width).
struct Tile {
  Value y, x;
  int64_t height, width;
  int64_t pixels() const { return height * width; }
};

/// A loop of a sum: so many steps, and numbers from one to the next in the image.
struct Step {
  int64_t count, stride;
};

/// Parts of one length: `count` of them from `begin` on.
struct Parts {
  int64_t begin, length, count;
};

class ConvLowering {
public:
  explicit ConvLowering(ConvOp op)
      : op(op), builder(op.getLoc(), op),
        width(cast<MemRefType>(op.getWeight().getType()).getDimSize(2)),
        outputs(int64_t(op.getOutputs()) / op.getPackedGroups()) {}

  void run();

private:
  void lowerPanels(Value row, const Panels &panels);
  void finishImage(Value row);
  Image imageOf(Value row);
  void allocateBorders();
  void clearBorder(Value row);
  void copyInside(Value row);
  SmallVector<Step> steps(const Image &image);
  using OnPanels = llvm::function_ref<void(const Panels &)>;
  void forPanels(int64_t most, OnPanels body);
  using OnTile = llvm::function_ref<void(const Tile &)>;
  void forTiles(int64_t height, int64_t width, OnTile body);
  Sums sumsOf(const Image &image, const Tile &tile, const Panels &panels);
  Sums sumSteps(const Image &image, ArrayRef<Step> steps, const Panels &panels, const Tile &tile,
                Value place, Value depth, const Sums &start);
  Sums multiplyAdd(const Image &image, const Panels &panels, const Tile &tile, Value place,
                   Value depth, const Sums &before);
  void finish(Value row, const Tile &tile, const Panels &panels, const Sums &sums);
  void store(Value row, const Tile &tile, const Panels &panels, const Sums &sums);
  Sums load(Value memory, Value row, const Tile &tile, const Panels &panels);
  void copyLine(Value from, ValueRange fromIndices, Value to, ValueRange toIndices, int64_t count);

  Value index(int64_t number) { return native::index(number, builder); }
  Value sum(Value a, Value b) { return arith::AddIOp::create(builder, a, b); }
  Value sum(Value a, int64_t b) { return b ? sum(a, index(b)) : a; }
  Value times(Value a, int64_t b) {
    return b == 1 ? a : Value(arith::MulIOp::create(builder, a, index(b)));
  }
  void forLoop(Value begin, Value end, int64_t step, llvm::function_ref<void(Value)> body) {
    native::forLoop(begin, end, step, body, builder);
  }
  int64_t paddedSize(unsigned dim) { return op.getImage()[dim] + 2 * op.getPadding()[dim]; }
  bool isPadded() { return op.getPadding()[0] || op.getPadding()[1]; }
  Type element() { return cast<MemRefType>(op.getOut().getType()).getElementType(); }
  int64_t usedColumns(const Panels &panels, int64_t j) const {
    return j + 1 == panels.count ? panels.lastColumns : width;
  }
  /// Where panel j of pixel i of the tile lies in a row of the result.
  Value resultColumn(const Tile &tile, int64_t i, const Panels &panels, int64_t j);

  ConvOp op;
  ImplicitLocOpBuilder builder;
  int64_t width;   ///< of a panel
  int64_t outputs; ///< of a group
  Value borders;   ///< images with a border: of all rows for a sweep, or else of one; null without
                   ///< padding
};
} // namespace

//===----------------------------------------------------------------------===//
// Images with a border
//===----------------------------------------------------------------------===//

/// `count` numbers, which is known beforehand.
void ConvLowering::copyLine(Value from, ValueRange fromIndices, Value to, ValueRange toIndices,
                            int64_t count) {
  int64_t whole = count / width * width;
  auto move = [&](Value k, int64_t lanes) {
    Value vector =
        native::loadVector(from, {fromIndices[0], sum(fromIndices[1], k)}, lanes, lanes, builder);
    native::storeVector(vector, to, {toIndices[0], sum(toIndices[1], k)}, lanes, builder);
  };
  if (whole)
    forLoop(index(0), index(whole), width, [&](Value k) { move(k, width); });
  if (count % width)
    move(index(whole), count % width);
}

/// Memory for images with a border. No image ever writes the border: it is cleared once.
void ConvLowering::allocateBorders() {
  int64_t size = paddedSize(0) * paddedSize(1) * op.getChannels();
  Value rows = memref::DimOp::create(builder, op.getOut(), 0);
  auto type = MemRefType::get({op.getSweep() ? ShapedType::kDynamic : 1, size}, element());
  borders = memref::AllocOp::create(builder, type, op.getSweep() ? ValueRange{rows} : ValueRange{});
  forLoop(index(0), op.getSweep() ? rows : index(1), 1, [&](Value row) { clearBorder(row); });
}

void ConvLowering::clearBorder(Value row) {
  int64_t size = cast<MemRefType>(borders.getType()).getDimSize(1), whole = size / width * width;
  Value zeros = native::zeroSums(1, 1, VectorType::get({width}, element()), builder)[0][0];
  forLoop(index(0), index(whole), width,
          [&](Value k) { native::storeVector(zeros, borders, {row, k}, width, builder); });
  if (size % width)
    native::storeVector(zeros, borders, {row, index(whole)}, size % width, builder);
}

Image ConvLowering::imageOf(Value row) {
  int64_t pixel = op.getPlanar() ? 1 : op.getChannels();
  Value memory = borders ? borders : Value(op.getInput());
  return {memory, borders && !op.getSweep() ? index(0) : row, paddedSize(1) * pixel, pixel};
}

/// Line by line; a planar image is as many images of one channel.
void ConvLowering::copyInside(Value row) {
  Image image = imageOf(row);
  int64_t planes = op.getPlanar() ? op.getChannels() : 1, channels = op.getChannels() / planes;
  int64_t height = op.getHeight(), line = op.getWidth() * channels;
  int64_t paddedLine = paddedSize(1) * channels;
  int64_t first = op.getPadding()[0] * paddedLine + op.getPadding()[1] * channels;
  forLoop(index(0), index(planes), 1, [&](Value plane) {
    forLoop(index(0), index(height), 1, [&](Value y) {
      Value from = times(sum(times(plane, height), y), line);
      Value to = sum(times(sum(times(plane, paddedSize(0)), y), paddedLine), first);
      copyLine(op.getInput(), {row, from}, image.memory, {image.row, to}, line);
    });
  });
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

/// The loops of a sum from the outermost on. Loops that are one through memory become one.
SmallVector<Step> ConvLowering::steps(const Image &image) {
  Step lines{op.getWindow()[0], op.getDilation()[0] * image.line};
  Step pixels{op.getWindow()[1], op.getDilation()[1] * image.pixel};
  Step channels{op.isDepthwise() ? 1 : op.getChannels() / int64_t(op.getGroups()),
                op.getPlanar() ? paddedSize(0) * image.line : 1};
  SmallVector<Step> all{lines, pixels, channels}, made;
  if (op.getPlanar())
    all = {channels, lines, pixels};
  for (const Step &step : all)
    if (!made.empty() && made.back().stride == step.count * step.stride)
      made.back() = {made.back().count * step.count, step.stride};
    else if (step.count > 1)
      made.push_back(step);
  return made;
}

/// One term: a vector of each panel, and a number of each pixel, or a vector where every channel is
/// its own.
Sums ConvLowering::multiplyAdd(const Image &image, const Panels &panels, const Tile &tile,
                               Value place, Value depth, const Sums &before) {
  SmallVector<Value> weights;
  for (int64_t j = 0; j < panels.count; ++j)
    weights.push_back(native::loadVector(op.getWeight(), {sum(panels.packed, j), depth, index(0)},
                                         width, width, builder));
  Sums after(tile.pixels());
  for (int64_t i = 0; i < tile.pixels(); ++i) {
    int64_t offset = i / tile.width * op.getStride()[0] * image.line +
                     i % tile.width * op.getStride()[1] * image.pixel;
    Value at = sum(place, offset), number;
    if (!op.isDepthwise())
      number = native::broadcast(
          memref::LoadOp::create(builder, image.memory, ValueRange{image.row, at}), width, builder);
    for (int64_t j = 0; j < panels.count; ++j) {
      Value factor = number;
      if (op.isDepthwise())
        factor = native::loadVector(image.memory, {image.row, sum(at, j * width)},
                                    usedColumns(panels, j), width, builder);
      after[i].push_back(vector::FMAOp::create(builder, factor, weights[j], before[i][j]));
    }
  }
  return after;
}

/// `place` and `depth`: where the sums are in the image and in the weights.
Sums ConvLowering::sumSteps(const Image &image, ArrayRef<Step> steps, const Panels &panels,
                            const Tile &tile, Value place, Value depth, const Sums &start) {
  if (steps.empty())
    return multiplyAdd(image, panels, tile, place, depth, start);
  int64_t terms = 1;
  for (const Step &inner : steps.drop_front())
    terms *= inner.count;
  auto body = [&](Value k, const Sums &before) {
    return sumSteps(image, steps.drop_front(), panels, tile,
                    sum(place, times(k, steps.front().stride)), sum(depth, times(k, terms)),
                    before);
  };
  return native::foldSums(index(steps.front().count), start, body, builder);
}

Sums ConvLowering::sumsOf(const Image &image, const Tile &tile, const Panels &panels) {
  Value place = sum(times(tile.y, op.getStride()[0] * image.line),
                    times(tile.x, op.getStride()[1] * image.pixel));
  if (op.isDepthwise())
    place = sum(place, panels.column);
  else if (int64_t(op.getGroups()) > 1)
    place = sum(place, times(panels.group, op.getChannels() / int64_t(op.getGroups())));
  Sums zeros =
      native::zeroSums(tile.pixels(), panels.count, VectorType::get({width}, element()), builder);
  return sumSteps(image, steps(image), panels, tile, place, index(0), zeros);
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

Value ConvLowering::resultColumn(const Tile &tile, int64_t i, const Panels &panels, int64_t j) {
  int64_t line = op.getPlaces(1), all = op.getOutputs();
  Value pixel = sum(times(tile.y, line), tile.x);
  int64_t offset = (i / tile.width * line + i % tile.width) * all + j * width;
  return sum(sum(times(pixel, all), panels.column), offset);
}

void ConvLowering::store(Value row, const Tile &tile, const Panels &panels, const Sums &sums) {
  for (int64_t i = 0; i < tile.pixels(); ++i)
    for (int64_t j = 0; j < panels.count; ++j)
      native::storeVector(sums[i][j], op.getOut(), {row, resultColumn(tile, i, panels, j)},
                          usedColumns(panels, j), builder);
}

/// The vectors that a tile's sums meet in an image, or in the numbers of the channels.
Sums ConvLowering::load(Value memory, Value row, const Tile &tile, const Panels &panels) {
  Sums loaded(tile.pixels());
  for (int64_t i = 0; i < tile.pixels(); ++i)
    for (int64_t j = 0; j < panels.count; ++j) {
      SmallVector<Value> indices{sum(panels.column, j * width)};
      if (cast<MemRefType>(memory.getType()).getRank() == 2)
        indices = {row, resultColumn(tile, i, panels, j)};
      loaded[i].push_back(
          native::loadVector(memory, indices, usedColumns(panels, j), width, builder));
    }
  return loaded;
}

void ConvLowering::finish(Value row, const Tile &tile, const Panels &panels, const Sums &sums) {
  SmallVector<Sums> operands{sums};
  for (Value extra : op.getExtras())
    operands.push_back(load(extra, row, tile, panels));
  Sums made(tile.pixels());
  for (int64_t i = 0; i < tile.pixels(); ++i)
    for (int64_t j = 0; j < panels.count; ++j) {
      SmallVector<Value> arguments;
      for (const Sums &operand : operands)
        arguments.push_back(operand[i][j]);
      made[i].push_back(native::vectorize(op.getEpilogue().front(), arguments, width, builder));
    }
  store(row, tile, panels, made);
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// Of each group: full panels, `most` at a time, the full ones that are left, and the one that is
/// not full.
void ConvLowering::forPanels(int64_t most, OnPanels body) {
  int64_t full = outputs / width, grouped = full / most * most;
  int64_t ofGroup = llvm::divideCeil(outputs, width);
  auto range = [&](Value group, int64_t from, int64_t to, int64_t count, int64_t columns) {
    if (from < to)
      forLoop(index(from), index(to), count, [&](Value panel) {
        body({group, sum(times(group, ofGroup), panel),
              sum(times(group, outputs), times(panel, width)), count, columns});
      });
  };
  forLoop(index(0), index(op.getPackedGroups()), 1, [&](Value group) {
    range(group, 0, grouped, most, width);
    range(group, grouped, full, 1, width);
    if (outputs % width)
      range(group, full, full + 1, 1, outputs % width);
  });
}

/// `size` cut evenly into parts of at most `most`: longer ones, then those shorter by one.
static SmallVector<Parts, 2> cutEvenly(int64_t size, int64_t most) {
  int64_t count = llvm::divideCeil(size, most), least = size / count, longer = size % count;
  SmallVector<Parts, 2> parts;
  if (longer)
    parts.push_back({0, least + 1, longer});
  parts.push_back({longer * (least + 1), least, count - longer});
  return parts;
}

void ConvLowering::forTiles(int64_t height, int64_t width, OnTile body) {
  auto forParts = [&](const Parts &parts, llvm::function_ref<void(Value)> inner) {
    forLoop(index(parts.begin), index(parts.begin + parts.count * parts.length), parts.length,
            inner);
  };
  for (const Parts &rows : cutEvenly(op.getPlaces(0), height))
    forParts(rows, [&](Value y) {
      for (const Parts &columns : cutEvenly(op.getPlaces(1), width))
        forParts(columns, [&](Value x) { body({y, x, rows.length, columns.length}); });
    });
}

/// Panels' weights meet all pixels of an image: they stay in a near cache.
void ConvLowering::lowerPanels(Value row, const Panels &panels) {
  Image image = imageOf(row);
  forTiles((*op.getTile())[0], (*op.getTile())[1], [&](const Tile &tile) {
    Sums sums = sumsOf(image, tile, panels);
    op.getDeferred() ? store(row, tile, panels, sums) : finish(row, tile, panels, sums);
  });
}

void ConvLowering::finishImage(Value row) {
  forTiles(1, 1, [&](const Tile &tile) {
    forPanels(1, [&](const Panels &panels) {
      finish(row, tile, panels, load(op.getOut(), row, tile, panels));
    });
  });
}

void ConvLowering::run() {
  Value rows = memref::DimOp::create(builder, op.getOut(), 0);
  auto forRows = [&](llvm::function_ref<void(Value)> body) { forLoop(index(0), rows, 1, body); };
  int64_t panelsAtOnce = (*op.getTile())[2];
  if (isPadded())
    allocateBorders();
  auto prepare = [&](Value row) {
    if (borders)
      copyInside(row);
  };
  auto end = [&](Value row) {
    if (op.getDeferred())
      finishImage(row);
  };
  if (op.getSweep()) {
    forRows(prepare);
    forPanels(panelsAtOnce,
              [&](const Panels &panels) { forRows([&](Value row) { lowerPanels(row, panels); }); });
    forRows(end);
  } else {
    forRows([&](Value row) {
      prepare(row);
      forPanels(panelsAtOnce, [&](const Panels &panels) { lowerPanels(row, panels); });
      end(row);
    });
  }
  op.erase();
}

namespace {
struct LowerConvolutionsPass : tez::impl::LowerConvolutionsBase<LowerConvolutionsPass> {
  void runOnOperation() override {
    getOperation().walk([&](ConvOp op) {
      auto weight = dyn_cast<MemRefType>(op.getWeight().getType());
      if (!op.getTile() || !weight || weight.getRank() != 3) {
        op.emitOpError("expected a tile, a packed weight and operands in memory");
        return signalPassFailure();
      }
      ConvLowering(op).run();
      ++numConvolutions;
    });
  }
};
} // namespace
