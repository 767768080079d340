//===- LowerAttention.cpp - Attention as loops over blocks of keys --------===//

#include "PassTarget.h"
#include "Vectors.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "tez/Native/Passes.h"

namespace tez {
#define GEN_PASS_DEF_LOWERATTENTION
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using native::AttentionOp;

namespace {
/// One head of one sample; `row` is the sample's first, `column` the head's first of the result.
struct Head {
  Value row, column;
};

/// `count` keys of a head from position `from` on.
struct KeyBlock {
  Value from, count;
};

/// Queries from position `first` on, `real` of them. A tile always computes as many rows as fill
/// the registers: those beyond are the last one again, which gives the same numbers.
struct QueryTile {
  Value first, real;
};

/// Temporaries: a block of keys, transposed; the scores of a tile, then the powers of them; what a
/// tile's results so far are to be multiplied by; for each row of a sample the largest score and
/// the sum of the powers so far.
struct Temporaries {
  Value keys, scores, factors, state;
};

class AttentionLowering {
public:
  AttentionLowering(AttentionOp op, int64_t tileRows, int64_t lanes, int64_t block)
      : op(op), builder(op.getLoc(), op), tileRows(tileRows), lanes(lanes), block(block),
        features(op.getFeatures()) {}

  void run();

private:
  void allocate();
  void lowerHead(const Head &head);
  void clear(const Head &head);
  void divide(const Head &head);
  void transposeKeys(const Head &head, const KeyBlock &keys);
  void lowerTile(const Head &head, const KeyBlock &keys, Value first);
  void scoreTile(const Head &head, const KeyBlock &keys, const QueryTile &tile);
  void storeScores(const KeyBlock &keys, const QueryTile &tile, Value key, ValueRange sums);
  void raiseRow(const KeyBlock &keys, const QueryTile &tile, Value inTile);
  void addValues(const Head &head, const KeyBlock &keys, const QueryTile &tile);
  void addPanel(const Head &head, const KeyBlock &keys, const QueryTile &tile, int64_t panel,
                Value last);

  void forLoop(Value begin, Value end, int64_t step, llvm::function_ref<void(Value)> body);
  void forLoop(Value begin, Value end, Value step, llvm::function_ref<void(Value)> body);
  using Step = llvm::function_ref<SmallVector<Value>(Value, ValueRange)>;
  SmallVector<Value> fold(Value end, int64_t step, ValueRange start, Step body);

  Value index(int64_t number) { return native::index(number, builder); }
  Value sum(Value a, Value b) { return arith::AddIOp::create(builder, a, b); }
  Value least(Value a, Value b) { return arith::MinUIOp::create(builder, a, b); }
  /// Row i of a tile, and its position in the sample.
  Value inTile(const QueryTile &tile, int64_t i) {
    return least(index(i), arith::SubIOp::create(builder, tile.real, index(1)));
  }
  Value position(const QueryTile &tile, int64_t i) { return sum(tile.first, inTile(tile, i)); }
  /// Of the query (0), the key (1) or the value (2).
  Value columnOf(const Head &head, int operand) {
    return sum(head.column, index(op.getColumns()[operand]));
  }
  Type element() { return cast<MemRefType>(op.getOut().getType()).getElementType(); }
  Value scalar(double number) {
    return arith::ConstantOp::create(builder, builder.getFloatAttr(element(), number));
  }
  Value splat(Value number) { return native::broadcast(number, lanes, builder); }
  Value minusInfinity() { return scalar(-std::numeric_limits<double>::infinity()); }
  template <typename Op, typename... Values> Value make(Values... values) {
    return Op::create(builder, values...);
  }
  Value load(Value memory, Value row, Value column) {
    return memref::LoadOp::create(builder, memory, ValueRange{row, column});
  }
  void store(Value number, Value memory, Value row, Value column) {
    memref::StoreOp::create(builder, number, memory, ValueRange{row, column});
  }
  Value loadVector(Value memory, Value row, Value column, int64_t used) {
    return native::loadVector(memory, {row, column}, used, lanes, builder);
  }
  void storeVector(Value vector, Value memory, Value row, Value column, int64_t used) {
    native::storeVector(vector, memory, {row, column}, used, builder);
  }
  int64_t usedColumns(int64_t panel) const { return std::min(lanes, features - panel); }

