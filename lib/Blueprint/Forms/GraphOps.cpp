//===- GraphOps.cpp - The op_types that are modules of torch.nn -----------===//

#include "../Layers/Support.h"
#include "Graph.h"
#include "tez/Json/Text.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

//===----------------------------------------------------------------------===//
// op_types with a `type` of their own
//===----------------------------------------------------------------------===//

namespace {
/// One value of `attributes.type` and the class it stands for.
struct Variant {
  std::string_view type;
  llvm::StringLiteral torchClass;
};

/// A norm whose class hangs on the rank of what comes in.
class RankedNorm : public Layer {
public:
  explicit RankedNorm(std::array<std::unique_ptr<Layer>, 3> bySpatialRank)
      : layers(std::move(bySpatialRank)) {}
  std::vector<Input> inputs(MLIRContext *context) const override {
    return layers.front()->inputs(context);
  }
  Values build(NetBuilder &net, StringRef path, ValueRange inputs) const override {
    int64_t spatial = typeOf(inputs.front()).getRank() - 2;
    return layers[std::clamp<int64_t>(spatial, 1, 3) - 1]->build(net, path, inputs);
  }

private:
  std::array<std::unique_ptr<Layer>, 3> layers;
};
} // namespace

static const Variant *readVariant(json::Fields &f, ArrayRef<Variant> variants) {
  std::optional<json::Value> type = f.value("type");
  if (!type)
    return nullptr;
  auto names = llvm::map_to_vector(variants, [](const Variant &variant) { return variant.type; });
  auto name = json::readOneOf(*type, f.sink(), {names.data(), names.size()});
  if (!name) {
    f.fail("type");
    return nullptr;
  }
  return llvm::find_if(variants, [&](const Variant &variant) { return variant.type == *name; });
}

static std::unique_ptr<Layer> readActivation(json::Fields &f) {
  static constexpr Variant kVariants[] = {{"relu", "ReLU"},
                                          {"gelu", "GELU"},
                                          {"silu", "SiLU"},
                                          {"swish", "SiLU"},
                                          {"tanh", "Tanh"},
                                          {"sigmoid", "Sigmoid"},
                                          {"leaky_relu", "LeakyReLU"},
                                          {"elu", "ELU"},
                                          {"hardswish", "Hardswish"},
                                          {"hardsigmoid", "Hardsigmoid"},
                                          {"softplus", "Softplus"},
                                          {"mish", "Mish"},
                                          {"softmax", "Softmax"}};
  const Variant *variant = readVariant(f, kVariants);
  if (!variant)
    return nullptr;
  // torch guesses a dimension that is not stated; a graph states it.
  if (variant->type == "softmax" && !f.integer("dim"))
    return nullptr;
  return findLayer(variant->torchClass)(f);
}

static std::unique_ptr<Layer> readRankedNorm(json::Fields &f, StringRef family) {
  std::array<std::unique_ptr<Layer>, 3> layers;
  for (unsigned spatial : {1, 2, 3}) {
    layers[spatial - 1] = findLayer((family + Twine(spatial) + "d").str())(f);
    if (!layers[spatial - 1])
      return nullptr;
  }
  return std::make_unique<RankedNorm>(std::move(layers));
}

static std::unique_ptr<Layer> readNormalization(json::Fields &f) {
  static constexpr Variant kVariants[] = {{"batch_norm", "BatchNorm"},
                                          {"layer_norm", "LayerNorm"},
                                          {"group_norm", "GroupNorm"},
                                          {"rms_norm", "RMSNorm"},
                                          {"instance_norm", "InstanceNorm"}};
  const Variant *variant = readVariant(f, kVariants);
  if (!variant)
    return nullptr;
  if (LayerReader read = findLayer(variant->torchClass))
    return read(f);
  return readRankedNorm(f, variant->torchClass);
}

static std::unique_ptr<Layer> readPooling(json::Fields &f) {
  static constexpr Variant kVariants[] = {{"max_pool2d", "MaxPool2d"},
                                          {"avg_pool2d", "AvgPool2d"},
                                          {"adaptive_avg_pool2d", "AdaptiveAvgPool2d"},
                                          {"adaptive_max_pool2d", "AdaptiveMaxPool2d"}};
  const Variant *variant = readVariant(f, kVariants);
  return variant ? findLayer(variant->torchClass)(f) : nullptr;
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

/// The op_type that is another name for a class.
template <const char *Class> static std::unique_ptr<Layer> readClass(json::Fields &f) {
  return findLayer(Class)(f);
}

static constexpr char kLinear[] = "Linear", kConv1d[] = "Conv1d", kConv2d[] = "Conv2d",
                      kConvTranspose2d[] = "ConvTranspose2d", kDropout[] = "Dropout",
                      kFlatten[] = "Flatten", kEmbedding[] = "Embedding", kIdentity[] = "Identity",
                      kLstm[] = "LSTM", kGru[] = "GRU";

llvm::ArrayRef<GraphOp> tez::blueprint::moduleGraphOps() {
  static constexpr GraphOp kOps[] = {
      {"linear", readClass<kLinear>},     {"conv1d", readClass<kConv1d>},
      {"conv2d", readClass<kConv2d>},     {"conv_transpose2d", readClass<kConvTranspose2d>},
      {"activation", readActivation},     {"normalization", readNormalization},
      {"pooling", readPooling},           {"dropout", readClass<kDropout>},
      {"flatten", readClass<kFlatten>},   {"embedding", readClass<kEmbedding>},
      {"identity", readClass<kIdentity>}, {"lstm", readClass<kLstm>},
      {"gru", readClass<kGru>},
  };
  return kOps;
}

static std::vector<GraphOp> allOps() {
  std::vector<GraphOp> all;
  for (llvm::ArrayRef<GraphOp> part :
       {moduleGraphOps(), arithmeticGraphOps(), shapeGraphOps(), routingGraphOps()})
    llvm::append_range(all, part);
  return all;
}

/// Reports an op_type that is not in the table, with what was probably meant.
static void refuseType(json::Fields &node, std::string_view type, llvm::ArrayRef<GraphOp> known) {
  std::vector<std::string_view> names = {"input", "output"};
  for (const GraphOp &op : known)
    names.push_back(std::string_view(op.name));
  std::string hint = json::didYouMean(type, names);
  if (hint.empty())
    hint = "known: " + json::quotedList(names, 48) + ", \"torch.nn.<Class>\"";
  node.error("op_type", "unknown op_type " + json::quote(json::abbreviate(type)), hint);
}

static std::unique_ptr<Layer> readTorchClass(json::Fields &node, StringRef name,
                                             json::Fields &attributes) {
  if (LayerReader read = findLayer(name))
    return read(attributes);
  node.error("op_type", "unknown class " + json::quote(json::abbreviate(name)) + " of torch.nn",
             "the nearest that is supported: " + json::quote("torch.nn." + nearestLayer(name)));
  return nullptr;
}

std::unique_ptr<Layer> tez::blueprint::readGraphOp(json::Fields &node, std::string_view type,
                                                   json::Fields &attributes) {
  static const std::vector<GraphOp> kAll = allOps();
  StringRef name = type;
  if (name.consume_front("torch.nn."))
    return readTorchClass(node, name, attributes);
  auto op = llvm::find_if(
      kAll, [&](const GraphOp &candidate) { return candidate.name == StringRef(type); });
  if (op != kAll.end())
    return op->read(attributes);
  refuseType(node, type, kAll);
  return nullptr;
}
