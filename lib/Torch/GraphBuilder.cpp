//===- GraphBuilder.cpp - From ts.forward to a TorchScript graph ----------===//

#include "GraphBuilder.h"
#include "Literals.h"
#include "llvm/ADT/TypeSwitch.h"
#include <torch/csrc/jit/frontend/schema_matching.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/runtime/operator.h>

using namespace tez;
using torch::jit::Node;

GraphBuilder::GraphBuilder(ts::ForwardOp forward, ModuleTree &modules)
    : forward(forward), modules(modules), graph(std::make_shared<torch::jit::Graph>()) {}

std::shared_ptr<torch::jit::Graph> GraphBuilder::build() {
  addInputs();
  emitBlock(forward.getBody().front());
  nameValues(graph->block());
  return graph;
}

static c10::TypePtr toTorchType(mlir::Type type) {
  return llvm::TypeSwitch<mlir::Type, c10::TypePtr>(type)
      .Case([](ts::TensorType) { return c10::TensorType::get(); })
      .Case([](ts::OptionalTensorType) { return c10::OptionalType::ofTensor(); })
      .Case([](ts::TensorListType) { return c10::ListType::ofTensors(); })
      .Case([](ts::IntListType) { return c10::ListType::ofInts(); })
      .Case([](ts::BoolType) { return c10::BoolType::get(); })
      .Default([](mlir::Type) { return c10::IntType::get(); });
}

static std::vector<c10::TypePtr> toTorchTypes(mlir::TypeRange types) {
  std::vector<c10::TypePtr> result;
  for (mlir::Type type : types)
    result.push_back(toTorchType(type));
  return result;
}

void GraphBuilder::addInputs() {
  self = graph->addInput("self");
  self->setType(modules.printedTypeOf(""));
  moduleValues[""] = self;
  auto names = forward.getNames().getAsValueRange<mlir::StringAttr>();
  for (auto [argument, name] : llvm::zip(forward.getBody().getArguments(), names)) {
    torch::jit::Value *input = graph->addInput(name.str());
    input->setType(toTorchType(argument.getType()));
    values[argument] = input;
  }
}

void GraphBuilder::emitBlock(mlir::Block &block) {
  for (mlir::Operation &op : block)
    emitOp(op);
}

void GraphBuilder::emitOp(mlir::Operation &op) {
  namespace prim = c10::prim;
  current = &op;
  std::vector<c10::TypePtr> types = toTorchTypes(op.getResultTypes());
  llvm::TypeSwitch<mlir::Operation *>(&op)
      .Case([&](ts::CallOp call) { emitCall(call); })
      .Case([&](ts::IfOp branch) { emitIf(branch); })
      .Case([&](ts::RequireRankOp check) { emitRequireRank(check); })
      .Case([&](ts::ReturnOp end) { emitReturn(end); })
      .Case([&](ts::YieldOp end) {
        for (torch::jit::Value *value : lookup(end.getResults()))
          graph->insertPoint()->owningBlock()->registerOutput(value);
      })
      .Case([&](ts::GetOp get) {
        auto [path, name] = splitName(get.getName());
        bool packed = llvm::isa<ts::PackedType>(get.getType());
        values[get.getValue()] = getAttribute(
            moduleAt(path), name, packed ? modules.packedTypeOf(get.getName()) : types[0]);
      })
      .Case([&](ts::TrainingOp get) {
        values[get.getFlag()] = getAttribute(moduleAt(get.getPath()), "training", types[0]);
      })
      .Case([&](ts::IsNoneOp test) {
        torch::jit::Value *none = graph->insertConstant(c10::IValue());
        bind(op, insert(c10::aten::__is__, {values[test.getInput()], none}, types));
      })
      .Case([&](ts::UnwrapOp) {
        bind(op, insert(prim::unchecked_unwrap_optional, lookup(op.getOperands()), types));
      })
      .Case([&](ts::IntOp constant) {
        values[constant] = graph->insertConstant(int64_t(constant.getValue()));
      })
      .Case<ts::ListOp, ts::IntListOp>([&](mlir::Operation *) {
        bind(op, insert(prim::ListConstruct, lookup(op.getOperands()), types));
      })
      .Case([&](ts::UnpackOp) {
        bind(op, insert(prim::ListUnpack, lookup(op.getOperands()), types));
      })
      .Default([](mlir::Operation *other) {
        TORCH_CHECK(false, "no emission for ", other->getName().getStringRef().str());
      });
}

