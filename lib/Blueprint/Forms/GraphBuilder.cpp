//===- GraphBuilder.cpp - Builds the nodes in order -----------------------===//

#include "../Layers/Support.h"
#include "Graph.h"
#include "tez/Dialect/Esper/ShapeRules.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

namespace {
/// One pass over the nodes; all values that were computed so far.
class GraphBuilder {
public:
  GraphBuilder(const Graph &graph, NetBuilder &net) : graph(graph), net(net) {
    results.resize(graph.nodes.size());
  }
  Values run(ValueRange inputs);

private:
  bool buildNode(unsigned index);
  bool buildOp(unsigned index, const Values &operands);
  bool gather(const GraphNode &node, Values &operands);
  bool gatherOperands(const GraphNode &node, Values &operands);
  bool carryNoted(const GraphEdge &edge, bool toOutput, Values &operands);
  bool checkId(const GraphNode &node, Operation *before);
  void noteOwner(const json::Value &place, StringRef kind, StringRef id);
  bool carry(const GraphEdge &edge, bool toOutput, Values &operands);
  bool checkEdge(const GraphEdge &edge, Value value);
  bool checkNodeShape(const std::optional<json::Value> &declared, ValueRange values);

  const Graph &graph;
  NetBuilder &net;
  std::vector<Values> results; ///< of each node; of an output what it is given
};
} // namespace

/// -1 is any size.
static bool fits(ArrayRef<int64_t> declared, ArrayRef<int64_t> shape) {
  return declared.size() == shape.size() && llvm::all_of(llvm::zip(declared, shape), [](auto pair) {
           auto [said, known] = pair;
           return said < 0 || esper::dimsAgree(said, known);
         });
}

static SmallVector<int64_t> integersOf(const json::Value &list) {
  return llvm::map_to_vector(*list.array(), [](json::Value dim) { return *dim.integer(); });
}

bool GraphBuilder::checkEdge(const GraphEdge &edge, Value value) {
  RankedTensorType type = typeOf(value);
  if (edge.shape && !fits(integersOf(*edge.shape), type.getShape())) {
    emitError(locationOf(net.context(), *edge.shape))
        << "found " << shapeText(integersOf(*edge.shape))
        << ", but the edge carries a tensor of shape " << shapeText(type.getShape());
    return false;
  }
  if (edge.element && edge.element != type.getElementType()) {
    emitError(locationOf(net.context(), *edge.place.object()->find("dtype")))
        << "found " << elementName(edge.element) << ", but the edge carries elements of type "
        << elementName(type.getElementType());
    return false;
  }
  return true;
}

bool GraphBuilder::carry(const GraphEdge &edge, bool toOutput, Values &operands) {
  const Values &source = results[edge.source];
  size_t first = edge.sourceIndex.value_or(0);
  if (first >= source.size()) {
    emitError(locationOf(net.context(), *edge.place.object()->find("source_index")))
        << "found " << first << ", but the source has " << source.size()
        << (source.size() == 1 ? " result" : " results, counted from 0");
    return false;
  }
  bool all = toOutput && !edge.sourceIndex;
  operands.append(source.begin() + first, all ? source.end() : source.begin() + first + 1);
  return checkEdge(edge, source[first]);
}

/// After an error says which edge.
bool GraphBuilder::carryNoted(const GraphEdge &edge, bool toOutput, Values &operands) {
  if (carry(edge, toOutput, operands))
    return true;
  noteOwner(edge.place, "edge", *edge.place.object()->find("id")->string());
  return false;
}

bool GraphBuilder::gather(const GraphNode &node, Values &operands) {
  if (node.role == NodeRole::Op)
    return gatherOperands(node, operands);
  for (unsigned index : node.incoming)
    if (!carryNoted(graph.edges[index], node.role == NodeRole::Output, operands))
      return false;
  return true;
}

