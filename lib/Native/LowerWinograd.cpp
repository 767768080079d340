//===- LowerWinograd.cpp - 3x3 convolutions by minimal filtering ----------===//
//
// Three steps of an image: its squares of 4x4 pixels are transformed, 16 products with the
// transformed weights, and each square's 16 numbers become 2x2 places, which the epilogue finishes.
//
//===----------------------------------------------------------------------===//

#include "BorderedImages.h"
#include "EvenParts.h"
#include "LoopBuilder.h"
#include "PassTarget.h"
#include "Winograd.h"
#include "tez/Native/Passes.h"

namespace tez {
#define GEN_PASS_DEF_LOWERWINOGRAD
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using native::ConvOp;
using native::Square;
using native::Sums;

namespace {
/// `count` panels from the one at `first` on, and how many of their columns are of the result.
struct Panels {
  Value first;
  int64_t count, columns;
};

/// Squares beside and below each other, from the one at `index` on.
struct Squares {
  Value index;
  int64_t count;
};

class WinogradLowering : private native::LoopBuilder {
public:
  WinogradLowering(ConvOp op, int64_t lanes)
      : LoopBuilder(op), op(op), lanes(lanes),
        width(cast<MemRefType>(op.getWeight().getType()).getDimSize(2)), channels(op.getChannels()),
        lines(llvm::divideCeil(op.getPlaces(0), 2)), columns(llvm::divideCeil(op.getPlaces(1), 2)),
        tile(op.getTileAttr().asArrayRef()), together(tile[2]),
        images(op, 2 * lines + 2, 2 * columns + 2, lanes, *this) {}

  void run();

private:
  Value allocate(int64_t numbers);
  void transformImage(Value row);
  void transformSquare(Value row, Value y, Value x, Value channel, int64_t used);
  using OnPanels = llvm::function_ref<void(const Panels &)>;
  void forPanels(OnPanels body);
  void multiply(const Panels &panels,
                llvm::function_ref<void(llvm::function_ref<void(Value)>)> forRows);
  void multiplyRow(Value row, Value product, const Panels &panels, Value panel, int64_t count);
  Sums multiplyAdd(Value row, Value product, Value panel, int64_t count, const Squares &squares,
                   Value channel, const Sums &before);
  void finishRow(Value row, const Panels &panels);
  void finishSquare(Value row, Value y, Value x, int64_t height, int64_t width,
                    const Panels &panels);
  void finishVector(Value row, Value y, Value x, int64_t height, int64_t width,
                    const Panels &panels, Value column, int64_t used);
  Value finishPlace(Value sum, Value row, Value at, Value column, int64_t used);

  /// In the memory of this op's own: one row, or one an image.
  Value scratchRow(Value row) { return op.getSweep() ? row : index(0); }
  int64_t squares() const { return lines * columns; }
  /// Numbers from one of the 16 matrices to the next: not a power of two, or all 16 would fight for
  /// the same sets of a cache.
  int64_t inputPlane() const { return squares() * channels + gap; }
  int64_t productPlane() const { return squares() * together * width + gap; }
  Type element() { return cast<MemRefType>(op.getOut().getType()).getElementType(); }

