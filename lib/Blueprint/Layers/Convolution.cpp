//===- Convolution.cpp - Convolutions over 1 to 3 dimensions --------------===//

#include "Linear.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

using Sizes = std::vector<int64_t>;

namespace {
constexpr json::IntegerRange kPadding{0, json::kLayerSize.max};

/// A row of the closed list.
struct ConvRow {
  const char *name;
  int64_t spatial;
};

/// The constructor arguments that both directions share.
struct ConvArguments {
  int64_t in = 1, out = 1, groups = 1;
  Sizes kernel, stride, dilation;
  bool bias = true;

  SmallVector<int64_t> weightShape(int64_t first, int64_t second) const {
    SmallVector<int64_t> shape{first, second / groups};
    shape.append(kernel.begin(), kernel.end());
    return shape;
  }
};

/// Weight and bias with the bound that torch takes from the fan-in, the
/// product of the weight's dimensions from the second on.
struct ConvState {
  Value weight, bias;

  static ConvState create(NetBuilder &net, StringRef path, ArrayRef<int64_t> shape, int64_t out,
                          bool hasBias);
};

/// Built at the field that makes the input not fit, as far as one does, else at
/// the kernel's: the rule of the op tells the rest.
class ConvBase : public UnaryLayer {
public:
  ConvBase(json::Fields &f, ConvArguments arguments, int64_t spatial)
      : UnaryLayer(placeOf(f, "kernel_size")), channels(placeOf(f, "in_channels")),
        paddingPlace(f.has("padding") ? placeOf(f, "padding") : place),
        dilationPlace(f.has("dilation") ? placeOf(f, "dilation") : place), a(std::move(arguments)),
        spatial(spatial) {}

  std::vector<Input> inputs(MLIRContext *context) const override {
    return {{"input", image(context, a.in, spatial)}};
  }
  RankedTensorType inputFor(RankedTensorType) const override { return {}; }

protected:
  /// torch takes an input without a batch as a batch of one.
  Value apply(NetBuilder &net, StringRef path, Value input) const final {
    ConvState state = createState(net, path);
    if (!state.weight)
      return {};
    if (typeOf(input).getRank() == spatial + 1)
      net.fixRank(input);
    return asBatch(net, input, spatial + 2,
                   [&](Value batch) { return convolve(net, state, batch); });
  }
  virtual ConvState createState(NetBuilder &net, StringRef path) const = 0;
  virtual Value convolve(NetBuilder &net, const ConvState &state, Value input) const = 0;

  bool hasOtherChannels(Value input) const {
    RankedTensorType type = typeOf(input);
    return type.getRank() > 1 && !type.isDynamicDim(1) && type.getDimSize(1) != a.in;
  }

  json::Value channels, paddingPlace, dilationPlace;
  ConvArguments a;
  int64_t spatial;
};

class ConvLayer : public ConvBase {
public:
  ConvLayer(json::Fields &f, ConvArguments arguments, int64_t spatial, Sizes padding, Sizes pads,
            esper::PadMode mode)
      : ConvBase(f, std::move(arguments), spatial), padding(std::move(padding)),
        pads(std::move(pads)), mode(mode) {}

private:
  ConvState createState(NetBuilder &net, StringRef path) const override {
    return ConvState::create(net, path, a.weightShape(a.out, a.in), a.out, a.bias);
  }
  Value convolve(NetBuilder &net, const ConvState &state, Value input) const override;
  const json::Value &blame(Value input) const;

  Sizes padding;       ///< zeros that the convolution adds at both ends
  Sizes pads;          ///< what is added before, as esper.pad takes it
  esper::PadMode mode; ///< with which content
};

class ConvTransposeLayer : public ConvBase {
public:
  ConvTransposeLayer(json::Fields &f, ConvArguments arguments, int64_t spatial, Sizes padding,
                     Sizes outputPadding)
      : ConvBase(f, std::move(arguments), spatial), padding(std::move(padding)),
        outputPadding(std::move(outputPadding)) {}

private:
  ConvState createState(NetBuilder &net, StringRef path) const override {
    return ConvState::create(net, path, a.weightShape(a.in, a.out), a.out, a.bias);
  }
  Value convolve(NetBuilder &net, const ConvState &state, Value input) const override;
  Sizes padding, outputPadding;
};
} // namespace

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

ConvState ConvState::create(NetBuilder &net, StringRef path, ArrayRef<int64_t> shape, int64_t out,
                            bool hasBias) {
  double fanIn = 1;
  for (int64_t size : shape.drop_front())
    fanIn *= size;
  double bound = kaimingBound(fanIn);
  ConvState state;
  state.weight = net.parameter(path, "weight", shape, net.uniform(-bound, bound));
  if (state.weight && hasBias) {
    state.bias = net.parameter(path, "bias", {out}, net.uniform(-bound, bound));
    if (!state.bias)
      state.weight = {};
  }
  return state;
}

/// A kernel that would fit without its dilation is the dilation's fault.
const json::Value &ConvLayer::blame(Value input) const {
  if (hasOtherChannels(input))
    return channels;
  RankedTensorType type = typeOf(input);
  if (type.getRank() != spatial + 2)
    return place;
  for (int64_t i = 0; i < spatial; ++i)
    if (!type.isDynamicDim(i + 2) && type.getDimSize(i + 2) + 2 * padding[i] < a.kernel[i])
      return place;
  return dilationPlace;
}