/// Null for those that are left out.
bool GraphBuilder::gatherOperands(const GraphNode &node, Values &operands) {
  for (int64_t index : node.operands) {
    if (index < 0)
      operands.push_back(Value());
    else if (!carryNoted(graph.edges[index], /*toOutput=*/false, operands))
      return false;
  }
  return true;
}

/// Why no part of a state dict can have this name; empty when one can.
static StringRef faultOfId(StringRef id) {
  return id.contains('.') ? "it has a dot" : faultOfStatePart(id);
}

/// A node's id becomes one part of the names of its state; its ops begin after
/// `before`.
bool GraphBuilder::checkId(const GraphNode &node, Operation *before) {
  StringRef fault = faultOfId(node.id);
  Block &block = *net.ops().getInsertionBlock();
  auto first = before ? std::next(before->getIterator()) : block.begin();
  if (fault.empty() || llvm::none_of(llvm::make_range(first, block.end()), [](Operation &op) {
        return isa<esper::ParamOp, esper::BufferOp, esper::TrainingOp>(op);
      }))
    return true;
  emitError(locationOf(net.context(), *node.place.object()->find("id")))
      << "'" << StringRef(node.id) << "' cannot name a part of the state dict: " << fault;
  return false;
}

/// After an error inside: the id says more than a place in a list.
void GraphBuilder::noteOwner(const json::Value &place, StringRef kind, StringRef id) {
  emitRemark(locationOf(net.context(), place)) << "in " << kind << " \"" << id << "\"";
}

/// The shape that a node states for its first operand or result: in full, or
/// without the batch.
bool GraphBuilder::checkNodeShape(const std::optional<json::Value> &declared, ValueRange values) {
  if (!declared || values.empty())
    return true;
  SmallVector<int64_t> said = integersOf(*declared);
  ArrayRef<int64_t> shape = typeOf(values.front()).getShape();
  if (fits(said, shape) || (!shape.empty() && fits(said, shape.drop_front())))
    return true;
  emitError(locationOf(net.context(), *declared))
      << "found " << shapeText(said) << ", but the tensor has shape " << shapeText(shape);
  return false;
}

bool GraphBuilder::buildOp(unsigned index, const Values &operands) {
  const GraphNode &node = graph.nodes[index];
  Block &block = *net.ops().getInsertionBlock();
  Operation *before = block.empty() ? nullptr : &block.back();
  // checkId() refuses what has state; until then any name does.
  StringRef name = faultOfId(node.id).empty() ? StringRef(node.id) : "node";
  results[index] = node.layer->build(net, joinPath("layers", name), operands);
  return !results[index].empty() && checkId(node, before);
}

bool GraphBuilder::buildNode(unsigned index) {
  const GraphNode &node = graph.nodes[index];
  Values operands;
  if (!gather(node, operands))
    return false;
  At at(net, node.place);
  bool built = node.role != NodeRole::Op || buildOp(index, operands);
  if (node.role == NodeRole::Output)
    results[index] = operands;
  // An input node states the shape of what it gives.
  const Values &taken = operands.empty() ? results[index] : operands;
  if (built && checkNodeShape(node.inputShape, taken) &&
      checkNodeShape(node.outputShape, results[index]))
    return true;
  noteOwner(node.place, "node", node.id);
  return false;
}

Values GraphBuilder::run(ValueRange inputs) {
  size_t next = 0;
  for (auto [i, node] : llvm::enumerate(graph.nodes))
    if (node.role == NodeRole::Input) {
      results[i] = {inputs[next]};
      inputs[next++].setLoc(locationOf(net.context(), node.place));
    }
  for (unsigned node : graph.order)
    if (!buildNode(node))
      return {};
  Values outputs;
  for (auto [i, node] : llvm::enumerate(graph.nodes))
    if (node.role == NodeRole::Output)
      outputs.append(results[i]);
  return outputs;
}

Values tez::blueprint::buildGraph(const Graph &graph, NetBuilder &net, ValueRange inputs) {
  return GraphBuilder(graph, net).run(inputs);
}
