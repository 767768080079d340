//===- Arithmetic.cpp - Element by element ---------------------------------===//

#include "Emitters.h"
#include "tez/Weights/KernelWeights.h"

using namespace mlir;
using namespace tez;
using namespace tez::onnx;
using namespace tez::esper;

static Name divide(DivideOp op, Graph &g) {
  if (!isa<FloatType>(getElementTypeOrSelf(op.getOutput())) ||
      !isa<FloatType>(getElementTypeOrSelf(op.getLeft())) ||
      !isa<FloatType>(getElementTypeOrSelf(op.getRight())))
    return refuse(op, "a quotient of integers");
  return g.divide(g(op.getLeft()), g(op.getRight()));
}

static Name scale(ScaleOp op, Graph &g) {
  if (!getElementTypeOrSelf(op.getInput()).isF32())
    return refuse(op, "a product of a number and something other than fp32");
  return g.multiply(g(op.getInput()), g.number(op.getValue().convertToDouble()));
}

static Name cast(Value input, Type to, Operation *op, Graph &g) {
  if (!to.isF32() && !to.isInteger(64))
    return refuse(op, "a conversion to something other than fp32 or 64-bit integers");
  return g.cast(g(input), *dtypeOf(to));
}

static Name noise(NoiseOp op, Graph &g) {
  if (op.getTrainingOnly())
    return g(op.getInput());
  Name drawn = g.node("RandomNormalLike", {g(op.getInput())});
  return g.add(g(op.getInput()), g.multiply(drawn, g.number(op.getStd().convertToDouble())));
}

/// In evaluation mode, or without its optional input.
template <typename Op> static Name same(Op op, Graph &g) { return g(op.getInput()); }

void Emitters::addArithmetic() {
  add<AddOp>([](AddOp op, Graph &g) { return g.add(g(op.getLeft()), g(op.getRight())); });
  add<SubtractOp>(
      [](SubtractOp op, Graph &g) { return g.subtract(g(op.getLeft()), g(op.getRight())); });
  add<MultiplyOp>([](MultiplyOp op, Graph &g) {
    bool masks = getElementTypeOrSelf(op.getOutput()).isInteger(1);
    return g.node(masks ? "And" : "Mul", {g(op.getLeft()), g(op.getRight())});
  });
  add<DivideOp>(divide);
  add<ScaleOp>(scale);
  add<ClipGradientOp>(same<ClipGradientOp>);
  add<DetachOp>(same<DetachOp>);
  add<ContiguousOp>(same<ContiguousOp>);
  add<DropoutOp>(same<DropoutOp>);
  add<IncrementOp>(same<IncrementOp>);
  add<NoiseOp>(noise);
  add<ValueOrOp>([](ValueOrOp op, Graph &g) { return g(op.getFallback()); });
  add<CastOp>([](CastOp op, Graph &g) { return cast(op.getInput(), op.getTo(), op, g); });
  add<TypeAsOp>([](TypeAsOp op, Graph &g) {
    return cast(op.getInput(), getElementTypeOrSelf(op.getLike()), op, g);
  });
}
