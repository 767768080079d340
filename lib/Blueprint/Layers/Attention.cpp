//===- Attention.cpp - MultiheadAttention ---------------------------------===//

#include "Attention.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

//===----------------------------------------------------------------------===//
// State
//===----------------------------------------------------------------------===//

namespace {
/// Creates one parameter after another until one is refused.
struct Maker {
  NetBuilder &net;
  StringRef path;
  bool good = true;

  Value operator()(StringRef name, ArrayRef<int64_t> shape, esper::InitAttr init) {
    Value value = good ? net.parameter(path, name, shape, init) : Value();
    good &= bool(value);
    return value;
  }
  /// xavier_uniform of a matrix.
  Value xavier(StringRef name, int64_t rows, int64_t columns) {
    double bound = xavierBound(columns, rows);
    return (*this)(name, {rows, columns}, net.uniform(-bound, bound));
  }
};
} // namespace

bool AttentionState::create(NetBuilder &net, StringRef path, const AttentionArguments &a) {
  Maker make{net, path};
  if (a.isPacked()) {
    packed = make.xavier("in_proj_weight", 3 * a.embed, a.embed);
  } else {
    query = make.xavier("q_proj_weight", a.embed, a.embed);
    key = make.xavier("k_proj_weight", a.embed, a.keySize());
    value = make.xavier("v_proj_weight", a.embed, a.valueSize());
  }
  if (a.bias)
    bias = make("in_proj_bias", {3 * a.embed}, net.constant(0));
  if (a.biasKeyValue) {
    // xavier_normal: fan-in and fan-out of a (1, 1, E) tensor are both E.
    esper::InitAttr init = net.normal(0, 1 / std::sqrt(double(a.embed)));
    keyBias = make("bias_k", {1, 1, a.embed}, init);
    valueBias = make("bias_v", {1, 1, a.embed}, init);
  }
  double bound =
      a.outputInit == LinearInit::Kaiming ? kaimingBound(a.embed) : xavierBound(a.embed, a.embed);
  std::string inner = joinPath(path, "out_proj");
  make.path = inner;
  output.weight = make("weight", {a.embed, a.embed}, net.uniform(-bound, bound));
  if (a.bias)
    output.bias = make("bias", {a.embed}, net.constant(0));
  return make.good;
}

