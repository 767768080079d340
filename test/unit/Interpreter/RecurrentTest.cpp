//===- RecurrentTest.cpp --------------------------------------------------===//

#include "CoreTesting.h"

using namespace tez::interp;

namespace {
constexpr int64_t inputs = 3, width = 4;

struct Network {
  RecurrentCell cell;
  int64_t layers;
  bool bidirectional, biases;
  int64_t projection;

  int64_t directions() const { return bidirectional ? 2 : 1; }
  int64_t stateWidth() const { return projection ? projection : width; }

  /// x, hidden, cell, then the weights of each layer and direction.
  std::vector<Shape> shapes() const {
    int64_t gates = cell == RecurrentCell::Lstm ? 4 : cell == RecurrentCell::Gru ? 3 : 1;
    std::vector<Shape> result{{3, 2, inputs}, {layers * directions(), 2, stateWidth()}};
    if (cell == RecurrentCell::Lstm)
      result.push_back({layers * directions(), 2, width});
    for (int64_t i = 0; i < layers * directions(); ++i) {
      int64_t in = i < directions() ? inputs : directions() * stateWidth();
      result.push_back({gates * width, in});
      result.push_back({gates * width, stateWidth()});
      if (biases)
        result.insert(result.end(), 2, {gates * width});
      if (projection)
        result.push_back({projection, width});
    }
    return result;
  }

  RecurrentResult run(const std::vector<Variable> &v) const {
    size_t next = 2;
    Variable cellState = cell == RecurrentCell::Lstm ? v[next++] : Variable();
    std::vector<RecurrentWeights> weights;
    while (next < v.size()) {
      RecurrentWeights &w = weights.emplace_back();
      w.inputWeight = v[next++];
      w.hiddenWeight = v[next++];
      if (biases) {
        w.inputBias = v[next++];
        w.hiddenBias = v[next++];
      }
      if (projection)
        w.projection = v[next++];
    }
    return recurrent(v[0], weights, v[1], cellState, {cell, bidirectional, {}});
  }
};

const Network networks[] = {
    {RecurrentCell::Lstm, 1, false, true, 0},   {RecurrentCell::Lstm, 2, true, false, 0},
    {RecurrentCell::Lstm, 2, true, true, 2},    {RecurrentCell::Gru, 1, false, false, 0},
    {RecurrentCell::Gru, 2, true, true, 0},     {RecurrentCell::RnnTanh, 2, false, true, 0},
    {RecurrentCell::RnnRelu, 1, true, true, 0},
};

Tensor one(double value) { return tensor({1, 1}, {value}); }
Tensor column(std::vector<double> values) {
  int64_t rows = int64_t(values.size());
  return tensor({rows, 1}, std::move(values));
}
} // namespace

TEST(Recurrent, Gradients) {
  for (const Network &network : networks) {
    auto everything = [&](const std::vector<Variable> &v) {
      RecurrentResult r = network.run(v);
      std::vector<Variable> parts{reshape(r.output, {r.output.value().size()}),
                                  reshape(r.hidden, {r.hidden.value().size()})};
      if (r.cell.defined())
        parts.push_back(reshape(r.cell, {r.cell.value().size()}));
      return concat(parts, 0);
    };
    expectGradient(everything, network.shapes());
  }
}

TEST(Recurrent, Shapes) {
  const Network &network = networks[2];
  std::vector<Variable> v;
  for (const Shape &shape : network.shapes())
    v.emplace_back(randomTensor(shape, 1));
  RecurrentResult r = network.run(v);
  EXPECT_EQ(r.output.shape(), (Shape{3, 2, 4}));
  EXPECT_EQ(r.hidden.shape(), (Shape{4, 2, 2}));
  EXPECT_EQ(r.cell.shape(), (Shape{4, 2, 4}));
}

TEST(Recurrent, LstmGateOrder) {
  // Only biases: i, f, g, o = sigmoid(1), sigmoid(2), tanh(3), sigmoid(4).
  RecurrentWeights w{
      column({0, 0, 0, 0}), column({0, 0, 0, 0}), tensor({4}, {1, 2, 3, 4}), Tensor({4}), {}};
  RecurrentResult r =
      recurrent(one(0).reshaped({1, 1, 1}), {w}, Tensor({1, 1, 1}), Tensor::full({1, 1, 1}, 5), {});
  auto logistic = [](double x) { return 1 / (1 + std::exp(-x)); };
  double cell = logistic(2) * 5 + logistic(1) * std::tanh(3);
  EXPECT_NEAR(r.cell.value()[0], cell, 1e-14);
  EXPECT_NEAR(r.hidden.value()[0], logistic(4) * std::tanh(cell), 1e-14);
}

TEST(Recurrent, GruMultipliesTheHiddenBias) {
  RecurrentWeights w{
      column({0, 0, 0}), column({0, 0, 0}), tensor({3}, {1, 2, 3}), tensor({3}, {0, 0, 4}), {}};
  RecurrentOptions options;
  options.cell = RecurrentCell::Gru;
  RecurrentResult r = recurrent(Tensor({1, 1, 1}), {w}, Tensor::full({1, 1, 1}, 5), {}, options);
  auto logistic = [](double x) { return 1 / (1 + std::exp(-x)); };
  double candidate = std::tanh(3 + logistic(1) * 4), update = logistic(2);
  EXPECT_NEAR(r.output.value()[0], (1 - update) * candidate + update * 5, 1e-14);
}

TEST(Recurrent, BackwardDirectionReadsFromTheEnd) {
  RecurrentWeights w{one(1), one(1), {}, {}, {}};
  RecurrentOptions options;
  options.cell = RecurrentCell::RnnRelu;
  options.bidirectional = true;
  RecurrentResult r =
      recurrent(tensor({3, 1, 1}, {1, 10, 100}), {w, w}, Tensor({2, 1, 1}), {}, options);
  EXPECT_EQ(list(r.output.value()), (std::vector<double>{1, 111, 11, 110, 111, 100}));
  EXPECT_EQ(list(r.hidden.value()), (std::vector<double>{111, 111}));
}

TEST(Recurrent, CallsBetweenLayersOnly) {
  RecurrentWeights w{one(1), one(0), {}, {}, {}};
  std::vector<int64_t> layers;
  RecurrentOptions options;
  options.cell = RecurrentCell::RnnRelu;
  options.between = [&](const Variable &x, int64_t layer) {
    layers.push_back(layer);
    return scale(x, 2);
  };
  RecurrentResult r = recurrent(tensor({1, 1, 1}, {3}), {w, w, w}, Tensor({3, 1, 1}), {}, options);
  EXPECT_EQ(layers, (std::vector<int64_t>{0, 1}));
  EXPECT_EQ(r.output.value()[0], 12);
}
