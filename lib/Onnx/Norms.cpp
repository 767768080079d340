//===- Norms.cpp -----------------------------------------------------------===//

#include "Emitters.h"
#include <limits>

using namespace mlir;
using namespace tez;
using namespace tez::onnx;
using namespace tez::esper;

/// A vector of channels, which are the second dimension of `input`.
static Name alongChannels(Value vector, Value input, Graph &g) {
  if (!vector || rankOf(input) == 2)
    return g(vector);
  SmallVector<int64_t> shape(rankOf(input) - 1, 1);
  shape[0] = -1;
  return g.reshape(g(vector), shape);
}

template <typename Op> static Name affineOfChannels(Op op, Name x, Graph &g) {
  return g.affine(x, alongChannels(op.getWeight(), op.getInput(), g),
                  alongChannels(op.getBias(), op.getInput(), g));
}

/// By the statistics that training left.
template <typename Op> static Name byRunning(Op op, Graph &g) {
  int64_t channels = cast<RankedTensorType>(op.getRunningMean().getType()).getDimSize(0);
  auto orAll = [&](Value vector, double number) {
    return vector ? g(vector)
                  : g.numbers({channels}, SmallVector<double>(size_t(channels), number));
  };
  return g.node("BatchNormalization",
                {g(op.getInput()), orAll(op.getWeight(), 1), orAll(op.getBias(), 0),
                 g(op.getRunningMean()), g(op.getRunningVar())},
                {{"epsilon", op.getEps().convertToDouble()}});
}

static Name batchNorm(BatchNormOp op, Graph &g) {
  if (op.getRunningMean())
    return byRunning(op, g);
  SmallVector<int64_t> axes{0};
  axes.append(range(2, rankOf(op.getInput())));
  return affineOfChannels(op, g.standardize(g(op.getInput()), axes, op.getEps().convertToDouble()),
                          g);
}

static Name instanceNorm(InstanceNormOp op, Graph &g) {
  auto flag = op.getUseInputStats().getDefiningOp<FlagOp>();
  if (!flag)
    return refuse(op, "statistics that are chosen at run time");
  if (!flag.getValue())
    return byRunning(op, g);
  SmallVector<int64_t> axes = range(2, rankOf(op.getInput()));
  return affineOfChannels(op, g.standardize(g(op.getInput()), axes, op.getEps().convertToDouble()),
                          g);
}

static Name groupNorm(GroupNormOp op, Graph &g) {
  Name x = g(op.getInput());
  Name grouped = g.reshape(x, {0, int64_t(op.getNumGroups()), -1});
  Name standard = g.standardize(grouped, {2}, op.getEps().convertToDouble());
  return affineOfChannels(op, g.node("Reshape", {standard, g.node("Shape", {x})}), g);
}

static Name layerNorm(LayerNormOp op, Graph &g) {
  ArrayRef<int64_t> shape = op.getNormalizedShape();
  if (op.getWeight())
    return g.node("LayerNormalization", {g(op.getInput()), g(op.getWeight()), g(op.getBias())},
                  {{"axis", -int64_t(shape.size())}, {"epsilon", op.getEps().convertToDouble()}});
  SmallVector<int64_t> axes = range(-int64_t(shape.size()), 0);
  return g.affine(g.standardize(g(op.getInput()), axes, op.getEps().convertToDouble()), {},
                  g(op.getBias()));
}

static Name rmsNorm(RmsNormOp op, Graph &g) {
  Name x = g(op.getInput());
  double eps =
      op.getEps() ? op.getEps()->convertToDouble() : double(std::numeric_limits<float>::epsilon());
  SmallVector<int64_t> axes = range(-int64_t(op.getNormalizedShape().size()), 0);
  Name square = g.reduce("ReduceMean", g.multiply(x, x), axes, true);
  return g.affine(g.divide(x, g.node("Sqrt", {g.add(square, g.number(eps))})), g(op.getWeight()),
                  {});
}

void Emitters::addNorms() {
  add<BatchNormOp>(batchNorm);
  add<InstanceNormOp>(instanceNorm);
  add<GroupNormOp>(groupNorm);
  add<LayerNormOp>(layerNorm);
  add<RmsNormOp>(rmsNorm);
}
