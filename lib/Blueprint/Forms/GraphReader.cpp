//===- GraphReader.cpp - Nodes and edges as they stand --------------------===//

#include "Graph.h"
#include "tez/Json/Text.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

static constexpr json::TextRule kId{.min = 1, .max = 255};

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

/// After a fault inside: the id says more than a place in a list.
static void noteOwner(json::DiagnosticSink &sink, const json::Value &place, std::string_view kind,
                      std::string_view id) {
  if (!id.empty())
    json::report(sink, json::Severity::Note, place,
                 "in " + std::string(kind) + " " + json::quote(json::abbreviate(id)));
}

/// Says where the id was taken before.
static void checkUnique(json::Fields &f, std::string_view id, const json::Value &first) {
  f.error("id", "expected each id once, found " + json::quote(id) + " also in " + first.path());
}

static void readInput(json::Fields &attributes, FormContext &context, GraphNode &node) {
  node.input.name = std::string(node.id);
  std::optional<json::Value> shape = attributes.value("shape");
  auto dims = shape ? readShape(*shape, context.sink) : std::nullopt;
  if (shape && !dims)
    attributes.fail("shape");
  Type element = Float32Type::get(context.mlir);
  if (std::optional<json::Value> dtype = attributes.raw("dtype"))
    if (element = readElementType(*dtype, context.mlir, context.sink); !element)
      attributes.fail("dtype");
  if (element && isa<FloatType>(element) && !element.isF32())
    attributes.error("dtype", "expected float32 or an integer type: the precision of a kernel is "
                              "chosen when it is compiled");
  if (!attributes.ok() || !dims)
    return;
  for (int64_t &dim : *dims)
    dim = dim < 0 ? ShapedType::kDynamic : dim;
  node.input.type = RankedTensorType::get(*dims, element);
}

/// What describes a node's cost and is only carried in the file.
static void readEstimates(json::Fields &f) {
  (void)f.optionalNumber("compute_intensity", {.min = 0});
  (void)f.optionalNumber("memory_bandwidth", {.min = 0});
  (void)f.raw("parallelism");
  (void)f.optionalBoolean("requires_gpu");
  (void)f.optionalString("precision");
}

static NodeRole roleOf(std::string_view type) {
  return type == "input" ? NodeRole::Input : type == "output" ? NodeRole::Output : NodeRole::Op;
}

/// A field of several types, null meaning absent.
static std::optional<json::Value> rawOrAbsent(json::Fields &f, std::string_view name) {
  std::optional<json::Value> value = f.raw(name);
  return value && !value->isNull() ? value : std::nullopt;
}

/// A shape that is compared with the inferred one later.
static std::optional<json::Value> readDeclaredShape(json::Fields &f, std::string_view name) {
  std::optional<json::Value> value = rawOrAbsent(f, name);
  if (value && !readShape(*value, f.sink()))
    f.fail(name);
  return value;
}

static bool readNode(json::Fields &f, FormContext &context, GraphNode &node) {
  node.id = f.string("id", kId).value_or("");
  std::optional<std::string_view> type = f.string("op_type");
  json::Fields attributes = f.child("attributes");
  node.inputShape = readDeclaredShape(f, "input_shape");
  node.outputShape = readDeclaredShape(f, "output_shape");
  readEstimates(f);
  if (type) {
    node.role = roleOf(*type);
    if (node.role == NodeRole::Input)
      readInput(attributes, context, node);
    else if (node.role == NodeRole::Op)
      node.layer = readGraphOp(f, *type, attributes);
    // Without a known op_type nothing is known of its attributes.
    if (f.ok() && !attributes.finish())
      f.fail("attributes");
  }
  return f.finish();
}

/// Of all nodes, by their op_type alone: too many are refused before they are
/// read.
static bool checkCounts(const json::Array &nodes, const json::Array &edges, FormContext &context) {
  int64_t most = context.limits.layers, counts[3] = {0, 0, 0};
  for (json::Value node : nodes)
    if (std::optional<json::Object> object = node.object()) {
      std::optional<json::Value> type = object->find("op_type");
      ++counts[unsigned(roleOf(type ? type->string().value_or("") : ""))];
    }
  auto refuse = [&](const json::Array &list, int64_t limit, std::string_view what, size_t found) {
    json::report(context.sink, json::Severity::Error, list.value(),
                 "expected at most " + std::to_string(limit) + " " + std::string(what) +
                     ", found " + std::to_string(found));
    return false;
  };
  for (auto [role, what] : {std::pair{NodeRole::Op, "layers (the limit on layers)"},
                            {NodeRole::Input, "input nodes"},
                            {NodeRole::Output, "output nodes"}})
    if (int64_t found = counts[unsigned(role)]; found > most)
      return refuse(nodes, most, what, found);
  if (int64_t(edges.size()) > 16 * most)
    return refuse(edges, 16 * most, "edges (16 a layer)", edges.size());
  return true;
}

