//===- Recurrent.cpp - LSTM, GRU, RNN and their cells ----------------------===//
//
// ONNX has one layer a node and its gates in another order; torch's tensors are cut and put
// together again in nodes, which runtimes compute once.
//
//===----------------------------------------------------------------------===//

#include "Emitters.h"

using namespace mlir;
using namespace tez;
using namespace tez::onnx;
using namespace tez::esper;

namespace {
/// What differs between the three.
struct Kind {
  StringRef node;
  SmallVector<size_t> order; ///< ONNX's gates, each by torch's number for it
  SmallVector<onnx::Attribute> attributes;
};

/// What a layer starts from; null names: zeros.
struct State {
  Name h, c;
};

/// (positions, directions, batch, hidden), (directions, batch, hidden) and the same.
struct Layer {
  Name all, h, c;
};

/// Tensors of one layer and direction.
struct Weights {
  Value inputs, hidden, inputBias, hiddenBias;
};
} // namespace

static Kind lstmKind() { return {"LSTM", {0, 3, 1, 2}, {}}; }
static Kind gruKind() { return {"GRU", {1, 0, 2}, {{"linear_before_reset", int64_t(1)}}}; }
static Kind rnnKind(StringRef nonlinearity, size_t directions) {
  std::string function = nonlinearity == "relu" ? "Relu" : "Tanh";
  return {"RNN", {0}, {{"activations", onnx::Attribute::Texts(directions, function)}}};
}

static Name inOrder(Value gates, const Kind &kind, Graph &g) {
  if (kind.order.size() == 1)
    return g(gates);
  Names parts = g.nodes("Split", {g(gates)},
                        {{"axis", int64_t(0)}, {"num_outputs", int64_t(kind.order.size())}},
                        unsigned(kind.order.size()));
  Names ordered;
  for (size_t gate : kind.order)
    ordered.push_back(parts[gate]);
  return g.node("Concat", ordered, {{"axis", int64_t(0)}});
}

/// One tensor of all directions.
static Name stacked(const Names &parts, Graph &g) {
  Names raised;
  for (const Name &part : parts)
    raised.push_back(g.node("Unsqueeze", {part, g.integers({0})}));
  return raised.size() == 1 ? raised.front() : g.node("Concat", raised, {{"axis", int64_t(0)}});
}

static Layer layerOf(const Kind &kind, Name x, ArrayRef<Weights> directions, const State &start,
                     Graph &g) {
  Names inputs, hidden, biases;
  for (const Weights &weights : directions) {
    inputs.push_back(inOrder(weights.inputs, kind, g));
    hidden.push_back(inOrder(weights.hidden, kind, g));
    if (weights.inputBias)
      biases.push_back(g.node(
          "Concat", {inOrder(weights.inputBias, kind, g), inOrder(weights.hiddenBias, kind, g)},
          {{"axis", int64_t(0)}}));
  }
  SmallVector<onnx::Attribute> attributes(kind.attributes);
  int64_t size = cast<RankedTensorType>(directions[0].hidden.getType()).getDimSize(1);
  attributes.emplace_back("hidden_size", size);
  attributes.emplace_back("direction", directions.size() == 2 ? "bidirectional" : "forward");
  Names results = g.nodes(kind.node,
                          {x, stacked(inputs, g), stacked(hidden, g),
                           biases.empty() ? Name() : stacked(biases, g), Name(), start.h, start.c},
                          attributes, kind.node == "LSTM" ? 3 : 2);
  return {results[0], results[1], results.size() > 2 ? results[2] : Name()};
}

//===----------------------------------------------------------------------===//
// Layer upon layer
//===----------------------------------------------------------------------===//

/// Of torch's flat list.
template <typename Op> static SmallVector<Weights> weightsOf(Op op, int64_t layer) {
  size_t directions = op.getBidirectional() ? 2 : 1, each = op.getBias() ? 4 : 2;
  SmallVector<Weights> all;
  for (size_t direction = 0; direction < directions; ++direction) {
    ValueRange from = op.getWeights().drop_front((size_t(layer) * directions + direction) * each);
    Weights one{from[0], from[1], {}, {}};
    if (op.getBias())
      one.inputBias = from[2], one.hiddenBias = from[3];
    all.push_back(one);
  }
  return all;
}

