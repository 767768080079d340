//===- Graph.h - A kernel as it is drawn ------------------------*- C++ -*-===//

#ifndef TEZ_REPORT_GRAPH_H
#define TEZ_REPORT_GRAPH_H

#include <string>
#include <vector>

namespace tez::report {

struct GraphNode {
  enum class Kind { Input, Op, Output };
  Kind kind = Kind::Op;
  std::string op;    ///< "linear"; of inputs and outputs "input", "output"
  std::string name;  ///< "layers.widen", or where it stands in the blueprint
  std::string type;  ///< "?×64 f32"
  std::string field; ///< of the blueprint; what one graph has in common with the other
  std::string badge; ///< "in place", what it is fused into, or nothing
  /// Lines shown on demand: attributes, parameters.
  std::vector<std::string> details;
};

struct GraphEdge {
  unsigned from = 0, to = 0; ///< indices of nodes; from < to
  bool operator==(const GraphEdge &) const = default;
};

/// Nodes in program order. Parameters are details of the nodes that read them.
struct Graph {
  std::vector<GraphNode> nodes;
  std::vector<GraphEdge> edges;
};

} // namespace tez::report

#endif // TEZ_REPORT_GRAPH_H
