//===- FunctionsOfLayers.cpp - Functions that are layers of torch.nn ------===//
//
// F.max_pool2d(x, 2) is nn.MaxPool2d(2)(x): arguments are read, checked and built by the layer.
// Those whose weights are arguments are built here.
//
//===----------------------------------------------------------------------===//

#include "Names.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

namespace {
/// A function by the class that does the same; its parameters behind the input are the arguments of
/// the constructor, in the function's order.
struct LayerFunction {
  const char *name, *layer, *parameters;
};
} // namespace

static constexpr LayerFunction layerRows[] = {
    {"max_pool1d", "MaxPool1d",
     "input kernel_size stride padding dilation ceil_mode return_indices"},
    {"max_pool2d", "MaxPool2d",
     "input kernel_size stride padding dilation ceil_mode return_indices"},
    {"max_pool3d", "MaxPool3d",
     "input kernel_size stride padding dilation ceil_mode return_indices"},
    {"avg_pool1d", "AvgPool1d", "input kernel_size stride padding ceil_mode count_include_pad"},
    {"avg_pool2d", "AvgPool2d",
     "input kernel_size stride padding ceil_mode count_include_pad divisor_override"},
    {"avg_pool3d", "AvgPool3d",
     "input kernel_size stride padding ceil_mode count_include_pad divisor_override"},
    {"lp_pool1d", "LPPool1d", "input norm_type kernel_size stride ceil_mode"},
    {"lp_pool2d", "LPPool2d", "input norm_type kernel_size stride ceil_mode"},
    {"adaptive_avg_pool1d", "AdaptiveAvgPool1d", "input output_size"},
    {"adaptive_avg_pool2d", "AdaptiveAvgPool2d", "input output_size"},
    {"adaptive_avg_pool3d", "AdaptiveAvgPool3d", "input output_size"},
    {"adaptive_max_pool1d", "AdaptiveMaxPool1d", "input output_size return_indices"},
    {"adaptive_max_pool2d", "AdaptiveMaxPool2d", "input output_size return_indices"},
    {"interpolate", "Upsample",
     "input size scale_factor mode align_corners recompute_scale_factor antialias"},
    {"glu", "GLU", "input dim"},
    {"softmin", "Softmin", "input dim"},
    {"pixel_shuffle", "PixelShuffle", "input upscale_factor"},
    {"pixel_unshuffle", "PixelUnshuffle", "input downscale_factor"},
    {"channel_shuffle", "ChannelShuffle", "input groups"},
    {"local_response_norm", "LocalResponseNorm", "input size alpha beta k"}};

static Thing callLayer(Translator &t, const Arguments &a, const std::string &layer,
                       const Variables &arguments) {
  Value input = a.tensor();
  std::shared_ptr<Module> module = input ? layerOf(t, layer, arguments, a.function) : nullptr;
  return module ? t.callModule(*module, {Thing::tensor(input)}, {}) : Thing();
}

static Thing ofLayer(Translator &t, const Arguments &a) {
  StringRef name = StringRef(a.function).rsplit('.').second;
  const LayerFunction *row =
      llvm::find_if(layerRows, [&](const LayerFunction &row) { return name == row.name; });
  SmallVector<StringRef> parameters;
  StringRef(row->parameters).split(parameters, ' ');
  Variables arguments;
  for (StringRef parameter : ArrayRef(parameters).drop_front())
    if (a.has(parameter))
      arguments[parameter.str()] = a[parameter];
  // The one that no layer has: False is what the layer does.
  if (a.has("antialias") && a["antialias"].is(Is::Bool) && !a["antialias"].integer)
    arguments.erase("antialias");
  return callLayer(t, a, row->layer, arguments);
}

