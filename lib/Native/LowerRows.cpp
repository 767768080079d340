//===- LowerRows.cpp - Norms and softmax as loops of vectors --------------===//

#include "Vectors.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "tez/Native/Passes.h"
#include "llvm/Support/MathExtras.h"

namespace tez {
#define GEN_PASS_DEF_LOWERROWS
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using native::RowGridOp;
using native::RowNormOp;
using native::RowSoftmaxOp;

namespace {
/// `used` numbers of a row from `column` on, in a vector.
struct Part {
  Value column;
  int64_t used;
};

/// One op: for each row several passes along its columns, while the row is in the nearest cache.
class RowLowering {
public:
  RowLowering(Operation *op, Value input, Value out, int64_t lanes)
      : builder(op->getLoc(), op), input(input), out(out),
        columns(cast<MemRefType>(input.getType()).getDimSize(1)),
        lanes(std::min<int64_t>(lanes, llvm::PowerOf2Ceil(columns))) {}

  void run(RowNormOp op);
  void run(RowSoftmaxOp op);
  void run(RowGridOp op);

private:
  using Fold = llvm::function_ref<Value(const Part &, Value)>;
  using Each = llvm::function_ref<void(const Part &)>;
  void forRows(llvm::function_ref<void()> body);
  Value fold(Value start, Fold step);
  void each(Each body);
  Value load(Value memory, const Part &part, Value filling);
  void store(Value made, const Part &part);
  Value mean(llvm::function_ref<Value(const Part &)> term);
  Value largest(double least);
  Value smallest(double most);
  Value scalar(double number);
  Value splat(double number) { return native::broadcast(scalar(number), lanes, builder); }
  template <typename Op, typename... Values> Value make(Values... values) {
    return Op::create(builder, values...);
  }

  ImplicitLocOpBuilder builder;
  Value input, out, row;
  int64_t columns, lanes;
};
} // namespace

Value RowLowering::scalar(double number) {
  auto type = cast<FloatType>(cast<MemRefType>(input.getType()).getElementType());
  return arith::ConstantOp::create(builder, builder.getFloatAttr(type, number));
}

void RowLowering::forRows(llvm::function_ref<void()> body) {
  auto index = [&](int64_t number) { return native::index(number, builder); };
  Value rows = memref::DimOp::create(builder, input, 0);
  auto loop = scf::ForOp::create(builder, index(0), rows, index(1));
  builder.setInsertionPointToStart(loop.getBody());
  row = loop.getInductionVar();
  body();
}

/// `step` over all parts of the row, from `start` on.
Value RowLowering::fold(Value start, Fold step) {
  auto index = [&](int64_t number) { return native::index(number, builder); };
  int64_t full = columns / lanes * lanes;
  if (full) {
    auto loop = scf::ForOp::create(builder, index(0), index(full), index(lanes), start);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loop.getBody());
    Value next = step({loop.getInductionVar(), lanes}, loop.getRegionIterArg(0));
    scf::YieldOp::create(builder, next);
    start = loop.getResult(0);
  }
  return columns % lanes ? step({index(full), columns % lanes}, start) : start;
}

void RowLowering::each(Each body) {
  auto index = [&](int64_t number) { return native::index(number, builder); };
  int64_t full = columns / lanes * lanes;
  if (full) {
    auto loop = scf::ForOp::create(builder, index(0), index(full), index(lanes));
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loop.getBody());
    body({loop.getInductionVar(), lanes});
  }
  if (columns % lanes)
    body({index(full), columns % lanes});
}

/// Lanes that the row has no numbers for are those of `filling`.
Value RowLowering::load(Value memory, const Part &part, Value filling) {
  SmallVector<Value> indices{part.column};
  if (cast<MemRefType>(memory.getType()).getRank() == 2)
    indices.insert(indices.begin(), row);
  return native::loadVector(memory, indices, part.used, filling, builder);
}

void RowLowering::store(Value made, const Part &part) {
  native::storeVector(made, out, {row, part.column}, part.used, builder);
}

Value RowLowering::mean(llvm::function_ref<Value(const Part &)> term) {
  Value sums = fold(splat(0), [&](const Part &part, Value sums) {
    return make<arith::AddFOp>(sums, term(part));
  });
  return make<arith::DivFOp>(native::sumOfLanes(sums, builder), scalar(double(columns)));
}

