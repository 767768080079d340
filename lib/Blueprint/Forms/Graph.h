//===- Graph.h - Form 1c: nodes and edges -----------------------*- C++ -*-===//

#ifndef TEZ_LIB_BLUEPRINT_FORMS_GRAPH_H
#define TEZ_LIB_BLUEPRINT_FORMS_GRAPH_H

#include "tez/Blueprint/Form.h"

namespace tez::blueprint {

enum class NodeRole : uint8_t { Input, Output, Op };

struct GraphNode {
  json::Value place;
  std::string_view id = {};
  NodeRole role = NodeRole::Op;
  Input input = {};                  ///< of an input node
  std::unique_ptr<Layer> layer = {}; ///< of any other but an output; null after an error
  std::optional<json::Value> inputShape = {}, outputShape = {};

  llvm::SmallVector<unsigned, 2> incoming = {}; ///< edges, in their order
  llvm::SmallVector<int64_t, 2> operands = {};  ///< of an op: edges; -1: left out
  unsigned outgoing = 0;
};

struct GraphEdge {
  json::Value place;
  unsigned source = 0, target = 0; ///< nodes, by their place in the list
  std::optional<int64_t> sourceIndex = {};
  std::optional<std::string_view> argument = {}; ///< of the target's forward
  std::optional<json::Value> shape = {};
  mlir::Type element = {}; ///< null: any
};

struct Graph {
  std::vector<GraphNode> nodes;
  std::vector<GraphEdge> edges;
  std::vector<unsigned> order; ///< nodes, each after those it reads
};

/// Reads one node's op: what is in `attributes`, by the name in `op_type`.
/// Null after an error.
std::unique_ptr<Layer> readGraphOp(json::Fields &node, std::string_view type,
                                   json::Fields &attributes);

/// The rows of the op_type table, one list a file.
struct GraphOp {
  llvm::StringLiteral name;
  LayerReader read;
};
llvm::ArrayRef<GraphOp> moduleGraphOps();
llvm::ArrayRef<GraphOp> arithmeticGraphOps();
llvm::ArrayRef<GraphOp> shapeGraphOps();
llvm::ArrayRef<GraphOp> routingGraphOps();

/// A shape that may hold -1, of at most 64 dimensions whose known sizes have a
/// product below 2^63; nullopt after an error.
std::optional<llvm::SmallVector<int64_t>> readShape(const json::Value &value,
                                                    json::DiagnosticSink &sink);
/// "float32" and its kin; null after an error.
mlir::Type readElementType(const json::Value &value, mlir::MLIRContext *context,
                           json::DiagnosticSink &sink);

/// The name that readElementType takes for the type.
std::string_view elementName(mlir::Type element);

/// A shape as a blueprint writes it, on one line.
std::string shapeText(llvm::ArrayRef<int64_t> shape);

/// Nodes and edges as they stand. False after an error.
bool readGraphParts(json::Fields &root, FormContext &context, Graph &graph);

/// Who feeds whom, and in which order. False after an error.
bool orderGraph(Graph &graph, mlir::MLIRContext *context, const json::Value &root,
                json::DiagnosticSink &sink);

/// Builds the nodes in order.
Values buildGraph(const Graph &graph, NetBuilder &net, mlir::ValueRange inputs);

/// An op that is no module of torch.nn.
class LocalOp : public Layer {
public:
  using Build = std::function<Values(NetBuilder &, llvm::StringRef path, mlir::ValueRange)>;
  LocalOp(json::Fields &fields, size_t least, size_t most, Build function)
      : place(fields.place()), least(least), most(most), function(std::move(function)) {}

  size_t minInputs() const override { return least; }
  size_t maxInputs(mlir::MLIRContext *) const override { return most; }
  Values build(NetBuilder &net, llvm::StringRef path, mlir::ValueRange inputs) const override {
    return function(net, path, inputs);
  }

private:
  json::Value place;
  size_t least, most;
  Build function;
};

} // namespace tez::blueprint

#endif // TEZ_LIB_BLUEPRINT_FORMS_GRAPH_H
