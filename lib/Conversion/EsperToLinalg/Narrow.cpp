//===- Narrow.cpp ---------------------------------------------------------===//

#include "Narrow.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace tez;

Value tez::widenNarrow(Value number, ImplicitLocOpBuilder &builder) {
  if (!number.getType().isBF16())
    return number;
  return arith::ExtFOp::create(builder, builder.getF32Type(), number);
}

Value tez::roundTo(Type element, Value number, ImplicitLocOpBuilder &builder) {
  if (!element.isBF16() || number.getType() == element)
    return number;
  return arith::TruncFOp::create(builder, element, number);
}

Value tez::addTerm(Value sum, Value left, Value right, ImplicitLocOpBuilder &builder) {
  Type type = sum.getType();
  if (type.isF32()) {
    Value term =
        arith::MulFOp::create(builder, widenNarrow(left, builder), widenNarrow(right, builder));
    return arith::AddFOp::create(builder, sum, term);
  }
  Value term = arith::MulIOp::create(builder, arith::ExtUIOp::create(builder, type, left),
                                     arith::ExtSIOp::create(builder, type, right));
  return arith::AddIOp::create(builder, sum, term);
}

Value tez::constant(float number, ImplicitLocOpBuilder &builder) {
  return arith::ConstantOp::create(builder, builder.getF32FloatAttr(number));
}

/// `a` where it is `predicate` `b`; a NaN in `a` is passed over.
static Value choose(arith::CmpFPredicate predicate, Value a, Value b,
                    ImplicitLocOpBuilder &builder) {
  Value is = arith::CmpFOp::create(builder, predicate, a, b);
  return arith::SelectOp::create(builder, is, a, b);
}

Value tez::putOnGrid(Value number, Value inverseScale, Value zero, ImplicitLocOpBuilder &builder) {
  constexpr float most = 127;
  Value steps = arith::MulFOp::create(builder, number, inverseScale);
  steps = arith::AddFOp::create(builder, math::RoundEvenOp::create(builder, steps), zero);
  steps = choose(arith::CmpFPredicate::OGT, steps, constant(0, builder), builder);
  steps = choose(arith::CmpFPredicate::OLT, steps, constant(most, builder), builder);
  Value whole = arith::FPToSIOp::create(builder, builder.getI32Type(), steps);
  return arith::TruncIOp::create(builder, builder.getI8Type(), whole);
}

Value tez::takeOffGrid(Value sum, Value weightSum, Value weightScale, const GridPoint &grid,
                       ImplicitLocOpBuilder &builder) {
  Value zero = arith::FPToSIOp::create(builder, builder.getI32Type(), grid.zero);
  Value shift = arith::MulIOp::create(builder, zero, weightSum);
  Value exact = arith::SubIOp::create(builder, sum, shift);
  Value number = arith::SIToFPOp::create(builder, builder.getF32Type(), exact);
  Value scale = arith::MulFOp::create(builder, grid.scale, weightScale);
  return arith::MulFOp::create(builder, number, scale);
}