Value ConvLayer::convolve(NetBuilder &net, const ConvState &state, Value input) const {
  if (llvm::any_of(pads, [](int64_t pad) { return pad != 0; })) {
    At at(net, hasOtherChannels(input) ? channels : paddingPlace);
    input = make<esper::PadOp>(net, input, pads, mode, llvm::APFloat(0.0));
  }
  At at(net, input ? blame(input) : place);
  return input ? make<esper::ConvOp>(net, input, state.weight, state.bias, a.stride, padding,
                                     a.dilation, a.groups)
               : Value();
}

Value ConvTransposeLayer::convolve(NetBuilder &net, const ConvState &state, Value input) const {
  // Only a padding takes anything away from the result.
  bool fits = typeOf(input).getRank() == spatial + 2;
  At at(net, hasOtherChannels(input) ? channels : fits ? paddingPlace : place);
  return make<esper::ConvTransposeOp>(net, input, state.weight, state.bias, a.stride, padding,
                                      outputPadding, a.groups, a.dilation);
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

static ConvArguments readShared(json::Fields &f, int64_t spatial) {
  auto in = f.integer("in_channels", json::kLayerSize);
  auto out = f.integer("out_channels", json::kLayerSize);
  auto kernel = f.integerOrList("kernel_size", spatial, json::kLayerSize);
  ConvArguments a;
  a.stride = f.integerOrListOr("stride", spatial, 1, json::kLayerSize);
  a.dilation = f.integerOrListOr("dilation", spatial, 1, json::kLayerSize);
  a.groups = f.integerOr("groups", 1, json::kLayerSize);
  a.bias = f.booleanOr("bias", true);
  refuseFactoryArguments(f);
  if (checkDivides(f, "groups", a.groups, "in_channels", in))
    checkDivides(f, "groups", a.groups, "out_channels", out);
  a.in = in.value_or(1);
  a.out = out.value_or(1);
  a.kernel = kernel.value_or(Sizes(spatial, 1));
  return a;
}

static esper::PadMode readPadMode(json::Fields &f) {
  auto name = f.oneOf("padding_mode", {"zeros", "reflect", "replicate", "circular"}, "zeros");
  return name == "reflect"     ? esper::PadMode::Reflect
         : name == "replicate" ? esper::PadMode::Replicate
         : name == "circular"  ? esper::PadMode::Circular
                               : esper::PadMode::Constant;
}

namespace {
/// (before, after) of each spatial dimension, the first one first.
using Ends = std::vector<std::pair<int64_t, int64_t>>;
} // namespace

/// `padding` as numbers or as torch's two words.
static Ends readPadding(json::Fields &f, const ConvArguments &a, int64_t spatial) {
  Ends ends(spatial);
  if (f.kind("padding") != json::Kind::String) {
    Sizes padding = f.integerOrListOr("padding", spatial, 0, kPadding);
    for (int64_t i = 0; i < spatial; ++i)
      ends[i] = {padding[i], padding[i]};
    return ends;
  }
  if (f.oneOf("padding", {"same", "valid"}) != std::string_view("same"))
    return ends;
  if (llvm::any_of(a.stride, [](int64_t stride) { return stride != 1; }))
    f.error("padding", "\"same\" is not defined for strides other than 1");
  for (int64_t i = 0; i < spatial; ++i) {
    int64_t total = a.dilation[i] * (a.kernel[i] - 1);
    ends[i] = {total / 2, total - total / 2};
  }
  return ends;
}

/// Zeros are left to the convolution as far as they are the same at both ends.
static LayerPtr readConv(json::Fields &f, const ConvRow &row) {
  ConvArguments a = readShared(f, row.spatial);
  Ends ends = readPadding(f, a, row.spatial);
  esper::PadMode mode = readPadMode(f);
  if (!f.ok())
    return nullptr;
  Sizes padding(row.spatial, 0), pads;
  for (auto [index, end] : llvm::enumerate(ends))
    if (mode == esper::PadMode::Constant)
      padding[index] = end.first;
  for (size_t index = ends.size(); index-- > 0;) {
    pads.push_back(ends[index].first - padding[index]);
    pads.push_back(ends[index].second - padding[index]);
  }
  return std::make_unique<ConvLayer>(f, std::move(a), row.spatial, padding, pads, mode);
}

static LayerPtr readConvTranspose(json::Fields &f, const ConvRow &row) {
  ConvArguments a = readShared(f, row.spatial);
  Sizes padding = f.integerOrListOr("padding", row.spatial, 0, kPadding);
  Sizes output = f.integerOrListOr("output_padding", row.spatial, 0, kPadding);
  f.oneOf("padding_mode", {"zeros"}, "zeros");
  for (int64_t i = 0; i < row.spatial; ++i)
    if (output[i] >= std::max(a.stride[i], a.dilation[i])) {
      f.error("output_padding",
              "expected less than the stride or the dilation, found " + std::to_string(output[i]));
      break;
    }
  return f.ok()
             ? std::make_unique<ConvTransposeLayer>(f, std::move(a), row.spatial, padding, output)
             : nullptr;
}

static constexpr ConvRow convRows[] = {{"Conv1d", 1}, {"Conv2d", 2}, {"Conv3d", 3}};
static constexpr ConvRow transposeRows[] = {
    {"ConvTranspose1d", 1}, {"ConvTranspose2d", 2}, {"ConvTranspose3d", 3}};

LayerTable tez::blueprint::convolutionLayers() {
  LayerTable table = tableOf<convRows, readConv>();
  llvm::append_range(table, tableOf<transposeRows, readConvTranspose>());
  return table;
}
