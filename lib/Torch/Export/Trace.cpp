//===- Trace.cpp - The calls that forward makes in one mode ---------------===//

#include "Trace.h"
#include "../Tensors.h"
#include "Names.h"
#include "StateNames.h"
#include "Windows.h"
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/jit/ir/constants.h>

using namespace tez;
using namespace tez::program;
using torch::jit::Node;
using JitValue = torch::jit::Value;
using Values = std::vector<c10::IValue>; // one a sample

namespace {
/// A value of the graph: what it is in each sample, and in the program.
struct Item {
  Values values;
  Reference reference;
};

class Tracer {
public:
  Tracer(ts::ModuleOp op, const WeightStore &weights, const ProgramRequest &request)
      : op(op), request(request), modules(op, weights), builder(op.getForward(), modules),
        graph(builder.build()) {}

  std::optional<Program> run();

private:
  size_t numSamples() const { return request.samples.size(); }

  bool addState();
  void addInputs();
  void addInput(const ProgramRequest::Input &input, size_t number, JitValue *value);
  bool traceBlock(torch::jit::Block *block);
  bool traceNode(Node *node);
  bool traceIf(Node *node);
  bool traceCall(Node *node);
  bool traceSize(Node *node);
  void traceAttribute(Node *node);
  void traceList(Node *node);
  void traceUnpack(Node *node);
  std::vector<Values> execute(Node *node) const;
  bool note(Node *node, std::vector<Values> results);
  std::optional<Reference> noteResult(Node *node, const std::string &base, const Values &results,
                                      const ShapeFinder &finder);
  std::optional<std::string> noteTensor(Node *node, const std::string &base,
                                        llvm::ArrayRef<at::Tensor> samples,
                                        const ShapeFinder &finder);
  llvm::SmallVector<const Meta *> metasOf(Node *node) const;
  void addMeta(const std::string &name, Meta meta);
  bool refuse(Node *node, const std::string &why);
  const Item &item(const JitValue *value) const { return items.at(value); }
  void set(const JitValue *value, Values values, Reference reference) {
    items[value] = {std::move(values), std::move(reference)};
  }

  ts::ModuleOp op;
  const ProgramRequest &request;
  ModuleTree modules;
  GraphBuilder builder;
  std::shared_ptr<torch::jit::Graph> graph;
  Program program;
  Names names;
  std::unordered_map<const JitValue *, Item> items;
  std::map<std::string, size_t> tensorIndex; ///< into program.tensors
  llvm::StringMap<size_t> stateIndex;        ///< into program.state, by state-dict name
  llvm::StringMap<Values> stateValues;       ///< of each sample, by state-dict name
};
} // namespace

bool Tracer::refuse(Node *node, const std::string &why) {
  mlir::Operation *origin = builder.originOf(node);
  (origin ? origin : op.getOperation())->emitError()
      << "has no form in an exported program: " << why;
  return false;
}

void Tracer::addMeta(const std::string &name, Meta meta) {
  tensorIndex[name] = program.tensors.size();
  program.tensors.emplace_back(name, std::move(meta));
}

//===----------------------------------------------------------------------===//
// What the graph begins with
//===----------------------------------------------------------------------===//

static Meta fixedMeta(const at::Tensor &tensor, size_t samples) {
  Meta meta;
  meta.type = tensor.scalar_type();
  for (int64_t dim = 0; dim < tensor.dim(); ++dim) {
    meta.sizes.push_back(Size::constant(tensor.size(dim), samples));
    meta.strides.push_back(Size::constant(tensor.stride(dim), samples));
  }
  meta.offset = Size::constant(0, samples);
  meta.requiresGrad = tensor.requires_grad();
  return meta;
}

/// Parameters in front of buffers, as torch.export has them.
bool Tracer::addState() {
  for (bool parameters : {true, false})
    for (mlir::Operation &member : op.getBody().front()) {
      if (parameters ? !llvm::isa<ts::ParameterOp>(member) : !llvm::isa<ts::BufferOp>(member))
        continue;
      std::string name = member.getAttrOfType<mlir::StringAttr>("name").str();
      if (std::string why = refuseName(name); !why.empty()) {
        member.emitError() << "'" << name << "' has no form in an exported program: " << why;
        return false;
      }
      State state{name,
                  names.unique((parameters ? "p_" : "b_") + name),
                  modules.state(name),
                  {},
                  parameters};
      state.meta = fixedMeta(state.value, numSamples());
      addMeta(state.argument, state.meta);
      stateIndex[name] = program.state.size();
      program.state.push_back(std::move(state));
    }
  return true;
}

