//===- Transformer.cpp - Encoder and decoder layers, stacks, Transformer --===//
//
// torch builds a stack from a layer object; a blueprint writes the layer's
// constructor arguments instead:
//
//   {"encoder_layer": {"d_model": 64, "nhead": 4}, "num_layers": 2,
//    "norm": {"type": "LayerNorm", "normalized_shape": 64}}
//
//===----------------------------------------------------------------------===//

#include "Transformer.h"
#include "Sequential.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

namespace {
/// Sequences of rank 2, which have no batch, are batches of one to torch.
Value withBatch(NetBuilder &net, const BlockArguments &a, ValueRange inputs,
                llvm::function_ref<Value(ValueRange)> compute) {
  if (llvm::any_of(inputs, [](Value input) { return typeOf(input).getRank() != 2; }))
    return compute(inputs);
  int64_t dim = a.batchFirst ? 0 : 1;
  Values batches;
  for (Value input : inputs) {
    net.fixRank(input); // another rank would become a batch of something else
    batches.push_back(make<esper::UnsqueezeOp>(net, input, dim));
  }
  Value result = llvm::is_contained(batches, Value()) ? Value() : compute(batches);
  return result ? make<esper::SqueezeOp>(net, result, dim) : Value();
}

/// Layers of one or two sequences. Each attention in them has a mask of positions and one of
/// padding; the names are torch's, all masks of positions in front of all of padding.
class SequenceLayer : public Layer {
public:
  using Names = std::vector<std::string>;
  SequenceLayer(const json::Value &place, const BlockArguments &a, Names sequences, Names masks,
                Names paddings)
      : place(place), a(a), sequences(std::move(sequences)), positions(std::move(masks)),
        paddings(std::move(paddings)) {}

  /// (batch, positions, model) in either order.
  std::vector<Input> inputs(MLIRContext *context) const override {
    std::vector<Input> inputs;
    for (const std::string &name : sequences)
      inputs.push_back({name, floats(context, {kAnySize, kAnySize, a.model})});
    return inputs;
  }
  size_t minInputs() const override { return sequences.size(); }
  Names masks() const override {
    Names names = positions;
    llvm::append_range(names, paddings);
    return names;
  }
  RankedTensorType inputFor(RankedTensorType output) const override {
    return sequences.size() == 1 ? output : RankedTensorType();
  }
  Values build(NetBuilder &net, StringRef path, ValueRange inputs) const override;

protected:
  /// Null after an error. `masks`: of each attention, may be null.
  virtual Value apply(NetBuilder &net, StringRef path, ValueRange inputs,
                      ArrayRef<Value> masks) const = 0;

  json::Value place;
  BlockArguments a;

private:
  /// Nullopt after an error.
  std::optional<Values> sumMasks(NetBuilder &net, bool batched, ValueRange inputs) const;

  Names sequences, positions, paddings;
};
} // namespace

std::optional<Values> SequenceLayer::sumMasks(NetBuilder &net, bool batched,
                                              ValueRange inputs) const {
  Values sums;
  auto given = [&](size_t i) { return i < inputs.size() ? inputs[i] : Value(); };
  size_t first = sequences.size(), count = positions.size();
  for (size_t i = 0; i < count; ++i) {
    AttentionMasks masks{given(first + i), given(first + count + i)};
    if (!masks.check(net, batched, {positions[i], paddings[i]}))
      return std::nullopt;
    std::optional<Value> sum = masks.sum(net, a.heads, inputs.front());
    if (!sum)
      return std::nullopt;
    sums.push_back(*sum);
  }
  return sums;
}

Values SequenceLayer::build(NetBuilder &net, StringRef path, ValueRange inputs) const {
  At at(net, place);
  ValueRange own = inputs.take_front(sequences.size());
  bool batched = llvm::any_of(own, [](Value input) { return typeOf(input).getRank() != 2; });
  std::optional<Values> masks = sumMasks(net, batched, inputs);
  if (!masks)
    return {};
  auto compute = [&](ValueRange in) { return apply(net, path, in, *masks); };
  Value result = withBatch(net, a, own, compute);
  return result ? Values{result} : Values{};
}