/// A constant pads any rank; the other modes are layers of as many dimensions as are padded.
static Thing pad(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  std::vector<int64_t> pads = a.integers("pad");
  if (a.has("mode") && !a["mode"].is(Is::String))
    return t.fail("'mode' of '" + a.function + "': expected a string, found " +
                  describe(a["mode"]));
  std::string mode = a.has("mode") ? a["mode"].text : "constant";
  double value = a.number("value", 0);
  if (!input || t.failed)
    return {};
  if (mode == "constant")
    return Thing::tensor(
        make<esper::PadOp>(t.net, input, pads, esper::PadMode::Constant, llvm::APFloat(value)));
  const char *layer = mode == "reflect"     ? "ReflectionPad"
                      : mode == "replicate" ? "ReplicationPad"
                      : mode == "circular"  ? "CircularPad"
                                            : nullptr;
  size_t spatial = pads.size() / 2;
  if (!layer || value != 0)
    return t.fail("'" + a.function + "': " +
                  (layer ? "only the mode \"constant\" takes a value"
                         : "expected the mode \"constant\", \"reflect\", \"replicate\" or "
                           "\"circular\", found \"" +
                               mode + "\""));
  if (pads.size() % 2 != 0 || spatial < 1 || spatial > 3)
    return t.fail("'" + a.function + "' in the mode \"" + mode +
                  "\": expected 2, 4 or 6 numbers, found " + Twine(pads.size()));
  Things sizes;
  for (int64_t size : pads)
    sizes.push_back(Thing::whole(size));
  return callLayer(t, a, layer + std::to_string(spatial) + "d",
                   {{"padding", Thing::list(std::move(sizes))}});
}

//===----------------------------------------------------------------------===//
// Weights as arguments
//===----------------------------------------------------------------------===//

static Value optionalTensor(const Arguments &a, StringRef name) {
  return a.has(name) ? a.tensor(name) : Value();
}

/// One number for each spatial dimension, or one for all.
static std::vector<int64_t> spread(const Arguments &a, StringRef name, int64_t fallback,
                                   size_t spatial) {
  if (!a.has(name))
    return std::vector<int64_t>(spatial, fallback);
  std::vector<int64_t> given = a.integers(name);
  return given.size() == 1 ? std::vector<int64_t>(spatial, given[0]) : given;
}

namespace {
/// conv1d and its kin: what they share.
struct Convolution {
  Value input, weight, bias;
  size_t spatial = 0;
  std::vector<int64_t> stride, padding, dilation;
  int64_t groups = 1;
};
} // namespace

/// Null input after an error. `channels` is the dimension of the weight that the input's are, over
/// the groups.
static Convolution convolutionOf(Translator &t, const Arguments &a, bool transposed) {
  Convolution c;
  Value input = a.tensor(), weight = a.tensor("weight");
  c.bias = optionalTensor(a, "bias");
  c.spatial = StringRef(a.function).back() == 'd' ? a.function[a.function.size() - 2] - '0' : 0;
  c.groups = a.integer("groups", 1);
  c.stride = spread(a, "stride", 1, c.spatial);
  c.dilation = spread(a, "dilation", 1, c.spatial);
  if (!a["padding"].is(Is::String))
    c.padding = spread(a, "padding", 0, c.spatial);
  if (t.failed || !input || !weight)
    return {};
  int64_t rank = int64_t(c.spatial) + 2;
  if (typeOf(weight).getRank() != rank) {
    t.fail("'weight' of '" + a.function + "': expected " + Twine(rank) + " dimensions, found " +
           Twine(typeOf(weight).getRank()));
    return {};
  }
  int64_t channels = typeOf(weight).getDimSize(transposed ? 0 : 1);
  if (channels != kAnySize && !transposed)
    channels *= c.groups;
  t.learnRank(input, rank);
  t.learn(input, image(t.net.context(), channels, int64_t(c.spatial)));
  if (typeOf(input).getRank() == rank - 1)
    t.net.fixRank(input);
  c.input = input;
  c.weight = weight;
  return c;
}