  AttentionOp op;
  ImplicitLocOpBuilder builder;
  int64_t tileRows, lanes, block, features;
  Temporaries memory;
};
} // namespace

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

void AttentionLowering::forLoop(Value begin, Value end, Value step,
                                llvm::function_ref<void(Value)> body) {
  auto loop = scf::ForOp::create(builder, begin, end, step);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

void AttentionLowering::forLoop(Value begin, Value end, int64_t step,
                                llvm::function_ref<void(Value)> body) {
  forLoop(begin, end, index(step), body);
}

/// From 0 on; what `body` makes of the carried values.
SmallVector<Value> AttentionLowering::fold(Value end, int64_t step, ValueRange start, Step body) {
  auto loop = scf::ForOp::create(builder, index(0), end, index(step), start);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> next = body(loop.getInductionVar(), loop.getRegionIterArgs());
  scf::YieldOp::create(builder, next);
  return SmallVector<Value>(loop.getResults());
}

//===----------------------------------------------------------------------===//
// A head
//===----------------------------------------------------------------------===//

void AttentionLowering::allocate() {
  auto fixed = [&](int64_t rows, int64_t columns) -> Value {
    return memref::AllocOp::create(builder, MemRefType::get({rows, columns}, element()));
  };
  Value rows = memref::DimOp::create(builder, op.getOut(), 0);
  auto type = MemRefType::get({ShapedType::kDynamic, 2}, element());
  memory = {fixed(features, block), fixed(tileRows, block), fixed(tileRows, 1),
            memref::AllocOp::create(builder, type, rows)};
}

void AttentionLowering::run() {
  allocate();
  Value rows = memref::DimOp::create(builder, op.getOut(), 0);
  forLoop(index(0), rows, op.getPositions(), [&](Value row) {
    forLoop(index(0), index(op.getHeads() * features), features,
            [&](Value column) { lowerHead({row, column}); });
  });
  op.erase();
}

/// Queries before a causal block see none of its keys.
void AttentionLowering::lowerHead(const Head &head) {
  clear(head);
  forLoop(index(0), op.getPositions(), block, [&](Value from) {
    Value rest = arith::SubIOp::create(builder, op.getPositions(), from);
    KeyBlock keys{from, least(rest, index(block))};
    transposeKeys(head, keys);
    forLoop(op.getCausal() ? from : index(0), op.getPositions(), tileRows,
            [&](Value first) { lowerTile(head, keys, first); });
  });
  divide(head);
}

void AttentionLowering::clear(const Head &head) {
  Value zeros = splat(scalar(0));
  forLoop(index(0), op.getPositions(), 1, [&](Value position) {
    store(minusInfinity(), memory.state, position, index(0));
    store(scalar(0), memory.state, position, index(1));
    for (int64_t panel = 0; panel < features; panel += lanes)
      storeVector(zeros, op.getOut(), sum(head.row, position), sum(head.column, index(panel)),
                  usedColumns(panel));
  });
}

void AttentionLowering::divide(const Head &head) {
  forLoop(index(0), op.getPositions(), 1, [&](Value position) {
    Value total = load(memory.state, position, index(1));
    Value inverse = splat(make<arith::DivFOp>(scalar(1), total));
    for (int64_t panel = 0; panel < features; panel += lanes) {
      Value row = sum(head.row, position), column = sum(head.column, index(panel));
      Value made = loadVector(op.getOut(), row, column, usedColumns(panel));
      storeVector(make<arith::MulFOp>(made, inverse), op.getOut(), row, column, usedColumns(panel));
    }
  });
}

/// [feature][key], so that a vector holds one feature of many keys.
void AttentionLowering::transposeKeys(const Head &head, const KeyBlock &keys) {
  forLoop(index(0), keys.count, 1, [&](Value key) {
    Value row = sum(sum(head.row, keys.from), key);
    forLoop(index(0), index(features), 1, [&](Value feature) {
      Value number = load(op.getKey(), row, sum(columnOf(head, 1), feature));
      store(number, memory.keys, feature, key);
    });
  });
}

//===----------------------------------------------------------------------===//
// A tile of queries and a block of keys
//===----------------------------------------------------------------------===//

void AttentionLowering::lowerTile(const Head &head, const KeyBlock &keys, Value first) {
  Value rest = arith::SubIOp::create(builder, op.getPositions(), first);
  QueryTile tile{first, least(rest, index(tileRows))};
  scoreTile(head, keys, tile);
  forLoop(index(0), tile.real, 1, [&](Value row) { raiseRow(keys, tile, row); });
  addValues(head, keys, tile);
}

/// Vectors of keys; those beyond the block's count are masked with what may not be seen.
void AttentionLowering::scoreTile(const Head &head, const KeyBlock &keys, const QueryTile &tile) {
  forLoop(index(0), keys.count, lanes, [&](Value key) {
    SmallVector<Value> rows;
    for (int64_t i = 0; i < tileRows; ++i)
      rows.push_back(sum(head.row, position(tile, i)));
    SmallVector<Value> zeros(tileRows, splat(scalar(0)));
    auto sums = fold(index(features), 1, zeros, [&](Value feature, ValueRange before) {
      Value vector = loadVector(memory.keys, feature, key, lanes);
      Value column = sum(columnOf(head, 0), feature);
      SmallVector<Value> after;
      for (auto [row, old] : llvm::zip_equal(rows, before))
        after.push_back(make<vector::FMAOp>(splat(load(op.getQuery(), row, column)), vector, old));
      return after;
    });
    storeScores(keys, tile, key, sums);
  });
}

void AttentionLowering::storeScores(const KeyBlock &keys, const QueryTile &tile, Value key,
                                    ValueRange sums) {
  auto numbers = llvm::to_vector(llvm::seq<int32_t>(0, lanes));
  Value lane = arith::ConstantOp::create(builder, builder.getI32VectorAttr(numbers));
  auto asNumber = [&](Value value) {
    Value number = arith::IndexCastOp::create(builder, builder.getI32Type(), value);
    return splat(number);
  };
  Value positions = make<arith::AddIOp>(asNumber(sum(keys.from, key)), lane);
  Value scale = splat(scalar(op.getScale().convertToDouble())), hidden = splat(minusInfinity());
  for (auto [i, sums] : llvm::enumerate(sums)) {
    Value end = op.getCausal() ? sum(position(tile, i), index(1)) : op.getPositions();
    Value seen =
        arith::CmpIOp::create(builder, arith::CmpIPredicate::ult, positions, asNumber(end));
    Value score = make<arith::SelectOp>(seen, make<arith::MulFOp>(sums, scale), hidden);
    storeVector(score, memory.scores, inTile(tile, i), key, lanes);
  }
}

/// exp(score - the largest so far); the sum of these so far; the factor that makes up for the
/// largest having changed. Where no score is above -inf nothing is subtracted: that gives powers
/// of 0 and not NaN, which would stay when other blocks have more. NaN is found by the sum.
void AttentionLowering::raiseRow(const KeyBlock &keys, const QueryTile &tile, Value row) {
  Value place = sum(tile.first, row), before = load(memory.state, place, index(0));
  auto most = fold(keys.count, lanes, splat(minusInfinity()), [&](Value key, ValueRange most) {
    Value score = loadVector(memory.scores, row, key, lanes);
    return SmallVector<Value>{native::larger(score, most[0], builder)};
  });
  Value now = native::larger(native::largestOfLanes(most[0], builder), before, builder);
  Value none = arith::CmpFOp::create(builder, arith::CmpFPredicate::OEQ, now, minusInfinity());
  Value shift = make<arith::SelectOp>(none, scalar(0), now);
  auto sums = fold(keys.count, lanes, splat(scalar(0)), [&](Value key, ValueRange sums) {
    Value score = loadVector(memory.scores, row, key, lanes);
    Value power = make<math::ExpOp>(make<arith::SubFOp>(score, splat(shift)));
    storeVector(power, memory.scores, row, key, lanes);
    return SmallVector<Value>{make<arith::AddFOp>(sums[0], power)};
  });
  Value factor = make<math::ExpOp>(make<arith::SubFOp>(before, shift));
  Value old = make<arith::MulFOp>(load(memory.state, place, index(1)), factor);
  store(factor, memory.factors, row, index(0));
  store(now, memory.state, place, index(0));
  store(make<arith::AddFOp>(old, native::sumOfLanes(sums[0], builder)), memory.state, place,
        index(1));
}

/// Keys behind the tile's last query have no weight.
void AttentionLowering::addValues(const Head &head, const KeyBlock &keys, const QueryTile &tile) {
  Value last = keys.count;
  if (op.getCausal()) {
    Value end = sum(tile.first, tile.real);
    last = least(last, arith::SubIOp::create(builder, end, keys.from));
  }
  for (int64_t panel = 0; panel < features; panel += lanes)
    addPanel(head, keys, tile, panel, last);
}

void AttentionLowering::addPanel(const Head &head, const KeyBlock &keys, const QueryTile &tile,
                                 int64_t panel, Value last) {
  int64_t used = usedColumns(panel);
  Value column = sum(head.column, index(panel)), from = sum(columnOf(head, 2), index(panel));
  Value firstKey = sum(head.row, keys.from);
  SmallVector<Value> rows, results, start;
  for (int64_t i = 0; i < tileRows; ++i) {
    rows.push_back(inTile(tile, i));
    results.push_back(sum(head.row, position(tile, i)));
    Value factor = splat(load(memory.factors, rows[i], index(0)));
    Value so = loadVector(op.getOut(), results[i], column, used);
    start.push_back(make<arith::MulFOp>(so, factor));
  }
  auto sums = fold(last, 1, start, [&](Value key, ValueRange before) {
    Value vector = loadVector(op.getValue(), sum(firstKey, key), from, used);
    SmallVector<Value> after;
    for (auto [row, old] : llvm::zip_equal(rows, before))
      after.push_back(make<vector::FMAOp>(splat(load(memory.scores, row, key)), vector, old));
    return after;
  });
  for (auto [result, sums] : llvm::zip_equal(results, sums))
    storeVector(sums, op.getOut(), result, column, used);
}

namespace {
struct LowerAttentionPass : tez::impl::LowerAttentionBase<LowerAttentionPass> {
  using LowerAttentionBase::LowerAttentionBase;

  void runOnOperation() override {
    FailureOr<native::Target> target = native::targetOfPass(getOperation(), cpu);
    if (failed(target))
      return signalPassFailure();
    getOperation().walk([&](AttentionOp op) {
      if (!isa<MemRefType>(op.getOut().getType()) || block % target->width != 0) {
        op.emitOpError("expected operands in memory, and blocks of whole vectors of ")
            << target->width << " keys";
        return signalPassFailure();
      }
      AttentionLowering(op, target->tiles.front(), target->width, block).run();
      ++numOps;
    });
  }
};
} // namespace
