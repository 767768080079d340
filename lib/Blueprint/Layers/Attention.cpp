//===- Attention.cpp - MultiheadAttention ---------------------------------===//

#include "Attention.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>
#include <limits>

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
                                         const AttentionArguments &a, Value q, Value k, Value v,
                                         Value mask) const {
  return net.create<esper::AttentionOp>(q, k, v, packed, query, key, value, bias, keyBias,
                                        valueBias, output.weight, output.bias, net.training(path),
                                        mask, a.heads, llvm::APFloat(a.dropout), a.causal,
                                        a.batchFirst, a.zeroAttention, a.needsWeights);
}

//===----------------------------------------------------------------------===//
// Masks
//===----------------------------------------------------------------------===//

static bool checkMask(NetBuilder &net, Value mask, ArrayRef<int64_t> ranks, StringRef name) {
  RankedTensorType type = mask ? typeOf(mask) : RankedTensorType();
  if (!mask || (llvm::is_contained(ranks, type.getRank()) &&
                (type.getElementType().isF32() || type.getElementType().isInteger(1))))
    return true;
  InFlightDiagnostic error = emitError(net.loc()) << "expected " << name << " of rank ";
  llvm::interleave(ranks, [&](int64_t rank) { error << rank; }, [&] { error << " or "; });
  error << " with elements of type float32 or bool, found " << type;
  return false;
}

bool AttentionMasks::check(NetBuilder &net, bool batched,
                           std::pair<StringRef, StringRef> names) const {
  return checkMask(net, positions, {2, 3}, names.first) &&
         checkMask(net, padding, batched ? 2 : 1, names.second);
}

/// -inf where a boolean hides.
static Value asNumbers(NetBuilder &net, Value mask, Value like) {
  if (!typeOf(mask).getElementType().isInteger(1))
    return mask;
  auto number = [&](double value) {
    return make<esper::FullOp>(net, like, llvm::APFloat(value), net.ops().getDenseI64ArrayAttr({}));
  };
  Value hidden = number(-std::numeric_limits<double>::infinity()), seen = number(0);
  return hidden && seen ? make<esper::WhereOp>(net, mask, hidden, seen) : Value();
}

/// With dimensions of one before `dim` until it has rank 4.
static Value padRank(NetBuilder &net, Value mask, int64_t dim) {
  while (mask && typeOf(mask).getRank() < 4)
    mask = make<esper::UnsqueezeOp>(net, mask, dim);
  return mask;
}

/// torch has the heads of a sample behind one another.
static Value splitHeads(NetBuilder &net, Value mask, int64_t heads) {
  if (typeOf(mask).getRank() == 3)
    mask = make<esper::UnflattenOp>(net, mask, 0, ArrayRef<int64_t>{-1, heads});
  return padRank(net, mask, 0);
}

/// (batch, 1, 1, keys).
static Value ofBatch(NetBuilder &net, Value mask) {
  if (typeOf(mask).getRank() == 1)
    mask = make<esper::UnsqueezeOp>(net, mask, 0);
  return padRank(net, mask, 1);
}

std::optional<Value> AttentionMasks::sum(NetBuilder &net, int64_t heads, Value like) const {
  Value total;
  for (auto [mask, isPadding] : {std::pair{positions, false}, {padding, true}}) {
    if (!mask)
      continue;
    Value term = isPadding ? ofBatch(net, mask) : splitHeads(net, mask, heads);
    term = term ? asNumbers(net, term, like) : Value();
    if (term && total)
      term = make<esper::AddOp>(net, total, term);
    if (!term)
      return std::nullopt;
    total = term;
  }
  return total;
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
  std::vector<std::string> masks() const override { return {"key_padding_mask", "attn_mask"}; }
  std::vector<std::string> parameters(MLIRContext *context) const override;
  std::unique_ptr<Layer> withFlag(StringRef flag, bool value) const override;
  ReturnForm returns() const override { return {.nones = a.needsWeights ? 0u : 1u}; }
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

std::vector<std::string> AttentionLayer::parameters(MLIRContext *) const {
  return {"query",
          "key",
          "value",
          "key_padding_mask",
          "need_weights",
          "attn_mask",
          "average_attn_weights",
          "is_causal"};
}

/// `is_causal` is a promise about the mask that nobody can check here.
std::unique_ptr<Layer> AttentionLayer::withFlag(StringRef flag, bool value) const {
  if (flag == "average_attn_weights" ? !value : flag == "is_causal" && value)
    return nullptr;
  auto changed = std::make_unique<AttentionLayer>(*this);
  changed->a.needsWeights = flag == "need_weights" ? value : a.needsWeights;
  return changed;
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
                     const AttentionState &state, std::array<Value, 3> in,
                     const AttentionMasks &masks) {
  bool single = llvm::all_of(in, [](Value v) { return typeOf(v).getRank() == 2; });
  if (!masks.check(net, !single, {"attn_mask", "key_padding_mask"}))
    return {};
  std::optional<Value> mask = masks.sum(net, a.heads, in[0]);
  if (!mask)
    return {};
  int64_t batch = a.batchFirst ? 0 : 1;
  if (single)
    in = addBatch(net, batch, in);
  if (llvm::is_contained(in, Value()))
    return {};
  esper::AttentionOp op = state.apply(net, path, a, in[0], in[1], in[2], *mask);
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
  auto given = [&](size_t i) { return i < inputs.size() ? inputs[i] : Value(); };
  return attend(net, path, a, state, {inputs[0], key, value}, {given(4), given(3)});
}

Values GraphAttention::build(NetBuilder &net, StringRef path, ValueRange inputs) const {
  SmallVector<Value> all(inputs);
  all.resize(std::max<size_t>(all.size(), 3));
  if (!all[1] && !all[2])
    all[1] = all[2] = all[0];
  if (all[1] && all[2])
    return AttentionLayer::build(net, path, all);
  emitError(net.loc()) << "attention takes one operand (self-attention) or three (query, key, "
                          "value), and masks behind them by name; found "
                       << (all[1] ? "a key without a value" : "a value without a key");
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