/// "same" and "valid" as torch reads them; what is not the same at both ends is padded in front.
static bool padByWord(Translator &t, const Arguments &a, Convolution &c) {
  const std::string &word = a["padding"].text;
  c.padding.assign(c.spatial, 0);
  if (word == "valid")
    return true;
  bool strides = llvm::any_of(c.stride, [](int64_t stride) { return stride != 1; });
  if (word != "same" || strides || c.dilation.size() != c.spatial)
    return t.fail("'padding' of '" + a.function + "': " +
                  (word == "same" ? "\"same\" is for strides of 1"
                                  : "expected numbers, \"same\" or \"valid\"")),
           false;
  std::vector<int64_t> pads;
  for (size_t i = c.spatial; i-- > 0;) {
    int64_t kernel = typeOf(c.weight).getDimSize(int64_t(i) + 2);
    if (kernel == kAnySize)
      return t.fail("the kernel of '" + a.function + "' must have a known size"), false;
    int64_t total = c.dilation[i] * (kernel - 1);
    c.padding[i] = total / 2;
    pads.insert(pads.end(), {0, total - 2 * (total / 2)});
  }
  if (llvm::any_of(pads, [](int64_t pad) { return pad != 0; }))
    c.input =
        make<esper::PadOp>(t.net, c.input, pads, esper::PadMode::Constant, llvm::APFloat(0.0));
  return bool(c.input);
}

static Thing convolution(Translator &t, const Arguments &a) {
  Convolution c = convolutionOf(t, a, false);
  if (!c.input || (a["padding"].is(Is::String) && !padByWord(t, a, c)))
    return {};
  return Thing::tensor(asBatch(t.net, c.input, int64_t(c.spatial) + 2, [&](Value batch) {
    return make<esper::ConvOp>(t.net, batch, c.weight, c.bias, c.stride, c.padding, c.dilation,
                               c.groups);
  }));
}

static Thing transposedConvolution(Translator &t, const Arguments &a) {
  Convolution c = convolutionOf(t, a, true);
  std::vector<int64_t> output = spread(a, "output_padding", 0, c.spatial);
  if (!c.input || a["padding"].is(Is::String))
    return c.input ? t.fail("'padding' of '" + a.function + "': expected numbers") : Thing();
  return Thing::tensor(asBatch(t.net, c.input, int64_t(c.spatial) + 2, [&](Value batch) {
    return make<esper::ConvTransposeOp>(t.net, batch, c.weight, c.bias, c.stride, c.padding, output,
                                        c.groups, c.dilation);
  }));
}

static Thing groupNorm(Translator &t, const Arguments &a) {
  Value input = a.tensor(), weight = optionalTensor(a, "weight"), bias = optionalTensor(a, "bias");
  if (!a.has("num_groups"))
    return t.fail("'" + a.function + "' needs the argument 'num_groups'");
  int64_t groups = a.integer("num_groups", 1);
  double eps = a.number("eps", 1e-5);
  if (!input || t.failed)
    return {};
  bool known = weight && typeOf(weight).getRank() == 1;
  t.learnRank(input, 4); // as nn.GroupNorm declares it
  t.learn(input, image(t.net.context(), known ? typeOf(weight).getDimSize(0) : kAnySize, 2));
  return Thing::tensor(
      make<esper::GroupNormOp>(t.net, input, weight, bias, groups, llvm::APFloat(eps)));
}

static Thing prelu(Translator &t, const Arguments &a) {
  Value input = a.tensor(), weight = a.tensor("weight");
  return Thing::tensor(input && weight ? make<esper::PReluOp>(t.net, input, weight) : Value());
}

FunctionTable logic::functionsOfLayers() {
  FunctionTable rows = {{"pad", "f", "input pad mode value", pad},
                        {"group_norm", "tf", "input num_groups weight bias eps", groupNorm},
                        {"prelu", "tfm", "input weight", prelu}};
  for (const LayerFunction &row : layerRows)
    rows.push_back({row.name, "f", row.parameters, ofLayer});
  for (const char *name : {"conv1d", "conv2d", "conv3d"})
    rows.push_back({name, "tf", "input weight bias stride padding dilation groups", convolution});
  for (const char *name : {"conv_transpose1d", "conv_transpose2d", "conv_transpose3d"})
    rows.push_back({name, "tf", "input weight bias stride padding output_padding groups dilation",
                    transposedConvolution});
  return rows;
}
