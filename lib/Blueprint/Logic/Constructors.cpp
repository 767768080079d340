//===- Constructors.cpp - Modules made in __init__ ------------------------===//

#include "Names.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

/// The constructor's arguments that are often given without their names.
static StringRef positionalNames(StringRef name) {
  return llvm::StringSwitch<StringRef>(name)
      .Case("Linear", "in_features out_features bias")
      .Case("Bilinear", "in1_features in2_features out_features bias")
      .Cases({"Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout"}, "p inplace")
      .Cases({"LayerNorm", "RMSNorm"}, "normalized_shape eps elementwise_affine")
      .Case("GroupNorm", "num_groups num_channels eps affine")
      .Cases({"BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "InstanceNorm1d", "InstanceNorm2d"},
             "num_features eps momentum affine track_running_stats")
      .Cases({"Conv1d", "Conv2d", "Conv3d"},
             "in_channels out_channels kernel_size stride padding dilation groups bias")
      .Case("Embedding", "num_embeddings embedding_dim padding_idx")
      .Case("MultiheadAttention", "embed_dim num_heads dropout bias")
      .Cases({"LSTM", "GRU", "RNN"}, "input_size hidden_size num_layers")
      .Cases({"LSTMCell", "GRUCell"}, "input_size hidden_size bias")
      .Cases({"Softmax", "LogSoftmax", "GLU"}, "dim")
      .Case("LeakyReLU", "negative_slope inplace")
      .Cases({"ELU", "CELU"}, "alpha inplace")
      .Cases({"ReLU", "SiLU", "Mish", "Hardswish", "SELU"}, "inplace")
      .Cases({"ReLU6", "Hardsigmoid"}, "inplace")
      .Case("Threshold", "threshold value inplace")
      .Case("Hardtanh", "min_val max_val inplace")
      .Case("Softplus", "beta threshold")
      .Cases({"Hardshrink", "Softshrink"}, "lambd")
      .Case("Softmin", "dim")
      .Cases(
          {"ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"},
          "in_channels out_channels kernel_size stride padding output_padding groups bias dilation")
      .Cases({"TransformerEncoderLayer", "TransformerDecoderLayer"},
             "d_model nhead dim_feedforward dropout")
      .Case("EmbeddingBag", "num_embeddings embedding_dim")
      .Case("Upsample", "size scale_factor mode align_corners")
      .Case("PixelShuffle", "upscale_factor")
      .Case("PixelUnshuffle", "downscale_factor")
      .Cases({"ZeroPad1d", "ZeroPad2d", "ZeroPad3d"}, "padding")
      .Cases({"ReflectionPad1d", "ReflectionPad2d", "ReplicationPad1d", "ReplicationPad2d"},
             "padding")
      .Cases({"ConstantPad1d", "ConstantPad2d"}, "padding value")
      .Case("GELU", "approximate")
      .Case("PReLU", "num_parameters init")
      .Case("RReLU", "lower upper")
      .Cases({"MaxPool1d", "MaxPool2d", "AvgPool1d", "AvgPool2d"}, "kernel_size stride padding")
      .Cases({"AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveMaxPool2d"}, "output_size")
      .Case("Flatten", "start_dim end_dim")
      .Default("");
}

static std::optional<llvm::json::Value> jsonOf(const Thing &thing) {
  switch (thing.kind) {
  case Is::None:
    return llvm::json::Value(nullptr);
  case Is::Bool:
    return llvm::json::Value(bool(thing.integer));
  case Is::Int:
    return llvm::json::Value(thing.integer);
  case Is::Float:
    return llvm::json::Value(thing.number);
  case Is::String:
    return llvm::json::Value(thing.text);
  case Is::List: {
    llvm::json::Array array;
    for (const Thing &element : *thing.elements)
      if (std::optional<llvm::json::Value> value = jsonOf(element))
        array.push_back(*value);
      else
        return std::nullopt;
    return array;
  }
  default:
    return std::nullopt;
  }
}

namespace {
/// The first error that reading a layer reports.
struct FirstError : json::DiagnosticSink {
  void report(json::Diagnostic diagnostic) override {
    if (diagnostic.severity != json::Severity::Error || !message.empty())
      return;
    message =
        diagnostic.path.empty() ? diagnostic.message : diagnostic.path + ": " + diagnostic.message;
    if (!diagnostic.hint.empty())
      message += " (" + diagnostic.hint + ")";
  }
  std::string message;
};
} // namespace

/// Reads the layer as every form does, from an object of its arguments.
static std::string readLayer(Module &module, llvm::json::Object arguments) {
  FirstError sink;
  std::string text;
  llvm::raw_string_ostream(text) << llvm::json::Value(std::move(arguments));
  module.source = std::make_shared<json::Source>("forward_logic", text);
  module.arguments = json::Document::parse(*module.source, sink);
  if (!module.arguments)
    return sink.message;
  json::Fields fields(*module.arguments->root().object(), sink);
  module.layer = findLayer(module.name)(fields);
  if (!fields.finish())
    module.layer = nullptr;
  return sink.message;
}

std::shared_ptr<Module> logic::layerOf(Translator &t, const std::string &name,
                                       const Variables &arguments, const std::string &what) {
  llvm::json::Object object;
  for (const auto &[key, value] : arguments) {
    if (value.is(Is::None) && key == "momentum") { // of a norm; else None is torch's default
      object[key] = nullptr;
      continue;
    }
    if (value.is(Is::None) || key == "device" || key == "dtype")
      continue;
    std::optional<llvm::json::Value> json = jsonOf(value);
    if (!json)
      return t.fail("the argument '" + key + "' of " + what + " must be known, found " +
                    describe(value)),
             nullptr;
    object[key] = *json;
  }
  auto made = std::make_shared<Module>();
  made->name = name;
  std::string error = readLayer(*made, std::move(object));
  if (!made->layer)
    return t.fail(what + ": " + error), nullptr;
  return made;
}

Thing Translator::construct(const std::string &name, Things arguments, Variables keywords) {
  if (!inInit)
    return fail("modules are made in __init__, found nn." + name + " in a method of the call");
  if (name == "Sequential" || name == "ModuleList")
    return keywords.empty() ? makeContainer(*this, name, arguments)
                            : fail("a " + name + " takes no arguments by name");
  if (name == "ModuleDict")
    return keywords.empty() ? makeModuleDict(*this, arguments)
                            : fail("a ModuleDict takes one dictionary, not by name");
  if (name == "Module")
    return fail("nn.Module itself cannot be made: expected a class of the closed list");
  if (!findLayer(name))
    return fail("expected a torch.nn class of the closed list, found nn." + name +
                " (the nearest is nn." + nearestLayer(name) + ")");
  SmallVector<StringRef> names;
  positionalNames(name).split(names, ' ', -1, false);
  if (arguments.size() > names.size())
    return fail("write the arguments of nn." + name + " by name: found " + Twine(arguments.size()) +
                " without one");
  for (auto [parameter, argument] : llvm::zip(names, arguments))
    keywords[parameter.str()] = argument;
  std::shared_ptr<Module> made = layerOf(*this, name, keywords, "nn." + name);
  if (!made)
    return {};
  return {.kind = Is::Module, .module = made};
}
