//===- GraphOrder.cpp - Who feeds whom, and in which order ----------------===//

#include "Graph.h"
#include "tez/Json/Text.h"
#include <queue>

using namespace tez;
using namespace tez::blueprint;

static void refuse(json::DiagnosticSink &sink, const json::Value &place, std::string message) {
  json::report(sink, json::Severity::Error, place, std::move(message));
}

/// A field of an object that was read, for its place.
static json::Value fieldOf(const json::Value &place, std::string_view name) {
  return place.object()->find(name).value_or(place);
}

static bool connect(Graph &graph, json::DiagnosticSink &sink) {
  bool good = true;
  auto fault = [&](const GraphEdge &edge, std::string_view end, std::string_view what) {
    refuse(sink, fieldOf(edge.place, end), std::string(what));
    good = false;
  };
  for (auto [i, edge] : llvm::enumerate(graph.edges)) {
    GraphNode &source = graph.nodes[edge.source], &target = graph.nodes[edge.target];
    if (source.role == NodeRole::Output)
      fault(edge, "source", "an output node has no outgoing edge");
    if (target.role == NodeRole::Input)
      fault(edge, "target", "an input node has no incoming edge");
    target.incoming.push_back(i);
    ++source.outgoing;
  }
  return good;
}

static std::string countOf(size_t count) {
  return std::to_string(count) + (count == 1 ? " operand" : " operands");
}

/// The arguments that an edge can name, in forward's order.
static std::vector<std::string> argumentsOf(const Layer &layer, mlir::MLIRContext *context) {
  std::vector<std::string> names;
  for (const Input &input : layer.inputs(context))
    names.push_back(input.name);
  llvm::append_range(names, layer.masks());
  return names;
}

/// The place of the edge's argument; nullopt after an error.
static std::optional<size_t> placeOfArgument(const GraphEdge &edge,
                                             llvm::ArrayRef<std::string> names,
                                             json::DiagnosticSink &sink) {
  auto found = llvm::find(names, *edge.argument);
  if (found != names.end())
    return found - names.begin();
  std::string known;
  for (const std::string &name : names)
    known += (known.empty() ? "" : ", ") + json::quote(name);
  refuse(sink, fieldOf(edge.place, "target_argument"),
         "expected one of " + known + ", found " + json::quote(json::abbreviate(*edge.argument)));
  return std::nullopt;
}

/// Edges that name an argument are that operand, the others the first ones in their order.
static bool assignOperands(Graph &graph, GraphNode &node, mlir::MLIRContext *context,
                           json::DiagnosticSink &sink) {
  std::vector<std::string> names;
  if (llvm::any_of(node.incoming, [&](unsigned i) { return graph.edges[i].argument.has_value(); }))
    names = argumentsOf(*node.layer, context);
  bool good = true;
  size_t next = 0;
  for (unsigned index : node.incoming) {
    const GraphEdge &edge = graph.edges[index];
    std::optional<size_t> place = edge.argument ? placeOfArgument(edge, names, sink) : next++;
    if (!place) {
      good = false;
      continue;
    }
    if (*place >= node.operands.size())
      node.operands.resize(*place + 1, -1);
    if (node.operands[*place] >= 0) {
      refuse(sink, fieldOf(edge.place, "id"),
             "expected one edge for each operand, found a second one for operand " +
                 std::to_string(*place) + " of node " + json::quote(node.id));
      good = false;
    }
    node.operands[*place] = index;
  }
  return good;
}

static bool assignAll(Graph &graph, mlir::MLIRContext *context, json::DiagnosticSink &sink) {
  bool good = true;
  for (GraphNode &node : graph.nodes)
    if (node.role == NodeRole::Op)
      good &= assignOperands(graph, node, context, sink);
    else
      for (unsigned index : node.incoming)
        if (const GraphEdge &edge = graph.edges[index]; edge.argument) {
          refuse(sink, fieldOf(edge.place, "target_argument"),
                 "expected none: an output node has no arguments");
          good = false;
        }
  return good;
}

/// An operand may be left out before one that is given only where the layer takes that.
static bool checkLeftOut(const GraphNode &node, mlir::MLIRContext *context,
                         json::DiagnosticSink &sink) {
  size_t needed = node.layer->masks().empty() ? node.operands.size() : node.layer->minInputs();
  auto first = llvm::find(llvm::ArrayRef(node.operands).take_front(needed), -1);
  if (size_t place = first - node.operands.begin();
      place < std::min(needed, node.operands.size())) {
    refuse(sink, node.place,
           "expected an edge for the argument " +
               json::quote(argumentsOf(*node.layer, context)[place]) + " of node " +
               json::quote(node.id) + ", found only one for an argument behind it");
    return false;
  }
  return true;
}