static Name partOf(Value state, int64_t layer, int64_t directions, Graph &g) {
  if (!state)
    return {};
  return g.node("Slice", {g(state), g.integers({layer * directions}),
                          g.integers({(layer + 1) * directions}), g.integers({0})});
}

/// (positions, directions, batch, hidden) to (positions, batch, directions * hidden).
static Name joined(Name all, int64_t directions, int64_t hidden, Graph &g) {
  return g.reshape(g.transpose(all, {0, 2, 1, 3}), {0, 0, directions * hidden});
}

static Name joinedLayers(const Names &layers, Graph &g) {
  return layers.size() == 1 ? layers.front() : g.node("Concat", layers, {{"axis", int64_t(0)}});
}

template <typename Op>
static LogicalResult recurrent(Op op, const Kind &kind, Value h0, Value c0, Value lastCell,
                               Graph &g) {
  int64_t directions = op.getBidirectional() ? 2 : 1;
  Name x = g(op.getInput());
  if (op.getBatchFirst())
    x = g.transpose(x, {1, 0, 2});
  Names h, c;
  for (int64_t layer = 0; layer < int64_t(op.getNumLayers()); ++layer) {
    State start{partOf(h0, layer, directions, g), partOf(c0, layer, directions, g)};
    Layer made = layerOf(kind, x, weightsOf(op, layer), start, g);
    x = joined(made.all, directions, op.getHiddenSize(), g);
    h.push_back(made.h);
    c.push_back(made.c);
  }
  g.set(op.getOutput(), op.getBatchFirst() ? g.transpose(x, {1, 0, 2}) : x);
  g.set(op.getHN(), joinedLayers(h, g));
  if (lastCell)
    g.set(lastCell, joinedLayers(c, g));
  return success();
}

static LogicalResult lstm(LstmOp op, Graph &g) {
  if (op.getProjSize() > 0)
    return refuse(op, "a projection of the hidden state"), failure();
  return recurrent(op, lstmKind(), op.getH0(), op.getC0(), op.getCN(), g);
}

//===----------------------------------------------------------------------===//
// One step: a layer over one position
//===----------------------------------------------------------------------===//

template <typename Op> static Layer cellOf(Op op, const Kind &kind, Value c, Graph &g) {
  auto raised = [&](Value value) {
    return value ? g.node("Unsqueeze", {g(value), g.integers({0})}) : Name();
  };
  Weights weights{op.getWIh(), op.getWHh(), op.getBIh(), op.getBHh()};
  return layerOf(kind, raised(op.getInput()), weights, {raised(op.getH()), raised(c)}, g);
}

static Name lowered(Name state, Graph &g) { return g.node("Squeeze", {state, g.integers({0})}); }

static LogicalResult lstmCell(LstmCellOp op, Graph &g) {
  Layer made = cellOf(op, lstmKind(), op.getC(), g);
  g.set(op.getHNext(), lowered(made.h, g));
  g.set(op.getCNext(), lowered(made.c, g));
  return success();
}

void Emitters::addRecurrent() {
  addSeveral<LstmOp>(lstm);
  addSeveral<GruOp>(
      [](GruOp op, Graph &g) { return recurrent(op, gruKind(), op.getH0(), Value(), Value(), g); });
  addSeveral<RnnOp>([](RnnOp op, Graph &g) {
    return recurrent(op, rnnKind(op.getNonlinearity(), op.getBidirectional() ? 2 : 1), op.getH0(),
                     Value(), Value(), g);
  });
  addSeveral<LstmCellOp>(lstmCell);
  add<GruCellOp>(
      [](GruCellOp op, Graph &g) { return lowered(cellOf(op, gruKind(), Value(), g).h, g); });
  add<RnnCellOp>([](RnnCellOp op, Graph &g) {
    return lowered(cellOf(op, rnnKind(op.getNonlinearity(), 1), Value(), g).h, g);
  });
}