void Tracer::addInput(const ProgramRequest::Input &input, size_t number, JitValue *value) {
  Values tensors;
  for (const auto &sample : request.samples)
    tensors.push_back(at::zeros(sample[number], toScalarType(input.dtype)));
  Meta meta = fixedMeta(tensors.front().toTensor(), numSamples());
  for (auto [dim, symbol] : llvm::enumerate(input.symbols)) {
    std::vector<int64_t> sizes;
    for (const auto &sample : request.samples)
      sizes.push_back(sample[number][dim]);
    if (symbol >= 0)
      meta.sizes[dim] = Size::symbol(unsigned(symbol), std::move(sizes));
  }
  Size stride = Size::constant(1, numSamples());
  for (size_t dim = meta.sizes.size(); dim-- > 0; stride = stride * meta.sizes[dim])
    meta.strides[dim] = stride;
  std::string name = names.unique(input.name);
  addMeta(name, std::move(meta));
  program.inputs.push_back(name);
  set(value, std::move(tensors), Tensor{name});
}

void Tracer::addInputs() {
  torch::jit::Module root = modules.root();
  root.train(request.training);
  set(graph->inputs()[0], Values(numSamples(), root._ivalue()), c10::IValue());
  for (auto [number, input] : llvm::enumerate(request.inputs)) {
    JitValue *value = graph->inputs()[number + 1];
    if (input)
      addInput(*input, number, value);
    else
      set(value, Values(numSamples()), c10::IValue());
  }
}

