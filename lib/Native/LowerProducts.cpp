//===- LowerProducts.cpp - Products as loops of vectors -------------------===//

#include "DotProducts.h"
#include "PassTarget.h"
#include "Sums.h"
#include "Vectors.h"
#include "tez/Native/Passes.h"

namespace tez {
#define GEN_PASS_DEF_LOWERPRODUCTS
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using native::DotProducts;
using native::ProductOp;
using native::Sums;

namespace {
/// Rows [row, row + rows) and `panels` panels from the one at `panel` on; `columns` of the
/// last of them are of the result.
struct Tile {
  Value row, panel;
  int64_t rows, panels, lastColumns;
};

/// A left factor, or a copy of a piece of it.
struct Left {
  Value memory;
  Value from;  ///< where in k the piece begins
  Value count; ///< terms; of narrow numbers whole groups
};

class ProductLowering {
public:
  ProductLowering(ProductOp op, const native::Target &target)
      : op(op), target(target), builder(op.getLoc(), op), width(op.getWidth()),
        columns(op.getColumns()) {}

  void run();

private:
  using OnTile = llvm::function_ref<void(const Tile &)>;
  void forTiles(Value begin, Value end, int64_t rows, int64_t panels, OnTile body);
  void forPanels(Value begin, Value end, int64_t rows, int64_t panels, int64_t from, int64_t to,
                 int64_t lastColumns, OnTile body);
  void forLoop(Value begin, Value end, int64_t step, llvm::function_ref<void(Value)> body);
  void lowerPieces(Value begin, Value end, int64_t rows, int64_t panels);
  Value copyPiece(Value begin, Value end, Value from, Value count);
  void lowerTile(const Tile &tile);
  Sums sumsOf(unsigned product, const Left &left, const Tile &tile, const Sums &start);
  using Numbers = SmallVector<Value, 2>;                ///< a group of a row
  using Group = llvm::function_ref<Numbers(Value row)>; ///< ... of each
  Sums multiplyAdd(unsigned product, const Tile &tile, Value depth, const Sums &before,
                   Group group);
  Numbers wholeGroup(Value memory, Value row, Value k, int64_t group);
  Numbers lastGroup(Value memory, Value row, int64_t depth, int64_t group);
  void prefetch(unsigned product, const Tile &tile, Value depth);
  Sums zeros(unsigned product, const Tile &tile);
  Sums loadSums(unsigned product, const Tile &tile);
  void storeSums(unsigned product, const Tile &tile, const Sums &sums);
  Type elementOf(Value memory) const { return cast<MemRefType>(memory.getType()).getElementType(); }
  int64_t groupOf(unsigned product) { return native::groupOf(elementOf(op.getRights()[product])); }
  void allocate(Value rows);
  void finish(const Tile &tile, ArrayRef<Sums> sums);
  void finishAll(Value begin, Value end);
  Value extra(Value memory, const Tile &tile, int64_t i, int64_t j);
  int64_t usedColumns(const Tile &tile, int64_t j) const {
    return j + 1 == tile.panels ? tile.lastColumns : width;
  }
  Value plus(Value base, int64_t offset);
  Value column(const Tile &tile, int64_t j);
  Value index(int64_t number) { return native::index(number, builder); }

