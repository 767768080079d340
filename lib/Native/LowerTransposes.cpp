//===- LowerTransposes.cpp - Transposed rows as shuffles of vectors -------===//

#include "Sums.h"
#include "Vectors.h"
#include "tez/Native/Passes.h"

namespace tez {
#define GEN_PASS_DEF_LOWERTRANSPOSES
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using native::TransposeOp;

namespace {
/// A part of the matrix, at most as many lines and columns as a vector has numbers.
struct Block {
  Value line, column;
  int64_t lines, columns;
};

class TransposeLowering {
public:
  TransposeLowering(TransposeOp op, int64_t lanes)
      : op(op), builder(op.getLoc(), op), lanes(lanes), lines(op.getMatrix()[0]),
        columns(op.getMatrix()[1]) {}

  void run();

private:
  void lowerRow(Value row);
  void lowerBlock(Value row, const Block &block);
  void shuffle(SmallVectorImpl<Value> &vectors);
  using OnPart = llvm::function_ref<void(Value, int64_t)>;
  void forParts(int64_t size, int64_t step, OnPart body);
  void forVectors(Value from, int64_t count, OnPart body);

  Value index(int64_t number) { return native::index(number, builder); }
  /// Number `column` of line `line + i` of a matrix of `width` columns.
  Value place(Value line, int64_t i, int64_t width, Value column) {
    Value at = arith::AddIOp::create(builder, line, index(i));
    return arith::AddIOp::create(builder, arith::MulIOp::create(builder, at, index(width)), column);
  }

  TransposeOp op;
  ImplicitLocOpBuilder builder;
  int64_t lanes, lines, columns;
};
} // namespace

/// Whole parts, and what is left.
void TransposeLowering::forParts(int64_t size, int64_t step, OnPart body) {
  int64_t whole = size / step * step;
  if (whole)
    native::forLoop(index(0), index(whole), step, [&](Value at) { body(at, step); }, builder);
  if (size % step)
    body(index(whole), size % step);
}

/// `count` numbers from `from` on, a vector at a time; written down one by one.
void TransposeLowering::forVectors(Value from, int64_t count, OnPart body) {
  for (int64_t i = 0; i < count; i += lanes)
    body(arith::AddIOp::create(builder, from, index(i)), std::min(lanes, count - i));
}

/// Numbers of the first and of the second half in turn: of the bits of (vector, lane) the first
/// becomes the last. As often as a lane has bits, and vector and lane have changed places.
void TransposeLowering::shuffle(SmallVectorImpl<Value> &vectors) {
  SmallVector<int64_t> low, high;
  for (int64_t lane = 0; lane < lanes / 2; ++lane) {
    low.append({lane, lane + lanes});
    high.append({lane + lanes / 2, lane + lanes / 2 + lanes});
  }
  for (int64_t bit = 1; bit < lanes; bit *= 2) {
    SmallVector<Value> next;
    for (int64_t i = 0; i < lanes / 2; ++i)
      for (ArrayRef<int64_t> mask : {low, high})
        next.push_back(
            vector::ShuffleOp::create(builder, vectors[i], vectors[i + lanes / 2], mask));
    vectors.assign(next.begin(), next.end());
  }
}

void TransposeLowering::lowerBlock(Value row, const Block &block) {
  auto type = VectorType::get({lanes}, builder.getF32Type());
  Value zeros = arith::ConstantOp::create(builder, cast<TypedAttr>(builder.getZeroAttr(type)));
  SmallVector<Value> vectors(lanes, zeros);
  for (int64_t i = 0; i < block.lines; ++i)
    vectors[i] =
        native::loadVector(op.getInput(), {row, place(block.line, i, columns, block.column)},
                           block.columns, lanes, builder);
  shuffle(vectors);
  for (int64_t i = 0; i < block.columns; ++i)
    native::storeVector(vectors[i], op.getOut(), {row, place(block.column, i, lines, block.line)},
                        block.lines, builder);
}

/// The longer dimension outside: along it that matrix lies densely whose lines are far apart, often
/// by whole pages. Two vectors of it are a line of the cache, which is then touched once.
void TransposeLowering::lowerRow(Value row) {
  bool wide = columns > lines;
  forParts(wide ? columns : lines, 2 * lanes, [&](Value outer, int64_t outerCount) {
    forParts(wide ? lines : columns, lanes, [&](Value inner, int64_t innerCount) {
      forVectors(outer, outerCount, [&](Value at, int64_t count) {
        lowerBlock(row, wide ? Block{inner, at, innerCount, count}
                             : Block{at, inner, count, innerCount});
      });
    });
  });
}

void TransposeLowering::run() {
  Value rows = memref::DimOp::create(builder, op.getOut(), 0);
  native::forLoop(index(0), rows, 1, [&](Value row) { lowerRow(row); }, builder);
  op.erase();
}

namespace {
struct LowerTransposesPass : tez::impl::LowerTransposesBase<LowerTransposesPass> {
  using LowerTransposesBase::LowerTransposesBase;

  void runOnOperation() override {
    getOperation().walk([&](TransposeOp op) {
      if (!isa<MemRefType>(op.getOut().getType()) || lanes < 2 || !llvm::isPowerOf2_64(lanes)) {
        op.emitOpError("expected operands in memory, and vectors of a power of two");
        return signalPassFailure();
      }
      TransposeLowering(op, lanes).run();
      ++numOps;
    });
  }
};
} // namespace