/// Modules and modes are known. A sample has its own buffers, since a call may write to them.
void Tracer::traceAttribute(Node *node) {
  Values objects = item(node->input()).values, found;
  for (const c10::IValue &object : objects)
    found.push_back(object.toObjectRef().getAttr(node->s(c10::attr::name)));
  Reference reference = found.front();
  if (found.front().isTensor()) {
    std::string name = llvm::cast<ts::GetOp>(builder.originOf(node)).getName().str();
    const State &state = program.state[stateIndex.lookup(name)];
    auto [own, isNew] = stateValues.try_emplace(name, found);
    if (isNew && !state.isParameter)
      for (c10::IValue &value : own->second)
        value = value.toTensor().clone();
    found = own->second;
    reference = Tensor{state.argument};
  }
  set(node->output(), std::move(found), std::move(reference));
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

static bool allEqual(const Values &values) {
  return llvm::all_of(values, [&](const c10::IValue &value) { return value == values.front(); });
}

bool Tracer::traceIf(Node *node) {
  const Values &condition = item(node->input()).values;
  if (!allEqual(condition))
    return refuse(node, "a choice that hangs on the sizes of the inputs");
  torch::jit::Block *taken = node->blocks()[condition.front().toBool() ? 0 : 1];
  if (!traceBlock(taken))
    return false;
  for (size_t i = 0; i < node->outputs().size(); ++i)
    items[node->outputs()[i]] = item(taken->outputs()[i]);
  return true;
}

/// How the program refers to the elements together.
static Reference listReference(llvm::ArrayRef<const Item *> elements, const c10::IValue &list) {
  if (list.isTensorList()) {
    TensorList names;
    for (const Item *element : elements)
      names.names.push_back(std::get<Tensor>(element->reference).name);
    return names;
  }
  IntList mixed;
  for (const Item *element : elements)
    if (auto *symbolic = std::get_if<SymbolicInt>(&element->reference))
      mixed.emplace_back(*symbolic);
    else
      mixed.emplace_back(std::get<c10::IValue>(element->reference).toInt());
  bool isConstant = llvm::none_of(
      mixed, [](const IntElement &one) { return std::holds_alternative<SymbolicInt>(one); });
  return isConstant ? Reference(list) : Reference(mixed);
}

void Tracer::traceList(Node *node) {
  std::vector<const Item *> elements;
  for (JitValue *input : node->inputs())
    elements.push_back(&item(input));
  Values lists;
  c10::TypePtr type = node->output()->type()->expectRef<c10::ListType>().getElementType();
  for (size_t sample = 0; sample < numSamples(); ++sample) {
    c10::impl::GenericList list(type);
    for (const Item *element : elements)
      list.push_back(element->values[sample]);
    lists.emplace_back(std::move(list));
  }
  Reference reference = listReference(elements, lists.front());
  set(node->output(), std::move(lists), std::move(reference));
}

static const c10::FunctionSchema *symbolicSizeSchema() {
  return &c10::Dispatcher::singleton().findSchemaOrThrow("aten::sym_size", "int").schema();
}

/// A size that all calls share is a number, another an integer of the program.
bool Tracer::traceSize(Node *node) {
  const auto &tensor = std::get<Tensor>(item(node->inputs()[0]).reference);
  const Meta &meta = program.tensors[tensorIndex.at(tensor.name)].second;
  int64_t dim = item(node->inputs()[1]).values.front().toInt();
  Size size = meta.sizes[size_t(dim < 0 ? dim + int64_t(meta.sizes.size()) : dim)];
  Values values(size.values().begin(), size.values().end());
  if (size.isConstant()) {
    c10::IValue number = values.front();
    set(node->output(), std::move(values), std::move(number));
    return true;
  }
  std::string name = names.fresh("sym_size_int");
  program.sizes.emplace_back(name, size);
  program.calls.push_back({symbolicSizeSchema(), {tensor, c10::IValue(dim)}, {SymbolicInt{name}}});
  set(node->output(), std::move(values), SymbolicInt{name});
  return true;
}

bool Tracer::traceNode(Node *node) {
  namespace prim = c10::prim;
  switch (node->kind()) {
  case prim::Constant: {
    c10::IValue value = *torch::jit::toIValue(node->output());
    set(node->output(), Values(numSamples(), value), value);
    return true;
  }
  case prim::GetAttr:
    return traceAttribute(node), true;
  case prim::If:
    return traceIf(node);
  case prim::ListConstruct:
    return traceList(node), true;
  case prim::TupleConstruct:
    return true; // the results of forward
  case prim::ListUnpack:
    return traceUnpack(node), true;
  case prim::unchecked_unwrap_optional:
    items[node->output()] = item(node->input());
    return true;
  case c10::aten::size:
    return traceSize(node);
  default:
    return traceCall(node);
  }
}

void Tracer::traceUnpack(Node *node) {
  const Item &list = item(node->input());
  for (size_t i = 0; i < node->outputs().size(); ++i) {
    Values elements;
    for (const c10::IValue &sample : list.values)
      elements.push_back(sample.toListRef()[i]);
    set(node->outputs()[i], std::move(elements),
        Tensor{std::get<TensorList>(list.reference).names[i]});
  }
}

bool Tracer::traceBlock(torch::jit::Block *block) {
  return llvm::all_of(block->nodes(), [&](Node *node) { return traceNode(node); });
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

/// Asks for nothing that a program does not know when it is made.
static bool isDecidedNow(const Node *node) {
  static const c10::Symbol kinds[] = {c10::aten::__is__, c10::aten::dim, c10::aten::gt,
                                      c10::aten::ne};
  bool isTensor = node->output()->type()->isSubtypeOf(*c10::TensorType::get());
  return !isTensor && llvm::is_contained(kinds, node->kind());
}

/// The results in each sample, by result.
std::vector<Values> Tracer::execute(Node *node) const {
  torch::jit::Operation operation = node->getOperation();
  std::vector<Values> results(node->outputs().size());
  for (size_t sample = 0; sample < numSamples(); ++sample) {
    torch::jit::Stack stack;
    for (JitValue *input : node->inputs())
      stack.push_back(item(input).values[sample]);
    operation(stack);
    for (auto [result, value] : llvm::zip(results, stack))
      result.push_back(std::move(value));
  }
  return results;
}

llvm::SmallVector<const Meta *> Tracer::metasOf(Node *node) const {
  llvm::SmallVector<const Meta *> metas;
  auto add = [&](const std::string &name) {
    metas.push_back(&program.tensors[tensorIndex.at(name)].second);
  };
  for (JitValue *input : node->inputs())
    if (auto *tensor = std::get_if<Tensor>(&item(input).reference))
      add(tensor->name);
    else if (auto *list = std::get_if<TensorList>(&item(input).reference))
      llvm::for_each(list->names, add);
  return metas;
}

std::optional<std::string> Tracer::noteTensor(Node *node, const std::string &base,
                                              llvm::ArrayRef<at::Tensor> samples,
                                              const ShapeFinder &finder) {
  std::optional<Meta> meta = finder.describe(samples);
  if (!meta) {
    refuse(node, "a size of what '" + std::string(node->kind().toQualString()) +
                     "' computes is no expression of the inputs' sizes that is known here");
    return std::nullopt;
  }
  std::string name = names.fresh(base);
  addMeta(name, std::move(*meta));
  return name;
}

/// A tensor or a list of tensors.
std::optional<Reference> Tracer::noteResult(Node *node, const std::string &base,
                                            const Values &results, const ShapeFinder &finder) {
  auto tensors = [&](auto select) {
    std::vector<at::Tensor> samples;
    for (const c10::IValue &result : results)
      samples.push_back(select(result));
    return samples;
  };
  if (results.front().isTensor()) {
    auto name =
        noteTensor(node, base, tensors([](const c10::IValue &v) { return v.toTensor(); }), finder);
    return name ? std::optional<Reference>(Tensor{*name}) : std::nullopt;
  }
  TensorList list;
  for (size_t i = 0; i < results.front().toListRef().size(); ++i) {
    auto name = noteTensor(
        node, base, tensors([i](const c10::IValue &v) { return v.toListRef()[i].toTensor(); }),
        finder);
    if (!name)
      return std::nullopt;
    list.names.push_back(*name);
  }
  return list;
}

bool Tracer::note(Node *node, std::vector<Values> results) {
  Call call{&node->schema(), {}, {}};
  std::string base = node->kind().toUnqualString();
  for (JitValue *input : node->inputs())
    call.arguments.push_back(item(input).reference);
  llvm::SmallVector<const Meta *> metas = metasOf(node);
  ShapeFinder finder(metas, windowOf(*call.schema, call.arguments, metas));
  for (auto [i, values] : llvm::enumerate(results)) {
    if (!values.front().isTensor() && !values.front().isTensorList())
      return refuse(node, "'" + std::string(node->kind().toQualString()) +
                              "' makes a number of what is in a tensor");
    std::optional<Reference> reference = noteResult(node, base, values, finder);
    if (!reference)
      return false;
    call.results.push_back(*reference);
    set(node->outputs()[i], std::move(values), std::move(*reference));
  }
  program.calls.push_back(std::move(call));
  return true;
}

bool Tracer::traceCall(Node *node) {
  for (JitValue *input : node->inputs())
    if (item(input).values.front().isCustomClass())
      return refuse(node, "a weight packed for '" + std::string(node->kind().toQualString()) + "'");
  std::vector<Values> results;
  try {
    results = execute(node);
  } catch (const c10::Error &error) { // one of a GPU's, for example
    llvm::StringRef why = error.what_without_backtrace();
    return refuse(node, "'" + std::string(node->kind().toQualString()) +
                            "' does not run here, to see its sizes: " +
                            why.split(". ").first.split('\n').first.str());
  }
  if (node->outputs().size() != 1 || !isDecidedNow(node))
    return note(node, std::move(results));
  if (!allEqual(results[0]))
    return refuse(node, "a choice that hangs on the sizes of the inputs");
  c10::IValue decided = results[0].front();
  set(node->output(), std::move(results[0]), std::move(decided));
  return true;
}

std::optional<Program> Tracer::run() {
  at::NoGradGuard forward;
  if (!addState())
    return std::nullopt;
  addInputs();
  if (!traceBlock(graph->block()))
    return std::nullopt;
  JitValue *result = graph->outputs()[0];
  at::ArrayRef<JitValue *> results = result->node()->kind() == c10::prim::TupleConstruct
                                         ? result->node()->inputs()
                                         : graph->outputs();
  for (JitValue *value : results)
    program.outputs.push_back(std::get<Tensor>(item(value).reference).name);
  return std::move(program);
}

std::optional<Program> tez::program::trace(ts::ModuleOp module, const WeightStore &weights,
                                           const ProgramRequest &request) {
  return Tracer(module, weights, request).run();
}
