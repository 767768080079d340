//===- Recurrent.cpp - RNN, LSTM, GRU and their cells ---------------------===//

#include "Linear.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

namespace {
enum class Cell { Rnn, Lstm, Gru };

/// A row of the closed list.
struct RecurrentRow {
  const char *name;
  Cell cell;
  int64_t gates;
};

constexpr RecurrentRow networkRows[] = {
    {"RNN", Cell::Rnn, 1}, {"LSTM", Cell::Lstm, 4}, {"GRU", Cell::Gru, 3}};
constexpr RecurrentRow cellRows[] = {
    {"RNNCell", Cell::Rnn, 1}, {"LSTMCell", Cell::Lstm, 4}, {"GRUCell", Cell::Gru, 3}};

struct RecurrentArguments {
  int64_t input = 1, hidden = 1, layers = 1, projection = 0;
  bool bias = true, batchFirst = false, bidirectional = false;
  double dropout = 0;
  std::string nonlinearity = "tanh";

  int64_t directions() const { return bidirectional ? 2 : 1; }
  int64_t output() const { return projection ? projection : hidden; }
};

/// State as inputs: the first for the hidden one, the second for an LSTM's cell.
class RecurrentLayer : public Layer {
public:
  RecurrentLayer(json::Fields &f, const RecurrentRow &row, RecurrentArguments arguments)
      : place(placeOf(f, "input_size")), row(row), a(std::move(arguments)) {}

  std::vector<Input> inputs(MLIRContext *context) const override;
  Values build(NetBuilder &net, StringRef path, ValueRange inputs) const override;

protected:
  virtual RankedTensorType inputType(MLIRContext *context) const = 0;
  virtual RankedTensorType stateType(MLIRContext *context, int64_t width) const = 0;
  /// Where the input (and the first result) and where the states have the batch.
  virtual int64_t batchDim() const = 0;
  virtual int64_t stateBatchDim() const = 0;
  /// Zeros of `type`, a state, with the batch size of `input`.
  virtual Value zeros(NetBuilder &net, Value input, RankedTensorType type) const = 0;
  virtual bool createWeights(NetBuilder &net, StringRef path, Values &weights) const = 0;
  virtual Operation *create(NetBuilder &net, StringRef path, Value input, ArrayRef<Value> states,
                            ValueRange weights) const = 0;

  bool createWeight(NetBuilder &net, StringRef path, const std::string &name,
                    ArrayRef<int64_t> shape, Values &weights) const;

private:
  Values addBatch(NetBuilder &net, ValueRange inputs) const;
  Values dropBatch(NetBuilder &net, ValueRange results) const;
  Operation *buildOp(NetBuilder &net, StringRef path, ValueRange inputs, ValueRange weights) const;

protected:
  json::Value place;
  const RecurrentRow &row;
  RecurrentArguments a;
};

class Network : public RecurrentLayer {
public:
  Network(json::Fields &f, const RecurrentRow &row, RecurrentArguments arguments)
      : RecurrentLayer(f, row, std::move(arguments)), layersPlace(placeOf(f, "num_layers")) {}

private:
  RankedTensorType inputType(MLIRContext *context) const override {
    return floats(context, {kAnySize, kAnySize, a.input});
  }
  RankedTensorType stateType(MLIRContext *context, int64_t width) const override {
    return floats(context, {a.layers * a.directions(), kAnySize, width});
  }
  ReturnForm returns() const override { return {.tuple = row.cell == Cell::Lstm ? 2u : 0u}; }
  int64_t batchDim() const override { return a.batchFirst ? 0 : 1; }
  int64_t stateBatchDim() const override { return 1; }
  Value zeros(NetBuilder &net, Value input, RankedTensorType type) const override;
  bool createWeights(NetBuilder &net, StringRef path, Values &weights) const override;
  Operation *create(NetBuilder &net, StringRef path, Value input, ArrayRef<Value> states,
                    ValueRange weights) const override;

  json::Value layersPlace;
};

class OneStep : public RecurrentLayer {
  using RecurrentLayer::RecurrentLayer;
  RankedTensorType inputType(MLIRContext *context) const override {
    return floats(context, {kAnySize, a.input});
  }
  RankedTensorType stateType(MLIRContext *context, int64_t width) const override {
    return floats(context, {kAnySize, width});
  }
  int64_t batchDim() const override { return 0; }
  int64_t stateBatchDim() const override { return 0; }
  Value zeros(NetBuilder &net, Value input, RankedTensorType type) const override;
  bool createWeights(NetBuilder &net, StringRef path, Values &weights) const override;
  Operation *create(NetBuilder &net, StringRef path, Value input, ArrayRef<Value> states,
                    ValueRange weights) const override;
};
} // namespace

//===----------------------------------------------------------------------===//
// Both
//===----------------------------------------------------------------------===//