  static constexpr int64_t gap = 16;
  ConvOp op;
  int64_t lanes, width;             ///< of a vector, of a panel
  int64_t channels, lines, columns; ///< lines and columns of squares
  ArrayRef<int64_t> tile;           ///< squares and panels in registers, panels in memory
  int64_t together;                 ///< panels whose products are in memory at once
  native::BorderedImages images;
  Value inputs, products;
};
} // namespace

Value WinogradLowering::allocate(int64_t numbers) {
  Value rows = memref::DimOp::create(builder, op.getOut(), 0);
  auto type = MemRefType::get({op.getSweep() ? ShapedType::kDynamic : 1, numbers}, element());
  return memref::AllocOp::create(builder, type, op.getSweep() ? ValueRange{rows} : ValueRange{});
}

//===----------------------------------------------------------------------===//
// Squares of the image
//===----------------------------------------------------------------------===//

void WinogradLowering::transformSquare(Value row, Value y, Value x, Value channel, int64_t used) {
  native::ImageView image = images.at(row);
  Value from = sum(sum(times(y, 2 * image.line), times(x, 2 * image.pixel)), channel);
  Square pixels;
  for (int64_t i = 0; i < 16; ++i)
    pixels[size_t(i)] = native::loadVector(
        image.memory, {image.row, sum(from, i / 4 * image.line + i % 4 * image.pixel)}, used, used,
        builder);
  Value to = sum(times(sum(times(y, columns), x), channels), channel);
  for (auto [i, number] : llvm::enumerate(native::transformInput(pixels, builder)))
    native::storeVector(number, inputs, {scratchRow(row), sum(to, int64_t(i) * inputPlane())}, used,
                        builder);
}

void WinogradLowering::transformImage(Value row) {
  images.copyInside(row);
  upTo(lines, 1, [&](Value y) {
    upTo(columns, 1, [&](Value x) {
      forVectors(channels, lanes,
                 [&](Value channel, int64_t used) { transformSquare(row, y, x, channel, used); });
    });
  });
}

//===----------------------------------------------------------------------===//
// The 16 products
//===----------------------------------------------------------------------===//

/// One term: a vector of each panel, and a number of each square.
Sums WinogradLowering::multiplyAdd(Value row, Value product, Value panel, int64_t count,
                                   const Squares &squares, Value channel, const Sums &before) {
  int64_t panels = llvm::divideCeil(int64_t(op.getOutputs()), width);
  Value first = sum(times(product, panels), panel);
  SmallVector<Value> weights;
  for (int64_t j = 0; j < count; ++j)
    weights.push_back(native::loadVector(op.getWeight(), {sum(first, j), channel, index(0)}, width,
                                         width, builder));
  Value place = sum(sum(times(product, inputPlane()), times(squares.index, channels)), channel);
  Sums after(squares.count);
  for (int64_t i = 0; i < squares.count; ++i) {
    Value number = memref::LoadOp::create(builder, inputs,
                                          ValueRange{scratchRow(row), sum(place, i * channels)});
    Value factor = native::broadcast(number, width, builder);
    for (int64_t j = 0; j < count; ++j)
      after[i].push_back(vector::FMAOp::create(builder, factor, weights[j], before[i][j]));
  }
  return after;
}

/// Of one image: `count` panels from `panel` on, which are `panels`' or some of them.
void WinogradLowering::multiplyRow(Value row, Value product, const Panels &panels, Value panel,
                                   int64_t count) {
  auto type = VectorType::get({width}, element());
  for (const native::Parts &parts : native::cutEvenly(squares(), tile[0]))
    forLoop(index(parts.begin), index(parts.end()), parts.length, [&](Value square) {
      Squares some{square, parts.length};
      Sums zeros = native::zeroSums(some.count, count, type, builder);
      auto step = [&](Value channel, const Sums &before) {
        return multiplyAdd(row, product, panel, count, some, channel, before);
      };
      Sums sums = native::foldSums(index(channels), zeros, step, builder);
      Value inGroup = arith::SubIOp::create(builder, panel, panels.first);
      Value to = sum(sum(times(product, productPlane()), times(square, together * width)),
                     times(inGroup, width));
      for (int64_t i = 0; i < some.count; ++i)
        for (int64_t j = 0; j < count; ++j)
          native::storeVector(sums[i][j], products,
                              {scratchRow(row), sum(to, (i * together + j) * width)}, width,
                              builder);
    });
}

/// A panel meets all squares of all images while it is in the nearest cache.
void WinogradLowering::multiply(const Panels &panels,
                                llvm::function_ref<void(llvm::function_ref<void(Value)>)> forRows) {
  int64_t atOnce = std::min(tile[1], panels.count);
  int64_t grouped = panels.count / atOnce * atOnce;
  upTo(native::winogradProducts, 1, [&](Value product) {
    auto some = [&](Value panel, int64_t count) {
      forRows([&](Value row) { multiplyRow(row, product, panels, panel, count); });
    };
    upTo(grouped, atOnce, [&](Value panel) { some(sum(panels.first, panel), atOnce); });
    if (grouped < panels.count)
      forLoop(index(grouped), index(panels.count), 1,
              [&](Value panel) { some(sum(panels.first, panel), 1); });
  });
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

Value WinogradLowering::finishPlace(Value sum, Value row, Value at, Value column, int64_t used) {
  SmallVector<Value> arguments{sum};
  for (Value extra : op.getExtras()) {
    SmallVector<Value> indices{column};
    if (cast<MemRefType>(extra.getType()).getRank() == 2)
      indices = {row, at};
    arguments.push_back(native::loadVector(extra, indices, used, used, builder));
  }
  return native::vectorize(op.getEpilogue().front(), arguments, used, builder);
}

/// `column`: among those of the panels.
void WinogradLowering::finishVector(Value row, Value y, Value x, int64_t height, int64_t width,
                                    const Panels &panels, Value column, int64_t used) {
  Value square = sum(times(y, columns), x);
  Value from = sum(times(square, together * this->width), column);
  Square numbers;
  for (int64_t i = 0; i < native::winogradProducts; ++i)
    numbers[size_t(i)] = native::loadVector(
        products, {scratchRow(row), sum(from, i * productPlane())}, used, used, builder);
  std::array<Value, 4> places = native::transformProducts(numbers, builder);
  int64_t line = op.getPlaces(1), outputs = op.getOutputs();
  Value output = sum(times(panels.first, this->width), column);
  Value first = sum(times(sum(times(y, 2 * line), times(x, 2)), outputs), output);
  for (int64_t i = 0; i < height; ++i)
    for (int64_t j = 0; j < width; ++j) {
      Value at = sum(first, (i * line + j) * outputs);
      Value made = finishPlace(places[size_t(2 * i + j)], row, at, output, used);
      native::storeVector(made, op.getOut(), {row, at}, used, builder);
    }
}

void WinogradLowering::finishSquare(Value row, Value y, Value x, int64_t height, int64_t width,
                                    const Panels &panels) {
  forVectors(panels.columns, lanes, [&](Value column, int64_t used) {
    finishVector(row, y, x, height, width, panels, column, used);
  });
}

/// Of an odd size the last squares lie half beyond the edge.
void WinogradLowering::finishRow(Value row, const Panels &panels) {
  auto along = [&](int64_t places, llvm::function_ref<void(Value, int64_t)> body) {
    upTo(places / 2, 1, [&](Value square) { body(square, 2); });
    if (places % 2)
      body(index(places / 2), 1);
  };
  along(op.getPlaces(0), [&](Value y, int64_t height) {
    along(op.getPlaces(1),
          [&](Value x, int64_t width) { finishSquare(row, y, x, height, width, panels); });
  });
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// Full panels, as many as go together, and all that are left, the one that is not full among them.
void WinogradLowering::forPanels(OnPanels body) {
  int64_t outputs = op.getOutputs(), grouped = outputs / width / together * together;
  upTo(grouped, together, [&](Value first) { body({first, together, together * width}); });
  if (int64_t rest = outputs - grouped * width)
    body({index(grouped), int64_t(llvm::divideCeil(rest, width)), rest});
}

void WinogradLowering::run() {
  Value rows = memref::DimOp::create(builder, op.getOut(), 0);
  images.allocate();
  inputs = allocate(native::winogradProducts * inputPlane());
  products = allocate(native::winogradProducts * productPlane());
  auto forRows = [&](llvm::function_ref<void(Value)> body) { forLoop(index(0), rows, 1, body); };
  if (op.getSweep()) {
    forRows([&](Value row) { transformImage(row); });
    forPanels([&](const Panels &panels) {
      multiply(panels, forRows);
      forRows([&](Value row) { finishRow(row, panels); });
    });
  } else {
    forRows([&](Value row) {
      transformImage(row);
      forPanels([&](const Panels &panels) {
        multiply(panels, [&](llvm::function_ref<void(Value)> body) { body(row); });
        finishRow(row, panels);
      });
    });
  }
  op.erase();
}

namespace {
struct LowerWinogradPass : tez::impl::LowerWinogradBase<LowerWinogradPass> {
  using LowerWinogradBase::LowerWinogradBase;

  void runOnOperation() override {
    FailureOr<native::Target> target = native::targetOfPass(getOperation(), cpu);
    if (failed(target))
      return signalPassFailure();
    getOperation().walk([&](ConvOp op) {
      if (!op.getWinograd())
        return;
      auto weight = dyn_cast<MemRefType>(op.getWeight().getType());
      if (!op.getTile() || !weight || weight.getRank() != 3) {
        op.emitOpError("expected a tile, a packed weight and operands in memory");
        return signalPassFailure();
      }
      WinogradLowering(op, target->width / 2).run();
      ++numConvolutions;
    });
  }
};
} // namespace