namespace {
class EncoderLayer : public SequenceLayer {
public:
  EncoderLayer(const json::Value &place, const BlockArguments &a)
      : SequenceLayer(place, a, {"src"}, {"src_mask"}, {"src_key_padding_mask"}) {}
  Value apply(NetBuilder &net, StringRef path, ValueRange inputs,
              ArrayRef<Value> masks) const override {
    return buildEncoderBlock(net, path, a, inputs[0], masks[0]);
  }
};

/// Layers of two inputs, the target and what the encoder made.
class TargetLayer : public SequenceLayer {
public:
  TargetLayer(const json::Value &place, const BlockArguments &a)
      : SequenceLayer(place, a, {"tgt", "memory"}, {"tgt_mask", "memory_mask"},
                      {"tgt_key_padding_mask", "memory_key_padding_mask"}) {}
};

class DecoderLayer : public TargetLayer {
public:
  using TargetLayer::TargetLayer;
  Value apply(NetBuilder &net, StringRef path, ValueRange inputs,
              ArrayRef<Value> masks) const override {
    return buildDecoderBlock(net, path, a, inputs[0], {inputs[1], masks[0], masks[1]});
  }
};

/// Applies `block` to `x` once for each of `layers.0`, `layers.1` ...
Value buildStack(NetBuilder &net, StringRef path, int64_t count, Value x,
                 llvm::function_ref<Value(StringRef path, Value x)> block) {
  for (int64_t i = 0; x && i < count; ++i)
    x = net.countLayer() ? block(joinPath(path, "layers." + std::to_string(i)), x) : Value();
  return x;
}

/// The number of layers and the norm behind them, which may be missing.
struct Stack {
  int64_t count = 1;
  std::shared_ptr<Layer> norm;

  Value finish(NetBuilder &net, StringRef path, Value x) const {
    if (!x || !norm)
      return x;
    Values results = norm->build(net, joinPath(path, "norm"), x);
    return results.empty() ? Value() : results.front();
  }
};

class Encoder : public SequenceLayer {
public:
  Encoder(const json::Value &place, const BlockArguments &a, Stack stack)
      : SequenceLayer(place, a, {"src"}, {"mask"}, {"src_key_padding_mask"}),
        stack(std::move(stack)) {}
  Value apply(NetBuilder &net, StringRef path, ValueRange inputs,
              ArrayRef<Value> masks) const override {
    Value x = buildStack(net, path, stack.count, inputs[0], [&](StringRef inner, Value y) {
      return buildEncoderBlock(net, inner, a, y, masks[0]);
    });
    return stack.finish(net, path, x);
  }

private:
  Stack stack;
};

class Decoder : public TargetLayer {
public:
  Decoder(const json::Value &place, const BlockArguments &a, Stack stack)
      : TargetLayer(place, a), stack(std::move(stack)) {}
  Value apply(NetBuilder &net, StringRef path, ValueRange inputs,
              ArrayRef<Value> masks) const override {
    Value x = buildStack(net, path, stack.count, inputs[0], [&](StringRef inner, Value y) {
      return buildDecoderBlock(net, inner, a, y, {inputs[1], masks[0], masks[1]});
    });
    return stack.finish(net, path, x);
  }

private:
  Stack stack;
};

class TransformerLayer : public SequenceLayer {
public:
  TransformerLayer(const json::Value &place, const BlockArguments &a, int64_t encoders,
                   int64_t decoders)
      : SequenceLayer(place, a, {"src", "tgt"}, {"src_mask", "tgt_mask", "memory_mask"},
                      {"src_key_padding_mask", "tgt_key_padding_mask", "memory_key_padding_mask"}),
        encoders(encoders), decoders(decoders) {}
  Value apply(NetBuilder &net, StringRef path, ValueRange inputs,
              ArrayRef<Value> masks) const override;

private:
  int64_t encoders, decoders;
};
} // namespace