std::vector<Input> RecurrentLayer::inputs(MLIRContext *context) const {
  std::vector<Input> all{{"input", inputType(context)},
                         {"h0", stateType(context, a.output()), /*optional=*/true, {}, "hx"}};
  if (row.cell == Cell::Lstm)
    all.push_back({"c0", stateType(context, a.hidden), /*optional=*/true, {}, "hx"});
  return all;
}

/// Every weight starts at U(+-1/sqrt(hidden_size)).
bool RecurrentLayer::createWeight(NetBuilder &net, StringRef path, const std::string &name,
                                  ArrayRef<int64_t> shape, Values &weights) const {
  double bound = kaimingBound(a.hidden);
  weights.push_back(net.parameter(path, name, shape, net.uniform(-bound, bound)));
  return bool(weights.back());
}

/// Every value as that of a batch of one; none after an error.
Values RecurrentLayer::addBatch(NetBuilder &net, ValueRange inputs) const {
  Values batches;
  for (auto [i, input] : llvm::enumerate(inputs)) {
    net.fixRank(input); // another rank would become a batch of something else
    batches.push_back(make<esper::UnsqueezeOp>(net, input, i ? stateBatchDim() : batchDim()));
  }
  return llvm::is_contained(batches, Value()) ? Values() : batches;
}

Values RecurrentLayer::dropBatch(NetBuilder &net, ValueRange results) const {
  Values singles;
  for (auto [i, result] : llvm::enumerate(results))
    singles.push_back(make<esper::SqueezeOp>(net, result, i ? stateBatchDim() : batchDim()));
  return singles;
}

/// torch takes an input without a batch, and then states without one, as a
/// batch of one.
Values RecurrentLayer::build(NetBuilder &net, StringRef path, ValueRange inputs) const {
  At at(net, place);
  Values weights;
  if (!createWeights(net, path, weights))
    return {};
  bool single = typeOf(inputs[0]).getRank() == inputType(net.context()).getRank() - 1;
  Values batches = single ? addBatch(net, inputs) : Values(inputs);
  Operation *op = batches.empty() ? nullptr : buildOp(net, path, batches, weights);
  if (!op)
    return {};
  return single ? dropBatch(net, op->getResults()) : Values(op->getResults());
}

/// Null after an error.
Operation *RecurrentLayer::buildOp(NetBuilder &net, StringRef path, ValueRange inputs,
                                   ValueRange weights) const {
  Values states;
  for (Value state : inputs.drop_front()) {
    int64_t width = states.empty() ? a.output() : a.hidden;
    RankedTensorType type = stateType(net.context(), width);
    states.push_back(valueOr(net, state, [&] { return zeros(net, inputs[0], type); }));
    if (!states.back())
      return nullptr;
  }
  states.resize(2);
  return create(net, path, inputs[0], states, weights);
}

//===----------------------------------------------------------------------===//
// Networks
//===----------------------------------------------------------------------===//

bool Network::createWeights(NetBuilder &net, StringRef path, Values &weights) const {
  int64_t gates = row.gates * a.hidden;
  for (int64_t layer = 0; layer < a.layers; ++layer) {
    At at(net, layer > 0 ? layersPlace : place);
    if (layer > 0 && !net.countLayer())
      return false;
    int64_t in = layer == 0 ? a.input : a.output() * a.directions();
    for (int64_t direction = 0; direction < a.directions(); ++direction) {
      std::string end = "_l" + std::to_string(layer) + (direction ? "_reverse" : "");
      bool good = createWeight(net, path, "weight_ih" + end, {gates, in}, weights) &&
                  createWeight(net, path, "weight_hh" + end, {gates, a.output()}, weights);
      if (good && a.bias)
        good = createWeight(net, path, "bias_ih" + end, {gates}, weights) &&
               createWeight(net, path, "bias_hh" + end, {gates}, weights);
      if (good && a.projection)
        good = createWeight(net, path, "weight_hr" + end, {a.projection, a.hidden}, weights);
      if (!good)
        return false;
    }
  }
  return true;
}

/// No column of the input, summed over the positions and padded to the state's
/// size: it has the input's batch size and device and nothing of its values.
Value Network::zeros(NetBuilder &net, Value input, RankedTensorType type) const {
  IntegerAttr none = net.ops().getI64IntegerAttr(0);
  Value empty = make<esper::SliceOp>(net, input, -1, 0, none);
  if (empty && a.batchFirst)
    empty = make<esper::TransposeOp>(net, empty, 0, 1);
  empty = empty ? make<esper::ReduceOp>(net, empty, esper::ReduceKind::Sum, ArrayRef<int64_t>{0},
                                        /*keepdim=*/true)
                : Value();
  SmallVector<int64_t> pads{0, type.getDimSize(2), 0, 0, 0, type.getDimSize(0) - 1};
  return empty ? make<esper::PadOp>(net, empty, ArrayRef<int64_t>(pads), esper::PadMode::Constant,
                                    llvm::APFloat(0.0))
               : Value();
}

