//===- TransformerBlock.cpp - One layer of an encoder or decoder ----------===//

#include "Transformer.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

AttentionArguments BlockArguments::attention() const {
  AttentionArguments a;
  a.embed = model;
  a.heads = heads;
  a.dropout = dropout;
  a.bias = bias;
  a.batchFirst = batchFirst;
  a.needsWeights = false;
  a.outputInit = init;
  return a;
}

BlockArguments tez::blueprint::readBlock(json::Fields &f, int64_t defaultModel,
                                         int64_t defaultHeads) {
  BlockArguments a;
  auto size = [&](std::string_view name, int64_t fallback) {
    return fallback ? f.integerOr(name, fallback, json::kLayerSize)
                    : f.integer(name, json::kLayerSize).value_or(1);
  };
  a.model = size("d_model", defaultModel);
  a.heads = size("nhead", defaultHeads);
  checkDivides(f, "nhead", a.heads, "d_model", a.model);
  a.hidden = f.integerOr("dim_feedforward", a.hidden, json::kLayerSize);
  a.dropout = f.numberOr("dropout", a.dropout, json::kProbability);
  a.gelu = f.oneOf("activation", {"relu", "gelu"}, "relu") == "gelu";
  a.eps = f.numberOr("layer_norm_eps", a.eps, {.min = 0});
  a.batchFirst = f.booleanOr("batch_first", false);
  a.normFirst = f.booleanOr("norm_first", false);
  a.bias = f.booleanOr("bias", true);
  refuseFactoryArguments(f);
  return a;
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

static Value applyNorm(NetBuilder &net, const BlockArguments &a, const ScaleState &scale, Value x) {
  return make<esper::LayerNormOp>(net, x, scale.weight, scale.bias, ArrayRef<int64_t>{a.model},
                                  llvm::APFloat(a.eps));
}

Value tez::blueprint::buildLayerNorm(NetBuilder &net, StringRef path, const BlockArguments &a,
                                     Value x) {
  ScaleState scale;
  return scale.create(net, path, {a.model}, /*affine=*/true, a.bias) ? applyNorm(net, a, scale, x)
                                                                     : Value();
}

namespace {
/// The parameters of a block and what its parts compute. Each part takes and
/// returns a value that is null after an error.
struct TransformerBlock {
  NetBuilder &net;
  StringRef path;
  const BlockArguments &a;
  AttentionState self, cross;
  LinearState wide, narrow;
  ScaleState norms[3];

  std::string at(StringRef name) const { return joinPath(path, name); }
  bool create(bool decoder);

  Value norm(unsigned index, Value x) const {
    return x ? applyNorm(net, a, norms[index], x) : Value();
  }
  Value drop(StringRef name, Value x) const {
    return x ? make<esper::DropoutOp>(net, x, net.training(at(name)), llvm::APFloat(a.dropout),
                                      esper::DropoutKind::Element)
             : Value();
  }
  Value attend(const AttentionState &state, StringRef name, StringRef dropout, Value x,
               Value memory, Value mask) const {
    AttentionArguments arguments = a.attention();
    return x ? drop(dropout,
                    resultOf(state.apply(net, at(name), arguments, x, memory, memory, mask)))
             : Value();
  }
  Value feed(StringRef dropout, Value x) const;

  /// x + part(norm(x)) or norm(x + part(x)).
  Value residual(unsigned index, Value x, llvm::function_ref<Value(Value)> part) const;
};
} // namespace

/// In torch's order of the state dict, which is not that of the use.
bool TransformerBlock::create(bool decoder) {
  AttentionArguments attention = a.attention();
  if (!self.create(net, at("self_attn"), attention) ||
      (decoder && !cross.create(net, at("multihead_attn"), attention)))
    return false;
  wide = LinearState::create(net, at("linear1"), a.model, a.hidden, a.bias, a.init);
  if (wide)
    narrow = LinearState::create(net, at("linear2"), a.hidden, a.model, a.bias, a.init);
  if (!narrow)
    return false;
  for (unsigned i = 0; i < (decoder ? 3 : 2); ++i)
    if (!norms[i].create(net, at("norm" + std::to_string(i + 1)), {a.model}, true, a.bias))
      return false;
  return true;
}

Value TransformerBlock::feed(StringRef dropout, Value x) const {
  x = x ? wide.apply(net, x) : Value();
  x = x ? make<esper::ActivationOp>(net, a.gelu ? "gelu" : "relu", ArrayRef<double>{}, x) : Value();
  x = drop("dropout", x);
  x = x ? narrow.apply(net, x) : Value();
  return drop(dropout, x);
}

Value TransformerBlock::residual(unsigned index, Value x,
                                 llvm::function_ref<Value(Value)> part) const {
  if (!x)
    return {};
  Value change = part(a.normFirst ? norm(index, x) : x);
  Value sum = change ? make<esper::AddOp>(net, x, change) : Value();
  return a.normFirst ? sum : norm(index, sum);
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

Value tez::blueprint::buildEncoderBlock(NetBuilder &net, StringRef path, const BlockArguments &a,
                                        Value x, Value mask) {
  TransformerBlock block{net, path, a, {}, {}, {}, {}, {}};
  if (!block.create(/*decoder=*/false))
    return {};
  x = block.residual(
      0, x, [&](Value y) { return block.attend(block.self, "self_attn", "dropout1", y, y, mask); });
  return block.residual(1, x, [&](Value y) { return block.feed("dropout2", y); });
}

Value tez::blueprint::buildDecoderBlock(NetBuilder &net, StringRef path, const BlockArguments &a,
                                        Value x, const Memory &memory) {
  TransformerBlock block{net, path, a, {}, {}, {}, {}, {}};
  if (!block.create(/*decoder=*/true))
    return {};
  x = block.residual(0, x, [&](Value y) {
    return block.attend(block.self, "self_attn", "dropout1", y, y, memory.selfMask);
  });
  x = block.residual(1, x, [&](Value y) {
    return block.attend(block.cross, "multihead_attn", "dropout2", y, memory.value, memory.mask);
  });
  return block.residual(2, x, [&](Value y) { return block.feed("dropout3", y); });
}
