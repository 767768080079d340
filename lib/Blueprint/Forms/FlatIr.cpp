//===- FlatIr.cpp - Form 1b: one flat object ------------------------------===//

#include "../Layers/Linear.h"
#include "Stacks.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

static Network readFlatLinear(json::Fields &f, FormContext &context) {
  LinearStack stack{context.mlir, f.place()};
  stack.add(f, "input_size", f.integerOr("input_size", 10, json::kLayerSize));
  stack.add(f, "hidden_size", f.integerOr("hidden_size", 20, json::kLayerSize));
  stack.add(f, "output_size", f.integerOr("output_size", 10, json::kLayerSize));
  return stack.network();
}

static Network readFlatConv(json::Fields &f, FormContext &context) {
  int64_t in = f.integerOr("in_channels", 3, json::kLayerSize);
  int64_t out = f.integerOr("out_channels", 16, json::kLayerSize);
  int64_t kernel = f.integerOr("kernel_size", 3, json::kLayerSize);
  ConvBlock block{placeOf(f, kernel > std::max(in, out) ? "kernel_size"
                             : in > out                 ? "in_channels"
                                                        : "out_channels"),
                  in, out, kernel};
  Network network{{}, f.place(), {{"input", image(context.mlir, in, 2)}}, {}};
  // Large enough for the kernel, which has no padding.
  int64_t side = std::max<int64_t>(32, kernel);
  network.inputs.front().declared = {-1, in, side, side};
  network.build = [block](NetBuilder &net, ValueRange inputs) -> Values {
    Value x = block.convolve(net, "0", inputs.front());
    x = x ? activate(net, "relu", x) : x;
    return poolAndFlatten(net, x);
  };
  return network;
}

std::optional<Network> tez::blueprint::readFlatIr(const json::Object &root, FormContext &context) {
  json::Fields f(root, context.sink);
  std::optional<std::string_view> type;
  if (f.has("type"))
    type = f.oneOf("type", {"linear", "conv"});
  else
    f.error("type", "required field is missing",
            "a blueprint has `architecture`, `nodes` and `edges`, or `type`");
  // Which fields belong here hangs on the type.
  if (!type)
    return std::nullopt;
  Network network = *type == "linear" ? readFlatLinear(f, context) : readFlatConv(f, context);
  if (!f.finish())
    return std::nullopt;
  network.description.text("name", *type);
  return network;
}