/// Operands in their places, literals as constants. What a schema takes by
/// keyword only is passed so.
void GraphBuilder::emitCall(ts::CallOp call) {
  auto symbol = c10::Symbol::fromQualString(call.getCallee().str());
  std::vector<const c10::FunctionSchema *> schemas;
  for (const auto &overload : torch::jit::getAllOperatorsFor(symbol))
    schemas.push_back(&overload->schema());
  TORCH_CHECK(!schemas.empty(), "this torch has no operator ", call.getCallee().str());
  const CallShape &shape = callShapeOf(call.getCallee());
  std::vector<torch::jit::NamedValue> positional, keywords;
  auto operand = call.getOperands().begin();
  for (auto [i, literal] : llvm::enumerate(call.getArgs())) {
    torch::jit::Value *value = llvm::isa<mlir::UnitAttr>(literal)
                                   ? values.lookup(*operand++)
                                   : graph->insertConstant(toIValue(literal));
    if (i >= shape.keywordOnly.size() || shape.keywordOnly[i].empty())
      positional.emplace_back(value);
    else
      keywords.emplace_back(shape.keywordOnly[i], value);
  }
  auto [index, match] =
      torch::jit::matchSchemas(schemas, torch::jit::SourceRange(), *graph, positional, keywords);
  bind(*call, insert(symbol, match.inputs, match.return_types));
}

void GraphBuilder::emitIf(ts::IfOp op) {
  Node *node =
      insert(c10::prim::If, {values.lookup(op.getCondition())}, toTorchTypes(op.getResultTypes()));
  bool outermost = !outermostIf;
  if (outermost)
    outermostIf = node;
  for (mlir::Region *branch : op.getRegions()) {
    torch::jit::WithInsertPoint inside(node->addBlock());
    emitBlock(branch->front());
  }
  if (outermost)
    outermostIf = nullptr;
  bind(*op, node);
}

/// if input.dim() != rank: raise(...)
void GraphBuilder::emitRequireRank(ts::RequireRankOp op) {
  auto single = [&](c10::Symbol kind, at::ArrayRef<Value *> inputs, const c10::TypePtr &type) {
    return insert(kind, inputs, {type})->output();
  };
  int64_t rank = op.getRank();
  Value *found = single(c10::aten::dim, {values.lookup(op.getInput())}, c10::IntType::get());
  Value *differs =
      single(c10::aten::ne, {found, graph->insertConstant(rank)}, c10::BoolType::get());
  Node *branch = insert(c10::prim::If, {differs}, {});
  torch::jit::WithInsertPoint inside(branch->addBlock());
  branch->addBlock();
  Value *text =
      graph->insertConstant(op.getName().str() + " has rank {}, expected " + std::to_string(rank));
  Value *message = single(c10::aten::format, {text, found}, c10::StringType::get());
  insert(c10::prim::RaiseException, {message, graph->insertConstant(c10::IValue())}, {});
}

void GraphBuilder::emitReturn(ts::ReturnOp op) {
  std::vector<torch::jit::Value *> results = lookup(op.getResults());
  TORCH_CHECK(!results.empty(), "forward returns nothing");
  graph->registerOutput(results.size() == 1
                            ? results.front()
                            : graph->insertNode(graph->createTuple(results))->output());
}

/// Saving is quadratic in repeated names, so that each value gets its own.
void GraphBuilder::nameValues(torch::jit::Block *block) {
  auto isInput = [&](const std::string &name) {
    return llvm::any_of(graph->inputs(), [&](auto *input) { return input->debugName() == name; });
  };
  for (Node *node : block->nodes()) {
    for (torch::jit::Value *output : node->outputs()) {
      std::string name;
      do
        name = "v" + std::to_string(numNames++);
      while (isInput(name));
      output->setDebugName(name);
    }
    for (torch::jit::Block *inner : node->blocks())
      nameValues(inner);
  }
}

torch::jit::Value *GraphBuilder::getAttribute(Value *object, llvm::StringRef name,
                                              const c10::TypePtr &type) {
  // Not createGetAttr: that looks the name up among all of the class.
  Node *node = insert(c10::prim::GetAttr, {object}, {type});
  node->s_(c10::attr::name, name == "training" ? name.str() : modules.names.encode(name));
  return node->output();
}

/// One value a module, usable everywhere after: inside of an if it is put in
/// front of that.
torch::jit::Value *GraphBuilder::moduleAt(llvm::StringRef path) {
  if (torch::jit::Value *known = moduleValues.lookup(path))
    return known;
  auto [parent, name] = splitName(path);
  Value *object = moduleAt(parent);
  torch::jit::WithInsertPoint before(outermostIf ? outermostIf : graph->insertPoint());
  return moduleValues[path] = getAttribute(object, name, modules.printedTypeOf(path));
}

Node *GraphBuilder::insert(c10::Symbol kind, at::ArrayRef<Value *> inputs,
                           at::ArrayRef<c10::TypePtr> results) {
  Node *node = graph->insertNode(graph->create(kind, inputs, results.size()));
  origins[node] = current;
  for (size_t i = 0; i < results.size(); ++i)
    node->output(i)->setType(results[i]);
  return node;
}

std::vector<torch::jit::Value *> GraphBuilder::lookup(mlir::ValueRange range) const {
  std::vector<Value *> found;
  for (mlir::Value value : range)
    found.push_back(values.lookup(value));
  return found;
}

void GraphBuilder::bind(mlir::Operation &op, const Node *node) {
  for (auto [i, result] : llvm::enumerate(op.getResults()))
    values[result] = const_cast<Value *>(node->output(i));
}
