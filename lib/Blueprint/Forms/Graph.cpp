//===- Graph.cpp - Form 1c: BlueprintIR graphs ----------------------------===//

#include "Graph.h"
#include "Metadata.h"

using namespace tez;
using namespace tez::blueprint;

bool tez::blueprint::isGraph(const json::Object &root) {
  return root.find("nodes") || root.find("edges");
}

static Description readDescription(json::Fields &f) {
  Description description;
  description.text("id", f.string("id", {.min = 1, .max = 255}));
  description.text("name", f.string("name", {.min = 1, .max = 255, .trim = true}));
  if (std::optional<int64_t> version = f.optionalInteger("version", {.min = 0}))
    description.text("version", std::to_string(*version));
  description.text("description", f.optionalString("description", {.max = 1000}));
  description.text("created_by", f.optionalString("created_by", {.max = 100}));
  readCarried(f, description);
  return description;
}

static std::vector<Input> inputsOf(const Graph &graph) {
  std::vector<Input> inputs;
  for (const GraphNode &node : graph.nodes)
    if (node.role == NodeRole::Input)
      inputs.push_back(node.input);
  return inputs;
}

std::optional<Network> tez::blueprint::readGraph(const json::Object &root, FormContext &context) {
  json::Fields f(root, context.sink, json::Nulls::MeanAbsent);
  Description description = readDescription(f);
  auto graph = std::make_shared<Graph>();
  bool good = readGraphParts(f, context, *graph);
  if (!f.finish() || !good || !orderGraph(*graph, context.mlir, root.value(), context.sink))
    return std::nullopt;
  return Network{std::move(description), root.value(), inputsOf(*graph),
                 [graph](NetBuilder &net, mlir::ValueRange inputs) {
                   return buildGraph(*graph, net, inputs);
                 }};
}