using Index = llvm::StringMap<unsigned>;

static bool readNodes(const json::Array &list, FormContext &context, Graph &graph, Index &index) {
  bool good = true;
  for (json::Value place : list) {
    std::optional<json::Object> object = json::readObject(place, context.sink);
    GraphNode node{place};
    if (object) {
      json::Fields f(*object, context.sink, json::Nulls::MeanAbsent);
      bool read = readNode(f, context, node);
      if (!read)
        noteOwner(context.sink, place, "node", node.id);
      good &= read;
      auto [known, isNew] = index.try_emplace(llvm::StringRef(node.id), graph.nodes.size());
      if (!isNew && !node.id.empty()) {
        checkUnique(f, node.id, graph.nodes[known->second].place);
        good = false;
      }
    }
    good &= object.has_value();
    graph.nodes.push_back(std::move(node));
  }
  return good;
}

//===----------------------------------------------------------------------===//
// Edges
//===----------------------------------------------------------------------===//

/// The node an edge names.
static std::optional<unsigned> readEnd(json::Fields &f, std::string_view name, const Graph &graph,
                                       const Index &index) {
  std::optional<std::string_view> id = f.string(name);
  if (!id)
    return std::nullopt;
  if (auto found = index.find(llvm::StringRef(*id)); found != index.end())
    return found->second;
  std::vector<std::string_view> ids;
  // Every candidate costs a comparison; the nearest of the first will do.
  for (const GraphNode &node : llvm::ArrayRef(graph.nodes).take_front(256))
    ids.push_back(node.id);
  bool heard = f.sink().wantsMore(json::Severity::Error);
  f.error(name, "expected the id of a node, found " + json::quote(json::abbreviate(*id)),
          heard ? json::didYouMean(*id, ids) : "");
  return std::nullopt;
}

static void readTransform(json::Fields &f) {
  auto transform = f.optionalString("transform");
  if (transform && *transform != "identity")
    f.error("transform", "expected \"identity\" or null: what an edge carries is changed by nodes "
                         "only");
}

static bool readEdge(json::Fields &f, FormContext &context, const Graph &graph, const Index &index,
                     GraphEdge &edge) {
  auto source = readEnd(f, "source", graph, index), target = readEnd(f, "target", graph, index);
  edge.shape = readDeclaredShape(f, "tensor_shape");
  if (std::optional<json::Value> dtype = rawOrAbsent(f, "dtype"))
    if (edge.element = readElementType(*dtype, context.mlir, context.sink); !edge.element)
      f.fail("dtype");
  (void)f.optionalOneOf("connection_type", {"forward", "residual", "attention"});
  readTransform(f);
  edge.sourceIndex = f.optionalInteger("source_index", {.min = 0});
  edge.argument = f.optionalString("target_argument", kId);
  if (source && target && *source == *target)
    f.error("target", "expected another node than the source: an edge from a node to itself");
  edge.source = source.value_or(0);
  edge.target = target.value_or(0);
  return f.finish();
}

static bool readEdges(const json::Array &list, FormContext &context, Graph &graph,
                      const Index &nodes) {
  bool good = true;
  Index index;
  for (json::Value place : list) {
    std::optional<json::Object> object = json::readObject(place, context.sink);
    GraphEdge edge{place};
    if (object) {
      json::Fields f(*object, context.sink, json::Nulls::MeanAbsent);
      std::string_view id = f.string("id", kId).value_or("");
      bool read = readEdge(f, context, graph, nodes, edge);
      if (!read)
        noteOwner(context.sink, place, "edge", id);
      good &= read;
      auto [known, isNew] = index.try_emplace(llvm::StringRef(id), graph.edges.size());
      if (!isNew && !id.empty()) {
        checkUnique(f, id, graph.edges[known->second].place);
        good = false;
      }
    }
    good &= object.has_value();
    graph.edges.push_back(std::move(edge));
  }
  return good;
}

bool tez::blueprint::readGraphParts(json::Fields &root, FormContext &context, Graph &graph) {
  std::optional<json::Array> nodes = root.array("nodes"), edges = root.array("edges");
  if (!nodes || !edges || !checkCounts(*nodes, *edges, context))
    return false;
  Index index;
  bool good = readNodes(*nodes, context, graph, index);
  // Edges speak of nodes: with a node in doubt, their faults would be echoes.
  return good && readEdges(*edges, context, graph, index);
}