Operation *Network::create(NetBuilder &net, StringRef path, Value input, ArrayRef<Value> states,
                           ValueRange weights) const {
  net.fixRank(input); // ATen computes with any rank; some bring it down
  Value training = net.training(path);
  llvm::APFloat dropout(a.dropout);
  if (row.cell == Cell::Lstm)
    return net.create<esper::LstmOp>(input, states[0], states[1], training, weights, a.hidden,
                                     a.layers, a.bias, a.batchFirst, dropout, a.bidirectional,
                                     a.projection);
  if (row.cell == Cell::Gru)
    return net.create<esper::GruOp>(input, states[0], training, weights, a.hidden, a.layers, a.bias,
                                    a.batchFirst, dropout, a.bidirectional);
  return net.create<esper::RnnOp>(input, states[0], training, weights, a.hidden, a.layers, a.bias,
                                  a.batchFirst, dropout, a.bidirectional, a.nonlinearity);
}

//===----------------------------------------------------------------------===//
// Cells
//===----------------------------------------------------------------------===//

bool OneStep::createWeights(NetBuilder &net, StringRef path, Values &weights) const {
  int64_t gates = row.gates * a.hidden;
  bool good = createWeight(net, path, "weight_ih", {gates, a.input}, weights) &&
              createWeight(net, path, "weight_hh", {gates, a.hidden}, weights);
  if (good && a.bias)
    good = createWeight(net, path, "bias_ih", {gates}, weights) &&
           createWeight(net, path, "bias_hh", {gates}, weights);
  weights.resize(4);
  return good;
}

Value OneStep::zeros(NetBuilder &net, Value input, RankedTensorType type) const {
  IntegerAttr none = net.ops().getI64IntegerAttr(0);
  Value empty = make<esper::SliceOp>(net, input, -1, 0, none);
  SmallVector<int64_t> pads{0, type.getDimSize(1)};
  return empty ? make<esper::PadOp>(net, empty, ArrayRef<int64_t>(pads), esper::PadMode::Constant,
                                    llvm::APFloat(0.0))
               : Value();
}

Operation *OneStep::create(NetBuilder &net, StringRef, Value input, ArrayRef<Value> states,
                           ValueRange weights) const {
  Value wIh = weights[0], wHh = weights[1], bIh = weights[2], bHh = weights[3];
  if (row.cell == Cell::Lstm)
    return net.create<esper::LstmCellOp>(input, states[0], states[1], wIh, wHh, bIh, bHh);
  if (row.cell == Cell::Gru)
    return net.create<esper::GruCellOp>(input, states[0], wIh, wHh, bIh, bHh);
  return net.create<esper::RnnCellOp>(input, states[0], wIh, wHh, bIh, bHh, a.nonlinearity);
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

static RecurrentArguments readSizes(json::Fields &f, const RecurrentRow &row) {
  RecurrentArguments a;
  a.input = f.integer("input_size", json::kLayerSize).value_or(1);
  a.hidden = f.integer("hidden_size", json::kLayerSize).value_or(1);
  a.bias = f.booleanOr("bias", true);
  if (row.cell == Cell::Rnn)
    a.nonlinearity = f.oneOf("nonlinearity", {"tanh", "relu"}, "tanh");
  refuseFactoryArguments(f);
  return a;
}

static LayerPtr readNetwork(json::Fields &f, const RecurrentRow &row) {
  RecurrentArguments a = readSizes(f, row);
  a.layers = f.integerOr("num_layers", 1, json::kLayerSize);
  a.batchFirst = f.booleanOr("batch_first", false);
  a.dropout = f.numberOr("dropout", 0, json::kProbability);
  a.bidirectional = f.booleanOr("bidirectional", false);
  if (row.cell == Cell::Lstm)
    a.projection = f.integerOr("proj_size", 0, {0, json::kLayerSize.max});
  if (f.ok() && a.projection >= a.hidden)
    f.error("proj_size", "expected less than hidden_size (" + std::to_string(a.hidden) +
                             "), found " + std::to_string(a.projection));
  if (f.ok() && a.dropout > 0 && a.layers == 1)
    f.warning("dropout", "acts between layers, and there is only one");
  return f.ok() ? std::make_unique<Network>(f, row, a) : nullptr;
}

static LayerPtr readCell(json::Fields &f, const RecurrentRow &row) {
  RecurrentArguments a = readSizes(f, row);
  return f.ok() ? std::make_unique<OneStep>(f, row, a) : nullptr;
}

LayerTable tez::blueprint::recurrentLayers() {
  LayerTable table = tableOf<networkRows, readNetwork>();
  llvm::append_range(table, tableOf<cellRows, readCell>());
  return table;
}