  ProductOp op;
  const native::Target &target;
  ImplicitLocOpBuilder builder;
  int64_t width, columns;
  Value copy;              ///< memory for pieces of the left factor
  SmallVector<Value> kept; ///< memory for sums that are finished later, of each product
};
} // namespace

Value ProductLowering::plus(Value base, int64_t offset) {
  return offset ? arith::AddIOp::create(builder, base, index(offset)).getResult() : base;
}

Value ProductLowering::column(const Tile &tile, int64_t j) {
  return arith::MulIOp::create(builder, plus(tile.panel, j), index(width));
}

/// Weights of long sums come from far away, and the first tile of a panel would wait for all of
/// them: the tiles of the panel before ask for them in time. A single row reads on all the same.
void ProductLowering::prefetch(unsigned product, const Tile &tile, Value depth) {
  constexpr unsigned intoSecondCache = 2;
  for (int64_t j = 0; j < tile.panels; ++j)
    memref::PrefetchOp::create(builder, op.getRights()[product],
                               ValueRange{plus(tile.panel, tile.panels + j), depth, index(0)},
                               /*isWrite=*/false, intoSecondCache, /*isDataCache=*/true);
}

/// One step of k: weights of each panel, numbers of each row.
Sums ProductLowering::multiplyAdd(unsigned product, const Tile &tile, Value depth,
                                  const Sums &before, Group group) {
  Value right = op.getRights()[product];
  int64_t size = width * groupOf(product);
  DotProducts dots(elementOf(op.getLefts()[product]), elementOf(right), width, target, builder);
  SmallVector<DotProducts::Parts> weights;
  for (int64_t j = 0; j < tile.panels; ++j)
    weights.push_back(dots.ofWeights(
        native::loadVector(right, {plus(tile.panel, j), depth, index(0)}, size, size, builder)));
  if (op.getPiece() && tile.rows > 1)
    prefetch(product, tile, depth);
  Sums after(tile.rows);
  for (int64_t i = 0; i < tile.rows; ++i) {
    DotProducts::Parts numbers = dots.ofNumbers(group(plus(tile.row, i)));
    for (int64_t j = 0; j < tile.panels; ++j)
      after[i].push_back(dots.add(numbers, weights[j], before[i][j]));
  }
  return after;
}

/// Narrow numbers, as 32 bits.
static Value asWord(Value numbers, ImplicitLocOpBuilder &builder) {
  auto word = VectorType::get({1}, builder.getI32Type());
  return vector::ExtractOp::create(builder, vector::BitCastOp::create(builder, word, numbers),
                                   int64_t(0));
}

/// Group `k` of a row.
ProductLowering::Numbers ProductLowering::wholeGroup(Value memory, Value row, Value k,
                                                     int64_t group) {
  Value begin = group == 1 ? k : arith::MulIOp::create(builder, k, index(group)).getResult();
  if (!elementOf(memory).isF32())
    return {asWord(native::loadVector(memory, {row, begin}, group, group, builder), builder)};
  Numbers numbers;
  for (int64_t i = 0; i < group; ++i)
    numbers.push_back(memref::LoadOp::create(builder, memory, ValueRange{row, plus(begin, i)}));
  return numbers;
}

/// What is left of a row of `depth` numbers behind the whole groups, filled up with zeros.
ProductLowering::Numbers ProductLowering::lastGroup(Value memory, Value row, int64_t depth,
                                                    int64_t group) {
  int64_t rest = depth % group;
  SmallVector<Value> begin{row, index(depth - rest)};
  if (!elementOf(memory).isF32())
    return {asWord(native::loadVector(memory, begin, rest, group, builder), builder)};
  Numbers numbers{memref::LoadOp::create(builder, memory, begin)};
  Type f32 = builder.getF32Type();
  numbers.append(group - 1, arith::ConstantOp::create(builder, builder.getFloatAttr(f32, 0)));
  return numbers;
}

/// `start` and the terms of `left`, in order.
Sums ProductLowering::sumsOf(unsigned product, const Left &left, const Tile &tile,
                             const Sums &start) {
  int64_t depth = op.getDepth(product), group = groupOf(product);
  auto step = [&](Value k, const Sums &before) {
    Value at = arith::AddIOp::create(builder, left.from, k);
    return multiplyAdd(product, tile, at, before,
                       [&](Value row) { return wholeGroup(left.memory, row, k, group); });
  };
  Sums sums = native::foldSums(left.count, start, step, builder);
  if (depth % group == 0)
    return sums;
  return multiplyAdd(product, tile, index(depth / group), sums,
                     [&](Value row) { return lastGroup(left.memory, row, depth, group); });
}

Sums ProductLowering::zeros(unsigned product, const Tile &tile) {
  auto type = VectorType::get({width}, op.getSumType(product));
  return native::zeroSums(tile.rows, tile.panels, type, builder);
}

/// The sums so far.
Sums ProductLowering::loadSums(unsigned product, const Tile &tile) {
  Sums sums(tile.rows);
  for (int64_t i = 0; i < tile.rows; ++i)
    for (int64_t j = 0; j < tile.panels; ++j)
      sums[i].push_back(native::loadVector(kept[product], {plus(tile.row, i), column(tile, j)},
                                           usedColumns(tile, j), width, builder));
  return sums;
}

void ProductLowering::storeSums(unsigned product, const Tile &tile, const Sums &sums) {
  for (int64_t i = 0; i < tile.rows; ++i)
    for (int64_t j = 0; j < tile.panels; ++j)
      native::storeVector(sums[i][j], kept[product], {plus(tile.row, i), column(tile, j)},
                          usedColumns(tile, j), builder);
}

/// A vector of an extra: of the tile's row i, or the same for all rows, or for all columns.
Value ProductLowering::extra(Value memory, const Tile &tile, int64_t i, int64_t j) {
  auto type = cast<MemRefType>(memory.getType());
  if (type.getRank() == 2 && type.getDimSize(1) == 1) {
    Value number = memref::LoadOp::create(builder, memory, ValueRange{plus(tile.row, i), index(0)});
    return native::broadcast(number, width, builder);
  }
  SmallVector<Value> indices{column(tile, j)};
  if (type.getRank() == 2)
    indices.insert(indices.begin(), plus(tile.row, i));
  return native::loadVector(memory, indices, usedColumns(tile, j), width, builder);
}

void ProductLowering::finish(const Tile &tile, ArrayRef<Sums> sums) {
  for (int64_t i = 0; i < tile.rows; ++i)
    for (int64_t j = 0; j < tile.panels; ++j) {
      SmallVector<Value> arguments;
      for (const Sums &product : sums)
        arguments.push_back(product[i][j]);
      for (Value memory : op.getExtras())
        arguments.push_back(extra(memory, tile, i, j));
      Value made = native::vectorize(op.getEpilogue().front(), arguments, width, builder);
      native::storeVector(made, op.getOut(), {plus(tile.row, i), column(tile, j)},
                          usedColumns(tile, j), builder);
    }
}

void ProductLowering::lowerTile(const Tile &tile) {
  SmallVector<Sums> sums;
  for (auto [product, memory] : llvm::enumerate(op.getLefts())) {
    Left left{memory, index(0), index(op.getDepth(product) / groupOf(product))};
    sums.push_back(sumsOf(product, left, tile, zeros(product, tile)));
    if (op.getDeferred())
      storeSums(product, tile, sums.back());
  }
  if (!op.getDeferred())
    finish(tile, sums);
}

/// Of rows whose sums are in memory.
void ProductLowering::finishAll(Value begin, Value end) {
  forTiles(begin, end, 1, 1, [&](const Tile &tile) {
    SmallVector<Sums> sums;
    for (size_t product = 0; product < kept.size(); ++product)
      sums.push_back(loadSums(product, tile));
    finish(tile, sums);
  });
}

void ProductLowering::forLoop(Value begin, Value end, int64_t step,
                              llvm::function_ref<void(Value)> body) {
  native::forLoop(begin, end, step, body, builder);
}

/// Panels [from, to), `panels` at a time, and all rows [begin, end) for each.
void ProductLowering::forPanels(Value begin, Value end, int64_t rows, int64_t panels, int64_t from,
                                int64_t to, int64_t lastColumns, OnTile body) {
  if (from < to)
    forLoop(index(from), index(to), panels, [&](Value panel) {
      forLoop(begin, end, rows, [&](Value row) { body({row, panel, rows, panels, lastColumns}); });
    });
}

/// Full panels in groups, the full ones that are left, and the one that is not full.
void ProductLowering::forTiles(Value begin, Value end, int64_t rows, int64_t panels, OnTile body) {
  int64_t full = columns / width, grouped = full / panels * panels;
  forPanels(begin, end, rows, panels, 0, grouped, width, body);
  forPanels(begin, end, rows, 1, grouped, full, width, body);
  if (columns % width)
    forPanels(begin, end, rows, 1, full, full + 1, columns % width, body);
}

/// Long rows lie whole pages apart, where the sets of a cache collide: the copies do not.
Value ProductLowering::copyPiece(Value begin, Value end, Value from, Value count) {
  forLoop(begin, end, 1, [&](Value row) {
    Value whole = arith::MulIOp::create(
        builder, arith::DivUIOp::create(builder, count, index(width)), index(width));
    auto move = [&](Value k, int64_t lanes) {
      Value at = arith::AddIOp::create(builder, from, k);
      Value part = native::loadVector(op.getLefts()[0], {row, at}, lanes, lanes, builder);
      native::storeVector(part, copy, {row, k}, lanes, builder);
    };
    forLoop(index(0), whole, width, [&](Value k) { move(k, width); });
    forLoop(whole, count, 1, [&](Value k) { move(k, 1); });
  });
  return copy;
}

/// Sums in memory: cleared, then piece by piece, then finished.
void ProductLowering::lowerPieces(Value begin, Value end, int64_t rows, int64_t panels) {
  int64_t depth = op.getDepth(0), piece = *op.getPiece();
  forTiles(begin, end, 1, 1, [&](const Tile &tile) { storeSums(0, tile, zeros(0, tile)); });
  forLoop(index(0), index(depth), piece, [&](Value from) {
    Value rest = arith::SubIOp::create(builder, index(depth), from);
    Value count = arith::MinUIOp::create(builder, rest, index(piece));
    Left left{copyPiece(begin, end, from, count), from, count};
    forTiles(begin, end, rows, panels, [&](const Tile &tile) {
      storeSums(0, tile, sumsOf(0, left, tile, loadSums(0, tile)));
    });
  });
  if (!op.getDeferred())
    finishAll(begin, end);
}

void ProductLowering::allocate(Value rows) {
  auto temporary = [&](int64_t size, Type element) -> Value {
    return memref::AllocOp::create(builder, MemRefType::get({ShapedType::kDynamic, size}, element),
                                   rows);
  };
  if (op.getPiece())
    copy = temporary(int64_t(*op.getPiece()) + width, builder.getF32Type());
  bool outHolds = elementOf(op.getOut()) == op.getSumType(0);
  if (outHolds)
    kept = {op.getOut()};
  while ((op.getDeferred() || op.getPiece()) && kept.size() < op.getLefts().size())
    kept.push_back(temporary(columns, op.getSumType(kept.size())));
}

void ProductLowering::run() {
  Value begin = index(0), all = memref::DimOp::create(builder, op.getOut(), 0);
  allocate(all);
  ArrayRef<int64_t> schedule = *op.getSchedule();
  for (size_t i = 0; i < schedule.size(); i += 2) {
    int64_t rows = schedule[i], panels = schedule[i + 1];
    Value left = arith::SubIOp::create(builder, all, begin);
    Value rest = arith::RemUIOp::create(builder, left, index(rows));
    Value end = arith::SubIOp::create(builder, all, rest);
    if (copy && i == 0)
      lowerPieces(begin, end, rows, panels);
    else
      forTiles(begin, end, rows, panels, [&](const Tile &tile) { lowerTile(tile); });
    begin = end;
  }
  if (op.getDeferred())
    finishAll(index(0), all);
  op.erase();
}

/// Scheduled, packed and on memory.
static LogicalResult checkReady(ProductOp op) {
  bool ready =
      op.getSchedule() && op.getResults().empty() && llvm::all_of(op.getRights(), [&](Value right) {
        auto type = dyn_cast<MemRefType>(right.getType());
        return type && type.getRank() == 3 &&
               type.getDimSize(2) == op.getWidth() * native::groupOf(type.getElementType());
      });
  return ready ? success()
               : op.emitOpError(
                     "expected a schedule, packed weights of one width and operands in memory");
}

namespace {
struct LowerProductsPass : tez::impl::LowerProductsBase<LowerProductsPass> {
  using LowerProductsBase::LowerProductsBase;

  void runOnOperation() override {
    FailureOr<native::Target> target = native::targetOfPass(getOperation(), cpu);
    if (failed(target))
      return signalPassFailure();
    getOperation().walk([&](ProductOp op) {
      if (failed(checkReady(op)))
        return signalPassFailure();
      ProductLowering(op, *target).run();
      ++numProducts;
    });
  }
};
} // namespace