esper::AttentionOp AttentionState::apply(NetBuilder &net, StringRef path,
                                         const AttentionArguments &a, Value q, Value k,
                                         Value v) const {
  return net.create<esper::AttentionOp>(q, k, v, packed, query, key, value, bias, keyBias,
                                        valueBias, output.weight, output.bias, net.training(path),
                                        a.heads, llvm::APFloat(a.dropout), a.causal, a.batchFirst,
                                        a.zeroAttention, a.needsWeights);
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

namespace {
class AttentionLayer : public Layer {
public:
  AttentionLayer(json::Fields &f, const AttentionArguments &arguments)
      : place(placeOf(f, "embed_dim")), keyPlace(f.has("kdim") ? placeOf(f, "kdim") : place),
        valuePlace(f.has("vdim") ? placeOf(f, "vdim") : place), a(arguments) {}

  std::vector<Input> inputs(MLIRContext *context) const override;
  size_t minInputs() const override { return 3; }
  Values build(NetBuilder &net, StringRef path, ValueRange inputs) const override;

protected:
  const json::Value &blame(Value query, Value key, Value value) const;

  json::Value place, keyPlace, valuePlace;
  AttentionArguments a;
};

class GraphAttention : public AttentionLayer {
public:
  using AttentionLayer::AttentionLayer;
  size_t minInputs() const override { return 1; }
  Values build(NetBuilder &net, StringRef path, ValueRange inputs) const override;
};
} // namespace

/// A caller may leave out key and value where the query can stand for them.
std::vector<Input> AttentionLayer::inputs(MLIRContext *context) const {
  auto sequence = [&](int64_t width) { return floats(context, {kAnySize, kAnySize, width}); };
  return {{"query", sequence(a.embed)},
          {"key", sequence(a.keySize()), a.isPacked()},
          {"value", sequence(a.valueSize()), a.isPacked()}};
}

/// `operands` as batches of one. Equal operands stay equal: then one product
/// projects them. Null ones after an error.
static std::array<Value, 3> addBatch(NetBuilder &net, int64_t dim, std::array<Value, 3> operands) {
  std::array<Value, 3> batches;
  for (unsigned i = 0; i < 3; ++i) {
    auto *same = llvm::find(ArrayRef(operands).take_front(i), operands[i]);
    unsigned first = same - operands.begin();
    batches[i] = first < i ? batches[first] : make<esper::UnsqueezeOp>(net, operands[i], dim);
  }
  return batches;
}

/// torch takes sequences of rank 2, without a batch, too.
static Values attend(NetBuilder &net, StringRef path, const AttentionArguments &a,
                     const AttentionState &state, std::array<Value, 3> in) {
  bool single = llvm::all_of(in, [](Value v) { return typeOf(v).getRank() == 2; });
  int64_t batch = a.batchFirst ? 0 : 1;
  if (single)
    in = addBatch(net, batch, in);
  if (llvm::is_contained(in, Value()))
    return {};
  esper::AttentionOp op = state.apply(net, path, a, in[0], in[1], in[2]);
  if (!op || !single)
    return op ? Values(op->getResults()) : Values();
  Values results = {make<esper::SqueezeOp>(net, op.getOutput(), batch)};
  if (op.getWeights())
    results.push_back(make<esper::SqueezeOp>(net, op.getWeights(), 0));
  return llvm::is_contained(results, Value()) ? Values() : results;
}

/// The first width that the operand does not have.
const json::Value &AttentionLayer::blame(Value query, Value key, Value value) const {
  auto isOther = [](Value operand, int64_t width) {
    RankedTensorType type = typeOf(operand);
    return type.getRank() > 0 && !type.isDynamicDim(type.getRank() - 1) &&
           type.getShape().back() != width;
  };
  if (isOther(query, a.embed))
    return place;
  if (isOther(key, a.keySize()))
    return keyPlace;
  return isOther(value, a.valueSize()) ? valuePlace : place;
}

Values AttentionLayer::build(NetBuilder &net, StringRef path, ValueRange inputs) const {
  At at(net, place);
  auto query = [&] { return inputs[0]; };
  Value key = valueOr(net, inputs[1], query), value = valueOr(net, inputs[2], query);
  At fault(net, blame(inputs[0], key, value));
  AttentionState state;
  if (!state.create(net, path, a))
    return {};
  return attend(net, path, a, state, {inputs[0], key, value});
}

Values GraphAttention::build(NetBuilder &net, StringRef path, ValueRange inputs) const {
  if (inputs.size() == 1)
    return AttentionLayer::build(net, path, {inputs[0], inputs[0], inputs[0]});
  if (inputs.size() == 3)
    return AttentionLayer::build(net, path, inputs);
  emitError(net.loc()) << "attention takes one operand (self-attention) or three (query, key, "
                          "value), found "
                       << inputs.size();
  return {};
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

static AttentionArguments readArguments(json::Fields &f, bool batchFirst) {
  AttentionArguments a;
  auto embed = f.integer("embed_dim", json::kLayerSize);
  auto heads = f.integer("num_heads", json::kLayerSize);
  checkDivides(f, "num_heads", heads, "embed_dim", embed);
  a.embed = embed.value_or(1);
  a.heads = heads.value_or(1);
  a.dropout = f.numberOr("dropout", 0, json::kProbability);
  a.bias = f.booleanOr("bias", true);
  a.keyWidth = f.optionalInteger("kdim", json::kLayerSize);
  a.valueWidth = f.optionalInteger("vdim", json::kLayerSize);
  a.batchFirst = f.booleanOr("batch_first", batchFirst);
  return a;
}

static LayerPtr readMultiheadAttention(json::Fields &f) {
  AttentionArguments a = readArguments(f, /*batchFirst=*/false);
  a.biasKeyValue = f.booleanOr("add_bias_kv", false);
  a.zeroAttention = f.booleanOr("add_zero_attn", false);
  refuseFactoryArguments(f);
  return f.ok() ? std::make_unique<AttentionLayer>(f, a) : nullptr;
}

LayerPtr tez::blueprint::readGraphAttention(json::Fields &f) {
  AttentionArguments a = readArguments(f, /*batchFirst=*/true);
  a.causal = f.booleanOr("causal", false);
  a.needsWeights = false;
  return f.ok() ? std::make_unique<GraphAttention>(f, a) : nullptr;
}

LayerTable tez::blueprint::attentionLayers() {
  return {{"MultiheadAttention", readMultiheadAttention}};
}