static bool checkOperands(const GraphNode &node, mlir::MLIRContext *context,
                          json::DiagnosticSink &sink) {
  size_t found = node.incoming.size();
  if (node.role == NodeRole::Output && found == 0) {
    refuse(sink, node.place,
           "expected an incoming edge of output node " + json::quote(node.id) + ", found none");
    return false;
  }
  if (node.role != NodeRole::Op)
    return true;
  size_t least = node.layer->minInputs(), most = node.layer->maxInputs(context);
  if (most != SIZE_MAX)
    most += node.layer->masks().size();
  if (found >= least && found <= most)
    return checkLeftOut(node, context, sink);
  std::string expected = least == most      ? countOf(least)
                         : most == SIZE_MAX ? "at least " + countOf(least)
                                            : std::to_string(least) + " to " + countOf(most);
  refuse(sink, node.place,
         "expected " + expected + " of node " + json::quote(node.id) +
             ", one for each incoming edge, found " + std::to_string(found));
  return false;
}

static bool checkNodes(const Graph &graph, mlir::MLIRContext *context, json::DiagnosticSink &sink) {
  bool good = true;
  for (const GraphNode &node : graph.nodes) {
    good &= checkOperands(node, context, sink);
    if (node.role != NodeRole::Output && node.outgoing == 0)
      json::report(sink, json::Severity::Warning, node.place,
                   "nobody uses the value of node " + json::quote(node.id) +
                       (node.role == NodeRole::Op ? "; its parameters stay" : ""));
  }
  return good;
}

/// Each node as soon as what it reads is there, the first in the list first:
/// a list that is in order stays as it is.
static void sort(Graph &graph) {
  std::vector<unsigned> missing;
  std::vector<llvm::SmallVector<unsigned, 2>> readers(graph.nodes.size());
  std::priority_queue<unsigned, std::vector<unsigned>, std::greater<>> ready;
  for (auto [i, node] : llvm::enumerate(graph.nodes)) {
    missing.push_back(node.incoming.size());
    if (node.incoming.empty())
      ready.push(i);
  }
  for (const GraphEdge &edge : graph.edges)
    readers[edge.source].push_back(edge.target);
  while (!ready.empty()) {
    unsigned next = ready.top();
    ready.pop();
    graph.order.push_back(next);
    for (unsigned reader : readers[next])
      if (--missing[reader] == 0)
        ready.push(reader);
  }
}

/// Names a cycle: from a node that could not be placed, always on to a node it
/// reads that could not be placed either, until one comes again.
static void reportCycle(const Graph &graph, json::DiagnosticSink &sink) {
  std::vector<bool> placed(graph.nodes.size());
  for (unsigned node : graph.order)
    placed[node] = true;
  unsigned at = llvm::find(placed, false) - placed.begin();
  std::vector<bool> seen(graph.nodes.size());
  std::vector<unsigned> way;
  for (; !seen[at];) {
    seen[at] = true;
    way.push_back(at);
    at =
        graph
            .edges[*llvm::find_if(graph.nodes[at].incoming,
                                  [&](unsigned edge) { return !placed[graph.edges[edge].source]; })]
            .source;
  }
  way.erase(way.begin(), llvm::find(way, at));
  std::string names = json::quote(graph.nodes[at].id);
  for (size_t i = way.size(); i-- > 0 && way.size() - i <= 8;)
    names += " -> " + json::quote(json::abbreviate(graph.nodes[way[i]].id));
  if (way.size() > 8)
    names += " -> ...";
  refuse(sink, graph.nodes[at].place,
         "expected a graph without cycles, found one of " + std::to_string(way.size()) +
             " nodes: " + names);
}

bool tez::blueprint::orderGraph(Graph &graph, mlir::MLIRContext *context, const json::Value &root,
                                json::DiagnosticSink &sink) {
  for (auto [role, name] : {std::pair{NodeRole::Input, "input"}, {NodeRole::Output, "output"}})
    if (llvm::none_of(graph.nodes, [&](const GraphNode &node) { return node.role == role; })) {
      refuse(sink, fieldOf(root, "nodes"),
             std::string("expected at least one node of op_type \"") + name + "\", found none");
      return false;
    }
  bool connected = connect(graph, sink) && assignAll(graph, context, sink);
  if (!checkNodes(graph, context, sink) || !connected)
    return false;
  sort(graph);
  if (graph.order.size() == graph.nodes.size())
    return true;
  reportCycle(graph, sink);
  return false;
}
