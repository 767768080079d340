//===- Envelope.cpp - Form 1a: an architecture, with or without envelope --===//

#include "Architectures.h"
#include "Metadata.h"

using namespace tez;
using namespace tez::blueprint;

static bool hasAny(const json::Object &root, std::initializer_list<std::string_view> keys) {
  return llvm::any_of(keys, [&](std::string_view key) { return root.find(key).has_value(); });
}

static bool isBare(const json::Object &root) {
  return root.find("config") && !root.find("architecture");
}

bool tez::blueprint::isEnvelope(const json::Object &root) {
  return isBare(root) ||
         hasAny(root, {"architecture", "blueprint_id", "name", "description", "created_by"});
}

static Description readDescription(json::Fields &f) {
  Description description;
  description.text("id", f.optionalString("blueprint_id", {.min = 1, .max = 255}));
  description.text("name", f.string("name", {.min = 1, .max = 255, .trim = true}));
  description.text("description", f.string("description", {.min = 1, .max = 1000}));
  description.text("created_by", f.string("created_by", {.min = 1, .max = 100}));
  readCarried(f, description);
  return description;
}

std::optional<Network> tez::blueprint::readEnvelope(const json::Object &root,
                                                    FormContext &context) {
  if (isBare(root)) {
    json::Fields bare(root, context.sink);
    return readArchitecture(bare, context);
  }
  json::Fields f(root, context.sink, json::Nulls::MeanAbsent);
  Description description = readDescription(f);
  json::Fields architecture = f.child("architecture");
  std::optional<Network> network = architecture.has("module_type")
                                       ? readModuleArchitecture(architecture, context)
                                       : readArchitecture(architecture, context);
  if (!f.finish() || !network)
    return std::nullopt;
  network->description = std::move(description);
  return network;
}
