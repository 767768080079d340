//===- LowerConvolutions.cpp - Convolutions as loops of vectors -----------===//

#include "BorderedImages.h"
#include "EvenParts.h"
#include "LoopBuilder.h"
#include "tez/Native/Passes.h"

namespace tez {
#define GEN_PASS_DEF_LOWERCONVOLUTIONS
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using native::ConvOp;
using native::ImageView;
using native::Sums;

namespace {
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

class ConvLowering : private native::LoopBuilder {
public:
  explicit ConvLowering(ConvOp op)
      : LoopBuilder(op), op(op), width(cast<MemRefType>(op.getWeight().getType()).getDimSize(2)),
        outputs(int64_t(op.getOutputs()) / op.getPackedGroups()),
        images(op, paddedSize(0), paddedSize(1), width, *this) {}

  void run();

private:
  void lowerPanels(Value row, const Panels &panels);
  void finishImage(Value row);
  SmallVector<Step> steps(const ImageView &image);
  using OnPanels = llvm::function_ref<void(const Panels &)>;
  void forPanels(int64_t most, OnPanels body);
  using OnTile = llvm::function_ref<void(const Tile &)>;
  void forTiles(int64_t height, int64_t width, OnTile body);
  Sums sumsOf(const ImageView &image, const Tile &tile, const Panels &panels);
  Sums sumSteps(const ImageView &image, ArrayRef<Step> steps, const Panels &panels,
                const Tile &tile, Value place, Value depth, const Sums &start);
  Sums multiplyAdd(const ImageView &image, const Panels &panels, const Tile &tile, Value place,
                   Value depth, const Sums &before);
  void finish(Value row, const Tile &tile, const Panels &panels, const Sums &sums);
  void store(Value row, const Tile &tile, const Panels &panels, const Sums &sums);
  Sums load(Value memory, Value row, const Tile &tile, const Panels &panels);

  int64_t paddedSize(unsigned dim) { return op.getImage()[dim] + 2 * op.getPadding()[dim]; }
  Type element() { return cast<MemRefType>(op.getOut().getType()).getElementType(); }
  int64_t usedColumns(const Panels &panels, int64_t j) const {
    return j + 1 == panels.count ? panels.lastColumns : width;
  }
  /// Where panel j of pixel i of the tile lies in a row of the result.
  Value resultColumn(const Tile &tile, int64_t i, const Panels &panels, int64_t j);

  ConvOp op;
  int64_t width;   ///< of a panel
  int64_t outputs; ///< of a group
  native::BorderedImages images;
};
} // namespace

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

/// The loops of a sum from the outermost on. Loops that are one through memory become one.
SmallVector<Step> ConvLowering::steps(const ImageView &image) {
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
Sums ConvLowering::multiplyAdd(const ImageView &image, const Panels &panels, const Tile &tile,
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
Sums ConvLowering::sumSteps(const ImageView &image, ArrayRef<Step> steps, const Panels &panels,
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

Sums ConvLowering::sumsOf(const ImageView &image, const Tile &tile, const Panels &panels) {
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

void ConvLowering::forTiles(int64_t height, int64_t width, OnTile body) {
  auto forParts = [&](const native::Parts &parts, llvm::function_ref<void(Value)> inner) {
    forLoop(index(parts.begin), index(parts.end()), parts.length, inner);
  };
  for (const native::Parts &rows : native::cutEvenly(op.getPlaces(0), height))
    forParts(rows, [&](Value y) {
      for (const native::Parts &columns : native::cutEvenly(op.getPlaces(1), width))
        forParts(columns, [&](Value x) { body({y, x, rows.length, columns.length}); });
    });
}

/// Panels' weights meet all pixels of an image: they stay in a near cache.
void ConvLowering::lowerPanels(Value row, const Panels &panels) {
  ImageView image = images.at(row);
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
  images.allocate();
  auto prepare = [&](Value row) { images.copyInside(row); };
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
      if (op.getWinograd())
        return;
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
