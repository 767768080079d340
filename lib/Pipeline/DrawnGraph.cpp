//===- DrawnGraph.cpp - The nodes and edges of a kernel -------------------===//

#include "Depiction.h"
#include "mlir/IR/Diagnostics.h"
#include "tez/Analysis/Cost.h"
#include "tez/Dialect/Esper/ConcreteShapes.h"
#include "tez/Dialect/Esper/Fused.h"
#include "tez/Transforms/DerivedState.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;
using report::GraphNode;

//===----------------------------------------------------------------------===//
// Texts
//===----------------------------------------------------------------------===//

static std::string textOf(Type type) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  RankedTensorType tensor =
      isa<OptionalType, RankedTensorType>(type) ? tensorTypeOf(type) : RankedTensorType();
  if (!tensor)
    return stream << type, text;
  for (auto [i, dim] : llvm::enumerate(tensor.getShape()))
    stream << (i ? "\xC3\x97" : "") << (ShapedType::isDynamic(dim) ? "?" : std::to_string(dim));
  stream << (tensor.getRank() ? " " : "scalar ") << tensor.getElementType();
  return text;
}

static std::string textOf(Attribute attribute) {
  static constexpr size_t most = 120;
  std::string text;
  llvm::raw_string_ostream stream(text);
  attribute.print(stream, /*elideType=*/true);
  return text.size() <= most ? text : text.substr(0, most) + "...";
}

static std::string opName(Operation *op) {
  std::string name = op->getName().stripDialect().str();
  auto activation = dyn_cast<ActivationOp>(op);
  return activation ? name + " " + activation.getKind().str() : name;
}

static std::string badgeOf(Operation *op) {
  if (auto fused = op->getAttrOfType<StringAttr>(kFused))
    return "fused: " + fused.getValue().str();
  if (isAbsorbed(op))
    return "part of a fused call";
  return op->hasAttr("esper.in_place") ? "in place" : "";
}

/// Of a field what tells it from others: "nodes[2]", "hidden_sizes[0]".
static std::string shortField(StringRef field) {
  StringRef inner = field.split(".attributes").first;
  return (inner.contains("config.") ? inner.split("config.").second : inner).str();
}

/// One type, or how many of it; all of them where they differ.
static std::string textOf(TypeRange types) {
  std::string first = textOf(types.front()), text;
  if (types.size() > 1 && llvm::all_equal(types))
    return std::to_string(types.size()) + " of " + first;
  for (Type type : types)
    text += (text.empty() ? "" : ", ") + textOf(type);
  return text;
}

/// What all names have in common: "layers.mix" of in_proj_weight and in_proj_bias.
static std::string commonName(ArrayRef<StringRef> names) {
  if (names.empty())
    return "";
  StringRef common = names.front();
  for (StringRef name : names.drop_front())
    while (!common.empty() && name != common && !name.starts_with((common + ".").str()))
      common = common.contains('.') ? common.rsplit('.').first : "";
  return (common.empty() ? names.front() : common).str();
}

//===----------------------------------------------------------------------===//
// State
//===----------------------------------------------------------------------===//

static StringRef stateName(Operation *op) {
  if (auto param = dyn_cast_if_present<ParamOp>(op))
    return param.getName();
  auto buffer = dyn_cast_if_present<BufferOp>(op);
  return buffer ? buffer.getName() : StringRef();
}

/// The state that result `i` of a derived kernel is computed from.
static std::string sourcesOf(KernelOp derived, unsigned i) {
  llvm::SetVector<Operation *> work;
  std::string names;
  if (Operation *op = derived.getReturn().getResults()[i].getDefiningOp())
    work.insert(op);
  for (size_t at = 0; at < work.size(); ++at) {
    if (StringRef name = stateName(work[at]); !name.empty())
      names += (names.empty() ? "" : ", ") + name.str();
    for (Value operand : work[at]->getOperands())
      if (Operation *op = operand.getDefiningOp())
        work.insert(op);
  }
  return names;
}

static std::map<std::string, std::string> derivedSources(ModuleOp module, KernelOp kernel) {
  std::map<std::string, std::string> sources;
  KernelOp derived = findDerivedState(module, kernel.getSymName());
  for (unsigned i = 0, e = derived ? derived.getResultTypes().size() : 0; i < e; ++i)
    sources[getDerivedName(derived, i).str()] = sourcesOf(derived, i);
  return sources;
}

//===----------------------------------------------------------------------===//
// Graph
//===----------------------------------------------------------------------===//

namespace {
class Drawer {
public:
  Drawer(ModuleOp module, KernelOp kernel)
      : kernel(kernel), derived(derivedSources(module, kernel)) {}

