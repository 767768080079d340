//===- Architectures.cpp - The architecture types linear and custom -------===//

#include "Architectures.h"
#include "../Layers/Linear.h"
#include "Stacks.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

std::optional<Network> tez::blueprint::readArchitecture(json::Fields &f, FormContext &context) {
  static constexpr struct {
    std::string_view type;
    Network (*read)(json::Fields &, FormContext &);
  } kTypes[] = {{"linear", readLinearArchitecture},
                {"conv", readConvArchitecture},
                {"attention", readAttentionArchitecture},
                {"custom", readCustomArchitecture}};
  auto type = f.oneOf("type", {"linear", "conv", "attention", "custom"});
  json::Fields config = f.child("config");
  // Without a type nothing is known of the fields of its config.
  if (!type) {
    f.finish();
    return std::nullopt;
  }
  auto row = llvm::find_if(kTypes, [&](const auto &row) { return row.type == *type; });
  Network network = row->read(config, context);
  bool good = config.finish();
  if (!f.finish() || !good)
    return std::nullopt;
  return network;
}

void tez::blueprint::checkLayerCount(json::Fields &f, std::string_view name, size_t count,
                                     std::string_view layers, const Limits &limits) {
  if (count > size_t(limits.layers))
    f.error(name, "expected at most " + std::to_string(limits.layers) + " " + std::string(layers) +
                      " (the limit on layers), found " + std::to_string(count));
}

Network tez::blueprint::readLinearArchitecture(json::Fields &config, FormContext &context) {
  LinearStack stack{context.mlir, config.place()};
  stack.add(config, "input_size", config.integerOr("input_size", 128, json::kLayerSize));
  std::vector<int64_t> hidden = config.integersOr("hidden_sizes", {256, 256}, json::kLayerSize);
  checkLayerCount(config, "hidden_sizes", hidden.size(), "hidden layers", context.limits);
  for (int64_t size : hidden)
    stack.add(config, "hidden_sizes", size);
  if (std::optional<json::Value> list = config.raw("hidden_sizes"); list && config.ok())
    llvm::copy(*list->array(), stack.places.begin() + 1);
  stack.add(config, "output_size", config.integerOr("output_size", 128, json::kLayerSize));
  stack.activation = config.oneOf("activation", {"relu", "gelu", "tanh"}, "relu");
  stack.dropout = config.numberOr("dropout", 0, json::kProbability);
  return stack.network();
}

//===----------------------------------------------------------------------===//
// custom
//===----------------------------------------------------------------------===//

/// x + Linear(relu(Linear(x))).
static Value residualBlock(NetBuilder &net, const std::string &path, int64_t dim, Value x) {
  LinearState first = LinearState::create(net, path + ".layers.0", dim, dim, true);
  Value h = first ? first.apply(net, x) : Value();
  h = h ? activate(net, "relu", h) : Value();
  LinearState second;
  if (h)
    second = LinearState::create(net, path + ".layers.2", dim, dim, true);
  h = second ? second.apply(net, h) : Value();
  return h ? make<esper::AddOp>(net, x, h) : Value();
}

Network tez::blueprint::readCustomArchitecture(json::Fields &config, FormContext &context) {
  int64_t dim = config.integerOr("dim", 256, json::kLayerSize);
  int64_t blocks = config.integerOr("num_blocks", 2, json::kLayerSize);
  checkLayerCount(config, "num_blocks", blocks, "blocks", context.limits);
  json::Value place = placeOf(config, "dim");
  auto build = [=](NetBuilder &net, ValueRange inputs) -> Values {
    At at(net, place);
    Value x = inputs.front();
    for (int64_t block = 0; x && block < blocks; ++block)
      x = residualBlock(net, std::to_string(block), dim, x);
    return x ? Values{x} : Values{};
  };
  return Network{{}, config.place(), {{"input", floats(context.mlir, {kAnySize, dim})}}, build};
}
