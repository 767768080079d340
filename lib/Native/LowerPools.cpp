//===- LowerPools.cpp - Pools as loops of vectors -------------------------===//

#include "Sums.h"
#include "Vectors.h"
#include "tez/Native/Passes.h"

namespace tez {
#define GEN_PASS_DEF_LOWERPOOLS
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using native::PoolOp;

namespace {
/// What of a window lies inside of the image, along one dimension.
struct Span {
  Value begin, end;
};

class PoolLowering {
public:
  PoolLowering(PoolOp op, int64_t lanes) : op(op), builder(op.getLoc(), op), lanes(lanes) {}

  void run();

private:
  Span inside(Value place, unsigned dim);
  void lowerPlace(Value row, Value y, Value x);
  void lowerChannels(Value row, Span lines, Span pixels, Value to, Value channel, int64_t used);
  Value reduceLine(Value row, Value line, Span pixels, Value channel, int64_t used, Value start);
  Value divide(Value total, Span lines, Span pixels);

  Value index(int64_t number) { return native::index(number, builder); }
  template <typename Op> Value make(Value a, Value b) { return Op::create(builder, a, b); }
  Value combine(Value a, Value b) {
    return op.getMean() ? make<arith::AddFOp>(a, b) : make<arith::MaximumFOp>(a, b);
  }
  Value filling(int64_t used);
  Value fold(Span range, Value start, llvm::function_ref<Value(Value, Value)> body);
  void forLoop(int64_t end, llvm::function_ref<void(Value)> body) {
    native::forLoop(index(0), index(end), 1, body, builder);
  }

  PoolOp op;
  ImplicitLocOpBuilder builder;
  int64_t lanes;
};
} // namespace

/// Changes nothing in a sum, or in a search for the largest.
Value PoolLowering::filling(int64_t used) {
  double nothing = op.getMean() ? 0 : -std::numeric_limits<double>::infinity();
  auto type = VectorType::get({used}, builder.getF32Type());
  return arith::ConstantOp::create(
      builder, SplatElementsAttr::get(type, builder.getF32FloatAttr(float(nothing))));
}

Value PoolLowering::fold(Span range, Value start, llvm::function_ref<Value(Value, Value)> body) {
  auto loop = scf::ForOp::create(builder, range.begin, range.end, index(1), ValueRange{start});
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  Value next = body(loop.getInductionVar(), loop.getRegionIterArg(0));
  scf::YieldOp::create(builder, next);
  return loop.getResult(0);
}

/// Lines or pixels of the image. Of windows that all lie inside the number is known.
Span PoolLowering::inside(Value place, unsigned dim) {
  int64_t size = op.getImage()[dim], window = op.getWindow()[dim], padding = op.getPadding()[dim];
  Value begin = make<arith::MulIOp>(place, index(op.getStride()[dim]));
  if (padding == 0 && (op.getPlaces()[dim] - 1) * op.getStride()[dim] + window <= size)
    return {begin, make<arith::AddIOp>(begin, index(window))};
  begin = make<arith::SubIOp>(begin, index(padding));
  Value end = make<arith::AddIOp>(begin, index(window));
  return {make<arith::MaxSIOp>(begin, index(0)), make<arith::MinSIOp>(end, index(size))};
}

/// Along a line of the image.
Value PoolLowering::reduceLine(Value row, Value line, Span pixels, Value channel, int64_t used,
                               Value start) {
  Value first = make<arith::MulIOp>(line, index(op.getImage()[1]));
  return fold(pixels, start, [&](Value pixel, Value so) {
    Value at = make<arith::MulIOp>(make<arith::AddIOp>(first, pixel), index(op.getChannels()));
    Value column = make<arith::AddIOp>(at, channel);
    return combine(so, native::loadVector(op.getInput(), {row, column}, used, used, builder));
  });
}

Value PoolLowering::divide(Value total, Span lines, Span pixels) {
  Value count = index(llvm::product_of(op.getWindow()));
  if (op.getInside())
    count = make<arith::MulIOp>(make<arith::SubIOp>(lines.end, lines.begin),
                                make<arith::SubIOp>(pixels.end, pixels.begin));
  Value integer = arith::IndexCastOp::create(builder, builder.getI64Type(), count);
  Value number = arith::SIToFPOp::create(builder, builder.getF32Type(), integer);
  int64_t used = cast<VectorType>(total.getType()).getDimSize(0);
  return make<arith::DivFOp>(total, native::broadcast(number, used, builder));
}

/// Sums go line by line: few terms each lose less than many.
void PoolLowering::lowerChannels(Value row, Span lines, Span pixels, Value to, Value channel,
                                 int64_t used) {
  Value made = fold(lines, filling(used), [&](Value line, Value so) {
    if (!op.getMean())
      return reduceLine(row, line, pixels, channel, used, so);
    return combine(so, reduceLine(row, line, pixels, channel, used, filling(used)));
  });
  if (op.getMean())
    made = divide(made, lines, pixels);
  native::storeVector(made, op.getOut(), {row, make<arith::AddIOp>(to, channel)}, used, builder);
}

void PoolLowering::lowerPlace(Value row, Value y, Value x) {
  Span lines = inside(y, 0), pixels = inside(x, 1);
  Value place = make<arith::AddIOp>(make<arith::MulIOp>(y, index(op.getPlaces()[1])), x);
  Value to = make<arith::MulIOp>(place, index(op.getChannels()));
  int64_t channels = op.getChannels(), whole = channels / lanes * lanes;
  if (whole)
    native::forLoop(
        index(0), index(whole), lanes,
        [&](Value channel) { lowerChannels(row, lines, pixels, to, channel, lanes); }, builder);
  if (channels % lanes)
    lowerChannels(row, lines, pixels, to, index(whole), channels % lanes);
}

void PoolLowering::run() {
  Value rows = memref::DimOp::create(builder, op.getOut(), 0);
  auto eachRow = [&](Value row) {
    forLoop(op.getPlaces()[0],
            [&](Value y) { forLoop(op.getPlaces()[1], [&](Value x) { lowerPlace(row, y, x); }); });
  };
  native::forLoop(index(0), rows, 1, eachRow, builder);
  op.erase();
}

namespace {
struct LowerPoolsPass : tez::impl::LowerPoolsBase<LowerPoolsPass> {
  using LowerPoolsBase::LowerPoolsBase;

  void runOnOperation() override {
    getOperation().walk([&](PoolOp op) {
      if (!isa<MemRefType>(op.getOut().getType()) || lanes < 1) {
        op.emitOpError("expected operands in memory, and vectors of at least one number");
        return signalPassFailure();
      }
      PoolLowering(op, lanes).run();
      ++numOps;
    });
  }
};
} // namespace