  report::Graph run();

private:
  void addInputs();
  void addOp(Operation &op);
  void addOutputs();
  void addEdges(ValueRange operands, unsigned to);
  void addState(GraphNode &node, Operation &op);
  bool isRead(Value value);
  bool onlyUpdates(Operation &op);

  KernelOp kernel;
  std::map<std::string, std::string> derived;
  llvm::DenseMap<Value, unsigned> nodes;
  report::Graph graph;
};
} // namespace

void Drawer::addInputs() {
  for (BlockArgument argument : kernel.getBody().getArguments()) {
    nodes[argument] = unsigned(graph.nodes.size());
    unsigned i = argument.getArgNumber();
    graph.nodes.push_back({GraphNode::Kind::Input,
                           "input",
                           kernel.getInputName(i),
                           textOf(argument.getType()),
                           "",
                           "",
                           {}});
    if (isa<OptionalType>(argument.getType()))
      graph.nodes.back().details.push_back("may be left out");
  }
}

void Drawer::addEdges(ValueRange operands, unsigned to) {
  llvm::SetVector<unsigned> sources;
  for (Value operand : operands)
    if (auto found = nodes.find(operand); found != nodes.end())
      sources.insert(found->second);
  for (unsigned from : sources)
    graph.edges.push_back({from, to});
}

/// By more than the update of a buffer.
bool Drawer::isRead(Value value) {
  size_t results = kernel.getReturn().getResults().size();
  return llvm::any_of(value.getUses(), [&](OpOperand &use) {
    return !isa<ReturnOp>(use.getOwner()) || use.getOperandNumber() < results;
  });
}

/// A counter of batches, say, which no other op has to do with.
bool Drawer::onlyUpdates(Operation &op) {
  return llvm::none_of(op.getOperands(), [&](Value v) { return nodes.contains(v); }) &&
         llvm::none_of(op.getResults(), [&](Value v) { return isRead(v); });
}

/// The parameters and buffers that `op` reads, and its name by them.
void Drawer::addState(GraphNode &node, Operation &op) {
  SmallVector<StringRef> names;
  for (Value operand : op.getOperands()) {
    StringRef name = stateName(operand.getDefiningOp());
    if (name.empty())
      continue;
    names.push_back(name);
    node.details.push_back("reads " + name.str() + " " + textOf(operand.getType()));
    if (auto found = derived.find(name.str()); found != derived.end())
      node.details.push_back("  computed once from " + found->second);
  }
  // What was folded together is numbered: its names have nothing in common.
  bool folded = llvm::all_of(names, [&](StringRef name) { return derived.count(name.str()); });
  node.name = names.empty() ? shortField(node.field)
              : folded      ? names.front().str()
                            : commonName(names);
}

/// What is no tensor (modes, flags) and what is state is no node.
void Drawer::addOp(Operation &op) {
  if (!stateName(&op).empty() || op.getNumResults() == 0 ||
      !isa<RankedTensorType>(op.getResult(0).getType()) || onlyUpdates(op))
    return;
  GraphNode node{GraphNode::Kind::Op,    opName(&op),  "", "",
                 placeName(op.getLoc()), badgeOf(&op), {}};
  SmallVector<Type> types;
  for (Value result : op.getResults())
    if (isRead(result) || op.getNumResults() == 1)
      types.push_back(result.getType());
  node.type = textOf(types.empty() ? TypeRange(op.getResultTypes()) : TypeRange(types));
  addState(node, op);
  for (NamedAttribute attribute : op.getAttrs())
    if (!attribute.getName().getValue().starts_with("esper."))
      node.details.push_back(attribute.getName().str() + " = " + textOf(attribute.getValue()));
  addEdges(op.getOperands(), unsigned(graph.nodes.size()));
  for (Value result : op.getResults())
    nodes[result] = unsigned(graph.nodes.size());
  graph.nodes.push_back(std::move(node));
}

void Drawer::addOutputs() {
  for (auto [i, result] : llvm::enumerate(kernel.getReturn().getResults())) {
    addEdges(result, unsigned(graph.nodes.size()));
    graph.nodes.push_back({GraphNode::Kind::Output,
                           "output",
                           "output" + std::to_string(i),
                           textOf(result.getType()),
                           "",
                           "",
                           {}});
  }
}

report::Graph Drawer::run() {
  addInputs();
  for (Operation &op : kernel.getBody().front().without_terminator())
    addOp(op);
  addOutputs();
  return std::move(graph);
}

report::Graph tez::drawnGraph(ModuleOp module) {
  return Drawer(module, *module.getOps<KernelOp>().begin()).run();
}
