//===- Products.cpp - Linears, matrix products and look-ups ----------------===//

#include "Emitters.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace tez;
using namespace tez::onnx;
using namespace tez::esper;

static Name linear(LinearOp op, Graph &g) {
  Name product = g.node("MatMul", {g(op.getInput()), g.transpose(g(op.getWeight()), {1, 0})});
  return g.affine(product, {}, g(op.getBias()));
}

static Name bilinear(BilinearOp op, Graph &g) {
  Name product = g.node("Einsum", {g(op.getLeft()), g(op.getWeight()), g(op.getRight())},
                        {{"equation", "...i,oij,...j->...o"}});
  return g.affine(product, {}, g(op.getBias()));
}

/// The lower triangle of ones, as a condition, of the last two dimensions of `like`.
static Name lowerTriangle(Name like, Graph &g) {
  Name sizes = g.node("Shape", {like}, {{"start", int64_t(-2)}});
  Name ones = g.add(g.node("ConstantOfShape", {sizes}), g.number(1));
  return g.cast(g.node("Trilu", {ones}, {{"upper", int64_t(0)}}), DType::i1);
}

static Name causalMask(CausalMaskOp op, Graph &g) {
  Name scores = g(op.getScores());
  Name nothing = g.number(-std::numeric_limits<double>::infinity());
  return g.where(lowerTriangle(scores, g), scores, nothing);
}

/// 0, 1, ... along the last dimension but one, as fp32 in a column.
static Name positions(Name x, Graph &g) {
  Name length = g.node("Shape", {x}, {{"start", int64_t(-2)}, {"end", int64_t(-1)}});
  Name end = g.node("Squeeze", {length});
  Name numbers = g.node("Range", {g.integer(0), end, g.integer(1)});
  Name column = g.node("Unsqueeze", {numbers, g.integers({1})});
  return g.cast(column, DType::f32);
}

/// x cos a + partner(x) sin a with signs, the partner of feature 2i being 2i + 1.
static Name rotary(RotaryEmbeddingOp op, Graph &g) {
  Name x = g(op.getInput());
  int64_t width = cast<RankedTensorType>(op.getInput().getType()).getShape().back();
  int64_t head = width / op.getNumHeads();
  SmallVector<double> frequencies, signs;
  SmallVector<int64_t> partners;
  for (int64_t f = 0; f < width; ++f) {
    double power = double((f % head) / 2 * 2) / double(head);
    frequencies.push_back(std::pow(op.getBase().convertToDouble(), -power));
    signs.push_back(f % 2 ? 1 : -1);
    partners.push_back(f % 2 ? f - 1 : f + 1);
  }
  Name angles = g.multiply(positions(x, g), g.numbers({width}, frequencies));
  Name sines = g.multiply(g.node("Sin", {angles}), g.numbers({width}, signs));
  Name partner = g.node("Gather", {x, g.integers(partners)}, {{"axis", int64_t(-1)}});
  return g.add(g.multiply(x, g.node("Cos", {angles})), g.multiply(partner, sines));
}

void Emitters::addProducts() {
  add<LinearOp>(linear);
  add<BilinearOp>(bilinear);
  add<MatmulOp>(
      [](MatmulOp op, Graph &g) { return g.node("MatMul", {g(op.getLeft()), g(op.getRight())}); });
  add<EmbeddingOp>([](EmbeddingOp op, Graph &g) {
    return g.node("Gather", {g(op.getWeight()), g(op.getIndices())});
  });
  add<CausalMaskOp>(causalMask);
  add<RotaryEmbeddingOp>(rotary);
}
