//===- ScalableOp.cpp ------------------------------------------------------===//

#include "ScalableOp.h"
#include "ConstantState.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

std::optional<ScalableOp> ScalableOp::of(Value value, StringRef &why) {
  Operation *op = value.getDefiningOp();
  ScalableOp map;
  map.op = op;
  auto take = [&](Value weight, Value bias, int64_t dim, int64_t weightDim) {
    map.weight = weight;
    map.bias = bias;
    map.dim = dim;
    map.weightDim = weightDim;
  };
  if (auto linear = dyn_cast_or_null<LinearOp>(op))
    take(linear.getWeight(), linear.getBias(), linear.getType().getRank() - 1, 0);
  else if (auto conv = dyn_cast_or_null<ConvOp>(op))
    take(conv.getWeight(), conv.getBias(), 1, 0);
  else if (auto conv = dyn_cast_or_null<ConvTransposeOp>(op); conv && conv.getGroups() == 1)
    take(conv.getWeight(), conv.getBias(), 1, 1);
  else if (auto norm = dyn_cast_or_null<LayerNormOp>(op);
           norm && norm.getNormalizedShape().size() == 1)
    take(norm.getWeight(), norm.getBias(), norm.getType().getRank() - 1, 0);
  else
    return why = "is not the result of a linear, a convolution or a layer norm", std::nullopt;
  map.size = shapeOf(value)[map.dim];
  if (!value.hasOneUse())
    return why = "is read elsewhere too", std::nullopt;
  if (isDynamic(map.size) || !isConstantState(map.weight) || !isConstantState(map.bias))
    return why = "has a weight that is not constant", std::nullopt;
  return map;
}

Value ScalableOp::asVector(PatternRewriter &rewriter, Value operand) const {
  ArrayRef<int64_t> shape = shapeOf(operand);
  int64_t rank = cast<RankedTensorType>(op->getResult(0).getType()).getRank();
  int64_t offset = rank - int64_t(shape.size());
  // Where a call leaves the leading dimension out, a constant of the full rank
  // would add one: such a result is not the producer's.
  if (offset < std::max<int64_t>(dim == rank - 1 ? rank - 1 : 1, 1) || !isConstantState(operand))
    return {};
  for (auto [i, extent] : llvm::enumerate(shape))
    if (extent != (int64_t(i) + offset == dim ? size : 1))
      return {};
  if (dim < offset)
    return {};
  return ReshapeOp::create(rewriter, operand.getLoc(), operand, ArrayRef<int64_t>(size));
}

Value ScalableOp::create(PatternRewriter &rewriter, Location location, Value w, Value b) const {
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case([&](LinearOp linear) {
        return LinearOp::create(rewriter, location, linear.getInput(), w, b);
      })
      .Case([&](ConvOp conv) {
        return ConvOp::create(rewriter, location, conv.getInput(), w, b, conv.getStride(),
                              conv.getPadding(), conv.getDilation(), conv.getGroups());
      })
      .Case([&](ConvTransposeOp conv) {
        return ConvTransposeOp::create(rewriter, location, conv.getInput(), w, b, conv.getStride(),
                                       conv.getPadding(), conv.getOutputPadding(), conv.getGroups(),
                                       conv.getDilation());
      })
      .Case([&](LayerNormOp norm) {
        return LayerNormOp::create(rewriter, location, norm.getInput(), w, b,
                                   norm.getNormalizedShape(), norm.getEps());
      });
}

Value ScalableOp::rebuild(PatternRewriter &rewriter, Location location, Value scale,
                          Value shift) const {
  Value w = weight, b = bias;
  if (scale && w) {
    SmallVector<int64_t> sizes(shapeOf(w).size(), 1);
    sizes[weightDim] = size;
    Value factors = ReshapeOp::create(rewriter, location, scale, sizes);
    w = MultiplyOp::create(rewriter, location, w, factors);
  } else if (scale) {
    w = scale;
  }
  if (scale && b)
    b = MultiplyOp::create(rewriter, location, b, scale);
  if (shift)
    b = b ? AddOp::create(rewriter, location, b, shift) : shift;
  return create(rewriter, location, w, b);
}

/// Without a weight (a plain norm) there is nothing that a number could become
/// part of.
Value ScalableOp::rebuild(PatternRewriter &rewriter, Location location, APFloat scale) const {
  if (!weight)
    return {};
  Value w = ScaleOp::create(rewriter, location, weight, scale);
  Value b = bias ? Value(ScaleOp::create(rewriter, location, bias, scale)) : Value();
  return create(rewriter, location, w, b);
}