Value TransformerLayer::apply(NetBuilder &net, StringRef path, ValueRange inputs,
                              ArrayRef<Value> masks) const {
  std::string encoder = joinPath(path, "encoder"), decoder = joinPath(path, "decoder");
  Value memory = buildStack(net, encoder, encoders, inputs[0], [&](StringRef inner, Value x) {
    return buildEncoderBlock(net, inner, a, x, masks[0]);
  });
  memory = memory ? buildLayerNorm(net, joinPath(encoder, "norm"), a, memory) : Value();
  if (!memory)
    return {};
  Value x = buildStack(net, decoder, decoders, inputs[1], [&](StringRef inner, Value y) {
    return buildDecoderBlock(net, inner, a, y, {memory, masks[1], masks[2]});
  });
  return x ? buildLayerNorm(net, joinPath(decoder, "norm"), a, x) : Value();
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

template <typename T> static LayerPtr readOne(json::Fields &f) {
  BlockArguments a = readBlock(f);
  return f.ok() ? std::make_unique<T>(placeOf(f, "d_model"), a) : nullptr;
}

/// The layer's arguments in an object of their own; its `type` may be stated.
static std::optional<BlockArguments> readInner(json::Fields &f, std::string_view name,
                                               std::string_view type) {
  json::Fields inner = f.child(name);
  BlockArguments a = readBlock(inner);
  std::string full = "torch.nn." + std::string(type);
  if (inner.has("type"))
    (void)inner.oneOf("type", {type, full});
  if (inner.finish())
    return a;
  f.fail(name);
  return std::nullopt;
}

static Stack readStack(json::Fields &f) {
  Stack stack;
  stack.count = f.integer("num_layers", json::kLayerSize).value_or(1);
  if (f.has("norm")) {
    json::Fields inner = f.child("norm");
    stack.norm = readTypedLayer(inner);
    if (!stack.norm)
      f.fail("norm");
  }
  return stack;
}

static LayerPtr readEncoder(json::Fields &f) {
  auto block = readInner(f, "encoder_layer", "TransformerEncoderLayer");
  Stack stack = readStack(f);
  // Both choose among ways to compute the same.
  (void)f.booleanOr("enable_nested_tensor", true);
  (void)f.booleanOr("mask_check", true);
  return f.ok() ? std::make_unique<Encoder>(placeOf(f, "encoder_layer"), *block, stack) : nullptr;
}

static LayerPtr readDecoder(json::Fields &f) {
  auto block = readInner(f, "decoder_layer", "TransformerDecoderLayer");
  Stack stack = readStack(f);
  return f.ok() ? std::make_unique<Decoder>(placeOf(f, "decoder_layer"), *block, stack) : nullptr;
}

static LayerPtr readTransformer(json::Fields &f) {
  BlockArguments a = readBlock(f, /*defaultModel=*/512, /*defaultHeads=*/8);
  a.init = LinearInit::Xavier;
  int64_t encoders = f.integerOr("num_encoder_layers", 6, json::kLayerSize);
  int64_t decoders = f.integerOr("num_decoder_layers", 6, json::kLayerSize);
  f.refuse("custom_encoder", "a blueprint cannot hold a module object");
  f.refuse("custom_decoder", "a blueprint cannot hold a module object");
  return f.ok() ? std::make_unique<TransformerLayer>(placeOf(f, "d_model"), a, encoders, decoders)
                : nullptr;
}

LayerTable tez::blueprint::transformerLayers() {
  return {{"TransformerEncoderLayer", readOne<EncoderLayer>},
          {"TransformerDecoderLayer", readOne<DecoderLayer>},
          {"TransformerEncoder", readEncoder},
          {"TransformerDecoder", readDecoder},
          {"Transformer", readTransformer}};
}
