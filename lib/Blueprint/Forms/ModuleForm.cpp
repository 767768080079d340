//===- ModuleForm.cpp - Form 1d: one torch.nn module ----------------------===//

#include "ModuleForm.h"
#include "../Layers/Sequential.h"
#include "../Logic/ForwardLogic.h"
#include "tez/Json/Text.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

/// What lies under the keys of the architecture in either envelope. Without
/// one, only a flat blueprint has a type or a config beside its metadata.
static bool describesModule(const json::Object &root) {
  std::optional<json::Value> architecture = root.find("architecture");
  std::optional<json::Object> object = architecture ? architecture->object() : root;
  return !(object && (object->find("type") || (!architecture && object->find("config"))));
}

bool tez::blueprint::isModuleForm(const json::Object &root) {
  return (root.find("metadata") || root.find("validation")) && !root.find("name") &&
         describesModule(root);
}

//===----------------------------------------------------------------------===//
// Architecture
//===----------------------------------------------------------------------===//

/// Reports why there is no reader for this module.
static LayerReader findModule(json::Fields &f) {
  std::optional<std::string_view> type = f.string("module_type");
  if (!type)
    return nullptr;
  f.refuse("forward_logic", "goes with module_type \"torch.nn.Module\" only");
  if (type->starts_with("torch.nn."))
    return findNamedLayer(f, "module_type", *type);
  f.error("module_type",
          "expected \"torch.nn.<Class>\", found " + json::quote(json::abbreviate(*type)),
          "did you mean \"torch.nn." + nearestLayer(*type) + "\"?");
  return nullptr;
}

/// The constructor arguments stand in `config` and `init_params`.
static std::shared_ptr<Layer> readModule(json::Fields &f) {
  LayerReader reader = findModule(f);
  json::Fields config = f.child("config");
  if (std::optional<json::Object> more = f.optionalObject("init_params"))
    config.alsoFrom(*more);
  // Without its class nothing is known about the arguments.
  std::shared_ptr<Layer> layer = reader ? reader(config) : nullptr;
  if (reader && !config.finish())
    layer = nullptr;
  return f.finish() ? layer : nullptr;
}

static bool isTextForm(json::Fields &f) {
  std::optional<json::Value> type = f.raw("module_type");
  return type && type->string() == "torch.nn.Module";
}

std::optional<Network> tez::blueprint::readModuleArchitecture(json::Fields &architecture,
                                                              FormContext &context) {
  if (isTextForm(architecture)) {
    std::optional<Network> network = readForwardLogic(architecture, context);
    return architecture.finish() ? network : std::nullopt;
  }
  std::shared_ptr<Layer> layer = readModule(architecture);
  if (!layer)
    return std::nullopt;
  auto build = [layer](NetBuilder &net, ValueRange inputs) {
    return net.countLayer() ? layer->build(net, /*path=*/"", inputs) : Values();
  };
  return Network{{}, architecture.place(), layer->inputs(context.mlir), build};
}

//===----------------------------------------------------------------------===//
// The form
//===----------------------------------------------------------------------===//

std::optional<Network> tez::blueprint::readModuleForm(const json::Object &root,
                                                      FormContext &context) {
  json::Fields form(root, context.sink, json::Nulls::MeanAbsent);
  Description description;
  Estimates estimates = readModuleMetadata(form, description);
  json::Fields architecture = form.child("architecture", json::Nulls::MeanAbsent);
  std::optional<Network> network = readModuleArchitecture(architecture, context);
  checkBounds(form, description);
  if (!form.finish() || !network)
    return std::nullopt;
  network->description = std::move(description);
  network->build = [build = network->build, estimates](NetBuilder &net, ValueRange inputs) {
    Values results = build(net, inputs);
    if (!results.empty())
      checkEstimates(estimates, net);
    return results;
  };
  return network;
}