/// Mean, then mean square of the differences, then the numbers: nothing that cancels.
void RowLowering::run(RowNormOp op) {
  forRows([&] {
    Value middle = splat(0);
    if (op.getCentered())
      middle = native::broadcast(
          mean([&](const Part &part) { return load(input, part, splat(0)); }), lanes, builder);
    auto difference = [&](const Part &part) {
      Value x = load(input, part, middle);
      return op.getCentered() ? make<arith::SubFOp>(x, middle) : x;
    };
    Value variance = mean([&](const Part &part) {
      Value x = difference(part);
      return make<arith::MulFOp>(x, x);
    });
    Value root =
        make<math::SqrtOp>(make<arith::AddFOp>(variance, scalar(op.getEps().convertToDouble())));
    Value inverse = native::broadcast(make<arith::DivFOp>(scalar(1), root), lanes, builder);
    each([&](const Part &part) {
      Value made = make<arith::MulFOp>(difference(part), inverse);
      if (op.getScale())
        made = make<arith::MulFOp>(made, load(op.getScale(), part, splat(0)));
      if (op.getShift())
        made = make<arith::AddFOp>(made, load(op.getShift(), part, splat(0)));
      store(made, part);
    });
  });
}

/// Of the row and `least`.
Value RowLowering::largest(double least) {
  Value start = splat(least);
  return native::largestOfLanes(fold(start,
                                     [&](const Part &part, Value most) {
                                       return native::larger(load(input, part, start), most,
                                                             builder);
                                     }),
                                builder);
}

/// Of the row and `most`.
Value RowLowering::smallest(double most) {
  Value start = splat(most);
  auto smaller = [&](Value a, Value b) { return native::smaller(a, b, builder); };
  Value lanes = fold(start, [&](const Part &part, Value least) {
    return smaller(load(input, part, start), least);
  });
  return native::reduceLanes(lanes, smaller, builder);
}

/// A NaN is passed over by the maximum and then found by the sum. exp(-inf) of the lanes that
/// are filled up adds nothing.
void RowLowering::run(RowSoftmaxOp op) {
  forRows([&] {
    Value most =
        native::broadcast(largest(-std::numeric_limits<double>::infinity()), lanes, builder);
    Value least = splat(-std::numeric_limits<double>::infinity());
    auto difference = [&](const Part &part) {
      return make<arith::SubFOp>(load(input, part, least), most);
    };
    Value sums = fold(splat(0), [&](const Part &part, Value sums) {
      Value power = make<math::ExpOp>(difference(part));
      if (!op.getLog())
        store(power, part);
      return make<arith::AddFOp>(sums, power);
    });
    Value sum = native::sumOfLanes(sums, builder);
    Value by = op.getLog() ? make<math::LogOp>(sum) : make<arith::DivFOp>(scalar(1), sum);
    by = native::broadcast(by, lanes, builder);
    each([&](const Part &part) {
      store(op.getLog() ? make<arith::SubFOp>(difference(part), by)
                        : make<arith::MulFOp>(load(out, part, least), by),
            part);
    });
  });
}

/// No step is so fine that its inverse is no number. What is no number, or infinite, makes the step
/// NaN, and so all of the row: integers would hide it.
void RowLowering::run(RowGridOp op) {
  constexpr double steps = 127, finest = 0x1p-60;
  forRows([&] {
    Value least = smallest(0), most = largest(0);
    Value step = make<arith::DivFOp>(make<arith::SubFOp>(most, least), scalar(steps));
    Value nothing = fold(splat(0), [&](const Part &part, Value zeros) {
      return make<arith::AddFOp>(zeros, make<arith::MulFOp>(load(input, part, splat(0)), splat(0)));
    });
    step = make<arith::AddFOp>(native::larger(step, scalar(finest), builder),
                               native::sumOfLanes(nothing, builder));
    Value zero =
        make<math::RoundEvenOp>(make<arith::DivFOp>(make<arith::SubFOp>(scalar(0), least), step));
    zero = native::larger(zero, scalar(0), builder); // of an infinite range
    Value first = native::index(0, builder);
    memref::StoreOp::create(builder, step, op.getScales(), ValueRange{row, first});
    memref::StoreOp::create(builder, zero, op.getZeros(), ValueRange{row, first});
  });
}

namespace {
struct LowerRowsPass : tez::impl::LowerRowsBase<LowerRowsPass> {
  using LowerRowsBase::LowerRowsBase;

  template <typename Op> void lower(Op op, Value out) {
    if (!isa<MemRefType>(out.getType())) {
      op.emitOpError("expected operands in memory");
      return signalPassFailure();
    }
    RowLowering(op, op.getInput(), out, lanes).run(op);
    op.erase();
    ++numOps;
  }

  void runOnOperation() override {
    getOperation().walk([&](RowNormOp op) { lower(op, op.getOut()); });
    getOperation().walk([&](RowSoftmaxOp op) { lower(op, op.getOut()); });
    getOperation().walk([&](RowGridOp op) { lower(op, op.getScales()); });
  }
};
} // namespace
