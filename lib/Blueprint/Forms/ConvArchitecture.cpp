//===- ConvArchitecture.cpp - The architecture type conv ------------------===//

#include "Architectures.h"
#include "Stacks.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

/// The side of the square image that a blueprint is declared for. Kernels take
/// other sizes at run time.
static constexpr int64_t kDeclaredSide = 32;

namespace {
struct ConvConfig {
  int64_t inChannels, poolSize;
  std::vector<int64_t> outChannels, kernels, strides, paddings;
  std::string activation;
  bool maxPool;
  std::vector<ConvBlock> blocks;
};
} // namespace

/// Entry `i` of a list, for its place; the list or the config when absent.
static json::Value placeOfEntry(json::Fields &f, std::string_view name, size_t i) {
  std::optional<json::Value> list = f.raw(name);
  std::optional<json::Array> array = list ? list->array() : std::nullopt;
  if (!array)
    return list.value_or(f.place());
  return i < array->size() ? *std::next(array->begin(), i) : *list;
}

/// One entry for each block; more are not used.
static void checkLength(json::Fields &f, std::string_view name, const std::vector<int64_t> &values,
                        size_t blocks) {
  if (values.size() < blocks)
    f.error(name, "expected an entry for each of the " + std::to_string(blocks) +
                      " out_channels, found " + std::to_string(values.size()));
}

static ConvConfig readConfig(json::Fields &f, FormContext &context) {
  using json::kLayerSize;
  ConvConfig config;
  config.inChannels = f.integerOr("in_channels", 3, kLayerSize);
  config.outChannels = f.integersOr("out_channels", {64, 128, 256}, kLayerSize);
  config.kernels = f.integersOr("kernel_sizes", {3, 3, 3}, kLayerSize);
  config.strides = f.integersOr("strides", {1, 1, 1}, kLayerSize);
  config.paddings = f.integersOr("paddings", {1, 1, 1}, {0, kLayerSize.max});
  config.activation = f.oneOf("activation", {"relu", "gelu"}, "relu");
  config.maxPool = f.oneOf("pool_type", {"max", "avg"}, "max") == "max";
  config.poolSize = f.integerOr("pool_size", 2, kLayerSize);
  size_t blocks = config.outChannels.size();
  checkLayerCount(f, "out_channels", blocks, "blocks", context.limits);
  checkLength(f, "kernel_sizes", config.kernels, blocks);
  checkLength(f, "strides", config.strides, blocks);
  checkLength(f, "paddings", config.paddings, blocks);
  return config;
}

static void makeBlocks(json::Fields &f, ConvConfig &config) {
  int64_t in = config.inChannels;
  for (auto [i, out] : llvm::enumerate(config.outChannels)) {
    bool wide = out >= config.kernels[i];
    config.blocks.push_back({placeOfEntry(f, wide ? "out_channels" : "kernel_sizes", i), in, out,
                             config.kernels[i], config.strides[i], config.paddings[i]});
    in = out;
  }
}

/// An error at the entry, not only at the list.
static void refuseEntry(json::Fields &f, std::string_view name, size_t i, std::string message) {
  std::optional<json::Value> list = f.raw(name);
  if (!list || !list->isArray())
    return f.error(name, std::move(message));
  json::report(f.sink(), json::Severity::Error, placeOfEntry(f, name, i), std::move(message));
  f.fail(name);
}

/// Follows the declared image through the blocks. False at the first that is
/// larger than what reaches it.
static bool checkSizes(json::Fields &f, const ConvConfig &config) {
  int64_t side = kDeclaredSide;
  for (auto [i, block] : llvm::enumerate(config.blocks)) {
    int64_t padded = side + 2 * block.padding;
    if (block.kernel > padded) {
      refuseEntry(f, "kernel_sizes", i,
                  "expected a kernel of at most " + std::to_string(padded) + ", the size " +
                      std::to_string(side) + " of its input with a padding of " +
                      std::to_string(block.padding) + " on both sides, found " +
                      std::to_string(block.kernel));
      return false;
    }
    side = (padded - block.kernel) / block.stride + 1;
    if (config.poolSize > side) {
      f.error("pool_size", "expected a window of at most " + std::to_string(side) +
                               ", the size that reaches the pool of block " + std::to_string(i) +
                               ", found " + std::to_string(config.poolSize));
      return false;
    }
    side = (side - config.poolSize) / config.poolSize + 1;
  }
  return true;
}

static Value pool(NetBuilder &net, const ConvConfig &config, Value x) {
  SmallVector<int64_t> size(2, config.poolSize), none(2, 0), one(2, 1);
  if (config.maxPool)
    return make<esper::MaxPoolOp>(net, x, ArrayRef<int64_t>(size), ArrayRef<int64_t>(size),
                                  ArrayRef<int64_t>(none), ArrayRef<int64_t>(one),
                                  /*ceil_mode=*/false);
  return make<esper::AvgPoolOp>(net, x, ArrayRef<int64_t>(size), ArrayRef<int64_t>(size),
                                ArrayRef<int64_t>(none), /*ceil_mode=*/false,
                                /*count_include_pad=*/true, /*divisor_override=*/IntegerAttr());
}

/// Conv2d, BatchNorm2d, activation, pool: four places of the Sequential a block.
static Values buildConv(NetBuilder &net, const ConvConfig &config, Value x) {
  for (auto [i, block] : llvm::enumerate(config.blocks)) {
    x = block.convolve(net, std::to_string(4 * i), x);
    x = x ? block.normalize(net, std::to_string(4 * i + 1), x) : x;
    x = x ? activate(net, config.activation, x) : x;
    x = x ? pool(net, config, x) : x;
    if (!x)
      return {};
  }
  return poolAndFlatten(net, x);
}

Network tez::blueprint::readConvArchitecture(json::Fields &f, FormContext &context) {
  auto config = std::make_shared<ConvConfig>(readConfig(f, context));
  if (f.ok()) {
    makeBlocks(f, *config);
    checkSizes(f, *config);
  }
  Input input{"input", image(context.mlir, config->inChannels, 2)};
  input.declared = {-1, config->inChannels, kDeclaredSide, kDeclaredSide};
  return Network{{}, f.place(), {input}, [config](NetBuilder &net, ValueRange inputs) {
                   return buildConv(net, *config, inputs.front());
                 }};
}
