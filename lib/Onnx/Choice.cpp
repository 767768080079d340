//===- Choice.cpp - Comparing, choosing, whole numbers ---------------------===//

#include "Emitters.h"
#include "tez/Weights/KernelWeights.h"

using namespace mlir;
using namespace tez;
using namespace tez::onnx;
using namespace tez::esper;

static Name compare(CompareOp op, Graph &g) {
  auto node = [&](StringRef type) { return g.node(type, {g(op.getLeft()), g(op.getRight())}); };
  bool masks = getElementTypeOrSelf(op.getLeft()).isInteger(1);
  switch (op.getKind()) {
  case CompareKind::Eq:
    return node("Equal");
  case CompareKind::Ne:
    return g.node("Not", {node("Equal")});
  default:
    break;
  }
  if (masks)
    return refuse(op, "an order of booleans");
  switch (op.getKind()) {
  case CompareKind::Lt:
    return node("Less");
  case CompareKind::Le:
    return node("LessOrEqual");
  case CompareKind::Gt:
    return node("Greater");
  default:
    return node("GreaterOrEqual");
  }
}

/// One number, by itself or in a shape.
static Name full(FullOp op, Graph &g) {
  Type element = getElementTypeOrSelf(op.getOutput());
  double value = op.getValue().convertToDouble();
  if (!element.isF32() && !element.isInteger(64) && !element.isInteger(1))
    return refuse(op, "numbers other than fp32, 64-bit integers and booleans");
  Name number = element.isF32() ? g.number(value) : g.integer(int64_t(value));
  if (element.isInteger(1))
    number = g.cast(number, DType::i1);
  std::optional<ArrayRef<int64_t>> shape = op.getShape();
  if (!shape)
    return g.node("Expand", {number, g.node("Shape", {g(op.getLike())})});
  return shape->empty() ? number : g.node("Expand", {number, g.integers(*shape)});
}

/// With the sign of the divisor, as Python's. Mod does that for integers; of fp32 it has the sign
/// of the dividend.
static Name modulo(RemainderOp op, Graph &g) {
  Name left = g(op.getLeft()), right = g(op.getRight());
  if (isa<IntegerType>(getElementTypeOrSelf(op.getOutput())))
    return g.node("Mod", {left, right});
  Name rest = g.node("Mod", {left, right}, {{"fmod", int64_t(1)}});
  Name signs = g.multiply(g.node("Sign", {rest}), g.node("Sign", {right}));
  return g.where(g.node("Less", {signs, g.number(0)}), g.add(rest, right), rest);
}

static Name toInteger(ToIntegerOp op, Graph &g) {
  if (!op.getTo().isInteger(64))
    return refuse(op, "a conversion to something other than 64-bit integers");
  return g.cast(g(op.getInput()), DType::i64);
}

/// Runtimes have no Where of booleans.
static Name where(WhereOp op, Graph &g) {
  Name mask = g(op.getMask()), left = g(op.getLeft()), right = g(op.getRight());
  if (!getElementTypeOrSelf(op.getOutput()).isInteger(1))
    return g.where(mask, left, right);
  Name others = g.node("And", {g.node("Not", {mask}), right});
  return g.node("Or", {g.node("And", {mask, left}), others});
}

void Emitters::addChoice() {
  add<CompareOp>(compare);
  add<FullOp>(full);
  add<RemainderOp>(modulo);
  add<ToIntegerOp>(toInteger);
  add<WhereOp>(where);
  add<MaximumOp>(
      [](MaximumOp op, Graph &g) { return g.node("Max", {g(op.getLeft()), g(op.getRight())}); });
  add<MinimumOp>(
      [](MinimumOp op, Graph &g) { return g.node("Min", {g(op.getLeft()), g(op.getRight())}); });
}
