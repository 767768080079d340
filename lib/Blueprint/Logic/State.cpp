//===- State.cpp - Parameters and buffers of __init__ ---------------------===//

#include "Names.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

//===----------------------------------------------------------------------===//
// Initial values
//===----------------------------------------------------------------------===//

static Thing initialThing(Initial initial) {
  return {.kind = Is::Initial, .initial = std::make_shared<Initial>(std::move(initial))};
}

static Type elementOf(Translator &t, const Variables &keywords, bool whole, bool truth) {
  auto found = keywords.find("dtype");
  int64_t code = truth ? kInteger + 1 : whole ? kInteger + 64 : kFloat32;
  if (found != keywords.end() && found->second.is(Is::DType))
    code = found->second.integer;
  return code == kFloat32 ? Type() : Type(t.net.ops().getIntegerType(code - kInteger));
}

/// torch.tensor: one number, or a list of equal ones.
static Thing tensorOfNumbers(Translator &t, const Things &arguments, const Variables &keywords) {
  Initial made;
  Thing value = arguments.empty() ? Thing() : arguments[0];
  while (value.is(Is::List) && !value.elements->empty()) {
    made.shape.push_back(value.elements->size());
    for (const Thing &element : *value.elements)
      if (element.kind != value.elements->front().kind ||
          (element.isNumber() && element.asDouble() != value.elements->front().asDouble()))
        return t.fail("a tensor of different numbers is not in the subset");
    value = value.elements->front();
  }
  if (!t.inInit && made.shape.empty() && (value.isNumber() || value.is(Is::Tensor)))
    return value; // a number like any other
  if (!value.isNumber() || !t.inInit)
    return t.fail("expected torch.tensor of a number known before the call, found " +
                  describe(value));
  made.a = value.asDouble();
  made.element = elementOf(t, keywords, !value.is(Is::Float), value.is(Is::Bool));
  return initialThing(made);
}

static Thing parameterOf(Translator &t, const Things &arguments, const Variables &keywords) {
  auto trains = keywords.find("requires_grad");
  if (trains != keywords.end() && !trains->second.integer)
    return t.fail("a Parameter that is not trained: use register_buffer");
  if (arguments.empty() || !arguments[0].is(Is::Initial) || arguments[0].initial->element)
    return t.fail("expected a Parameter of torch.zeros, ones, full, randn, rand or empty");
  Initial made = *arguments[0].initial;
  made.isParameter = true;
  return initialThing(made);
}

/// torch.arange of whole numbers or floats.
static Thing rangeOf(Translator &t, const Things &numbers, const Variables &keywords) {
  if (numbers.empty() || numbers.size() > 3 ||
      !llvm::all_of(numbers, [](const Thing &number) { return number.isNumber(); }))
    return t.fail("expected torch.arange of one to three numbers");
  Initial made;
  made.kind = esper::InitKind::Range;
  made.a = numbers.size() > 1 ? numbers[0].asDouble() : 0;
  made.b = numbers.size() > 2 ? numbers[2].asDouble() : 1;
  double count = std::ceil((numbers[numbers.size() > 1].asDouble() - made.a) / made.b);
  if (!(std::fabs(count) < 1e15))
    return t.fail("'torch.arange' is not of so many numbers");
  made.shape = {std::max<int64_t>(0, int64_t(count))};
  bool whole = llvm::none_of(numbers, [](const Thing &number) { return number.is(Is::Float); });
  made.element = elementOf(t, keywords, whole, false);
  return initialThing(made);
}

/// torch.tril and, above the diagonal, torch.triu of one number everywhere.
static Thing triangleOf(Translator &t, StringRef name, const Things &arguments,
                        const Variables &keywords) {
  bool upper = name == "triu";
  auto found = keywords.find("diagonal");
  const Thing diagonal = found != keywords.end() ? found->second
                         : arguments.size() > 1  ? arguments[1]
                                                 : Thing::whole(0);
  Initial made = *arguments[0].initial;
  if (made.kind != esper::InitKind::Constant || made.shape.size() < 2 || !diagonal.is(Is::Int) ||
      diagonal.integer != int64_t(upper))
    return t.fail(
        "'torch." + name +
        "' is of one number in two dimensions and more, with diagonal=" + Twine(int64_t(upper)));
  made.kind = esper::InitKind::Lower;
  made.b = upper ? made.a : 0;
  made.a = upper ? 0 : made.a;
  return initialThing(made);
}

/// x.float(), x.bool() ... of initial values.
static Thing converted(Translator &t, const Thing &object, StringRef name) {
  Initial made = *object.initial;
  int64_t bits = name == "long" ? 64 : name == "int" ? 32 : name == "bool" ? 1 : 0;
  if (made.kind == esper::InitKind::Uniform || made.kind == esper::InitKind::Normal ||
      (bits == 1 && made.kind == esper::InitKind::Range))
    return t.fail("'" + name + "' of these initial values is not in the subset");
  if (bits == 1) {
    made.a = made.a != 0;
    made.b = made.b != 0;
  }
  made.element = bits ? Type(t.net.ops().getIntegerType(bits)) : Type();
  return initialThing(made);
}

Thing Translator::initialFunction(StringRef name, Things &arguments, Variables &keywords) {
  if (!inInit && name != "tensor")
    return fail("state is made in __init__");
  if (name == "arange")
    return rangeOf(*this, arguments, keywords);
  if (name == "tril" || name == "triu")
    return triangleOf(*this, name, arguments, keywords);
  if (name == "float" || name == "long" || name == "int" || name == "bool")
    return converted(*this, arguments[0], name);
  if (name == "tensor")
    return tensorOfNumbers(*this, arguments, keywords);
  if (name == "Parameter")
    return parameterOf(*this, arguments, keywords);
  Initial made;
  Things sizes = arguments;
  if (auto size = keywords.find("size"); size != keywords.end())
    sizes = {size->second};
  if (name == "full") {
    auto value = keywords.find("fill_value");
    Thing number = value != keywords.end() ? value->second
                   : arguments.size() == 2 ? arguments[1]
                                           : Thing();
    if (!number.isNumber())
      return fail("expected torch.full of a number known before the call");
    made.a = number.asDouble();
    sizes.resize(1);
    made.element = elementOf(*this, keywords, !number.is(Is::Float), number.is(Is::Bool));
  } else {
    made.element = elementOf(*this, keywords, false, false);
  }
  if (sizes.size() == 1 && sizes[0].is(Is::List))
    sizes = *sizes[0].elements;
  std::optional<std::vector<int64_t>> shape = staticShape(sizes);
  if (!shape)
    return {};
  made.shape = *shape;
  if (name == "ones")
    made.a = 1;
  if (name == "randn")
    made.kind = esper::InitKind::Normal, made.b = 1;
  if (name == "rand")
    made.kind = esper::InitKind::Uniform, made.b = 1;
  return initialThing(made);
}

//===----------------------------------------------------------------------===//
// nn.init and its kin
//===----------------------------------------------------------------------===//

/// (fan in, fan out) as torch counts them.
static std::pair<double, double> fans(ArrayRef<int64_t> shape) {
  double field = 1;
  for (size_t i = 2; i < shape.size(); ++i)
    field *= shape[i];
  return {shape[1] * field, shape[0] * field};
}

static double gainOf(Translator &t, const Arguments &a) {
  std::string name = a.has("nonlinearity") ? a["nonlinearity"].text : "leaky_relu";
  double slope = a.number("a", 0);
  if (name == "relu")
    return std::sqrt(2.0);
  if (name == "leaky_relu")
    return std::sqrt(2 / (1 + slope * slope));
  if (name == "tanh")
    return 5.0 / 3;
  if (name != "linear" && name != "sigmoid")
    t.fail("the nonlinearity '" + name + "' is not in the subset");
  return 1;
}

static std::optional<Initial> drawn(Translator &t, StringRef name, const Arguments &a,
                                    ArrayRef<int64_t> shape) {
  bool scaled = name.starts_with("kaiming") || name.starts_with("xavier");
  if (scaled && shape.size() < 2) {
    t.fail("'" + name + "' needs a tensor of at least 2 dimensions");
    return std::nullopt;
  }
  Initial made;
  made.shape.assign(shape.begin(), shape.end());
  if (scaled) {
    auto [in, out] = fans(shape);
    bool outwards = a.has("mode") && a["mode"].text == "fan_out";
    double deviation = name.starts_with("kaiming")
                           ? gainOf(t, a) / std::sqrt(outwards ? out : in)
                           : a.number("gain", 1) * std::sqrt(2 / (in + out));
    bool uniform = name.contains("uniform");
    made.kind = uniform ? esper::InitKind::Uniform : esper::InitKind::Normal;
    made.a = uniform ? -std::sqrt(3.0) * deviation : 0;
    made.b = uniform ? std::sqrt(3.0) * deviation : deviation;
    return made;
  }
  if (name == "zeros" || name == "zero" || name == "ones")
    return made.a = name == "ones", made;
  if (name == "constant" || name == "fill")
    return made.a = a.number("val", 0), made;
  if (name == "normal" || name == "trunc_normal") {
    made.kind = esper::InitKind::Normal;
    made.a = a.number("mean", 0);
    made.b = a.number("std", 1);
    double bound = std::min(made.a - a.number("a", -2), a.number("b", 2) - made.a);
    if (name == "trunc_normal" && bound < 6 * made.b)
      return t.fail("a truncated normal is known where it cuts off beyond 6 deviations"),
             std::nullopt;
    return made;
  }
  made.kind = esper::InitKind::Uniform;
  made.a = a.number("a", 0);
  made.b = a.number("b", 1);
  return made;
}

static const char *parametersOf(StringRef name) {
  return llvm::StringSwitch<const char *>(name)
      .Cases({"zeros", "ones", "zero"}, "tensor")
      .Cases({"constant", "fill"}, "tensor val")
      .Case("normal", "tensor mean std")
      .Case("trunc_normal", "tensor mean std a b")
      .Case("uniform", "tensor a b")
      .Cases({"xavier_uniform", "xavier_normal"}, "tensor gain")
      .Cases({"kaiming_uniform", "kaiming_normal"}, "tensor a mode nonlinearity")
      .Default(nullptr);
}

static Thing registered(Translator &t, StringRef function, Things &arguments, Variables &keywords) {
  Arguments a(t, function.str());
  const char *parameters =
      function == "register_buffer" ? "self name tensor persistent" : "self name param module";
  if (!a.bind(parameters, arguments, keywords))
    return {};
  const Thing &value = a.has("tensor") ? a["tensor"] : a.has("module") ? a["module"] : a["param"];
  if (!a["name"].is(Is::String) || !a["self"].is(Is::Self))
    return t.fail("'" + function + "' needs a name known before the call");
  if (a.has("persistent") && !a.boolean("persistent", true))
    return t.fail("a buffer that is not persistent is in no state dict: make it persistent");
  if (function != "register_buffer")
    return t.assignSelf(a["name"].text, value), Thing::none();
  if (!value.is(Is::Initial))
    return t.fail("expected a buffer of torch.zeros, ones, full, tensor or empty, found " +
                  describe(value));
  t.registerBuffer(a["name"].text, value);
  return Thing::none();
}

/// nn.init.x_(tensor, ...), tensor.x_(...) and register_*(self, ...).
Thing Translator::initialise(StringRef function, Things &arguments, Variables &keywords) {
  if (function.starts_with("register_") || function == "add_module")
    return inInit ? registered(*this, function, arguments, keywords)
                  : fail("'" + function + "' belongs into __init__");
  StringRef name = function;
  name.consume_back("_");
  const char *parameters = parametersOf(name);
  if (!inInit || !parameters || !function.ends_with("_"))
    return fail("'" + function + "' is not in the subset that is translated here");
  Arguments a(*this, function.str());
  if (!a.bind(parameters, arguments, keywords))
    return {};
  const Thing &target = a["tensor"];
  if (target.is(Is::Initial)) {
    if (std::optional<Initial> made = drawn(*this, name, a, target.initial->shape)) {
      made->element = target.initial->element;
      made->isParameter = target.initial->isParameter;
      *target.initial = *made;
    }
    return target;
  }
  Operation *state = target.is(Is::Tensor) ? target.value.getDefiningOp() : nullptr;
  if (!state || !isa<esper::ParamOp, esper::BufferOp>(state))
    return fail("'" + function + "' sets a parameter or buffer, found " + describe(target));
  if (std::optional<Initial> made = drawn(*this, name, a, typeOf(target.value).getShape()))
    state->setAttr("init", esper::InitAttr::get(net.context(), made->kind, made->a, made->b));
  return target;
}

//===----------------------------------------------------------------------===//
// State of self
//===----------------------------------------------------------------------===//

/// Builds the layer once on inputs that nobody computes: what stays is its state,
/// in the order in which the class names its modules.
void Translator::createState(Module &module) {
  if (!net.countLayer()) {
    failed = true;
    return;
  }
  Block &block = *net.ops().getInsertionBlock();
  Operation *last = block.empty() ? nullptr : &block.back();
  NetBuilder::Mark mark = net.mark();
  std::vector<Input> inputs = module.layer->inputs(net.context());
  SmallVector<Value> values;
  for (size_t i = 0; i < module.layer->minInputs(); ++i) {
    RankedTensorType type = i < inputs.size() ? inputs[i].type : RankedTensorType();
    type = type ? type : floats(net.context(), {kAnySize, kAnySize});
    values.push_back(
        UnrealizedConversionCastOp::create(net.ops(), net.loc(), type, ValueRange()).getResult(0));
  }
  {
    // It is built again where it is called, and says then what is to be said.
    ScopedDiagnosticHandler quiet(net.context(), [&](Diagnostic &diagnostic) {
      return success(diagnostic.getSeverity() != DiagnosticSeverity::Error);
    });
    failed |= module.layer->build(net, module.path, values).empty();
  }
  net.rewind(mark);
  SmallVector<Operation *> made;
  for (Operation &op :
       llvm::make_range(last ? std::next(last->getIterator()) : block.begin(), block.end()))
    if (!isa<esper::ParamOp, esper::BufferOp>(op))
      made.push_back(&op);
  for (Operation *op : llvm::reverse(made))
    op->erase();
}

void Translator::namePaths(Module &module, const std::string &path) {
  if (!module.path.empty()) {
    fail("the module is already known as '" + module.path + "'");
    return;
  }
  module.path = path;
  if (module.layer)
    createState(module);
  for (auto [i, child] : llvm::enumerate(module.children))
    if (!failed)
      namePaths(*child, joinPath(path, module.names.empty() ? std::to_string(i) : module.names[i]));
}

void Translator::registerBuffer(const std::string &name, const Thing &value) {
  const Initial &initial = *value.initial;
  if (initial.kind == esper::InitKind::Uniform || initial.kind == esper::InitKind::Normal) {
    fail("a buffer starts from numbers that are not drawn");
    return;
  }
  auto init = esper::InitAttr::get(net.context(), initial.kind, initial.a, initial.b);
  Value made = net.buffer("", name, initial.shape, init, initial.element);
  if (!expects(made))
    return;
  ownBuffers.push_back(made.getDefiningOp());
  attributes[name] = {.kind = Is::Tensor, .text = name, .value = made};
  buffers[name] = made;
}

void Translator::assignSelf(const std::string &name, Thing value) {
  if (failed)
    return;
  if (auto buffer = buffers.find(name); buffer != buffers.end()) {
    updateBuffer(name, tensorOf(value, buffer->second), false);
    return;
  }
  if (!inInit) {
    fail("self." + name +
         " is given a value in a call, which a kernel cannot keep: use register_buffer");
    return;
  }
  if (value.is(Is::Initial)) {
    if (!value.initial->isParameter) {
      fail("self." + name + " is a tensor: use nn.Parameter or register_buffer");
      return;
    }
    const Initial &initial = *value.initial;
    Value made =
        net.parameter("", name, initial.shape,
                      esper::InitAttr::get(net.context(), initial.kind, initial.a, initial.b));
    if (!expects(made))
      return;
    ownParams.push_back(made.getDefiningOp());
    value = Thing::tensor(made);
    value.text = name;
  }
  bool holdsModules = value.is(Is::Module) || (value.is(Is::Dict) && value.module);
  if (holdsModules && value.module->path.empty()) {
    namePaths(*value.module, name);
    ownModules.push_back(value.module);
  }
  attributes[name] = std::move(value);
}

void Translator::updateBuffer(const std::string &name, Value value, bool inPlace) {
  Value &buffer = buffers[name];
  if (!value || failed)
    return;
  if (inPlace || typeOf(value).getElementType() != typeOf(buffer).getElementType())
    value = withType(value, typeOf(buffer));
  if (value && value.getType() != buffer.getType()) {
    fail("self." + name + " would change its shape or type");
    return;
  }
  failed |= !value;
  buffer = value;
}

static void collectLayers(const Module &module, std::vector<std::string> &paths) {
  if (module.layer)
    paths.push_back(module.path + ".");
  for (const auto &child : module.children)
    collectLayers(*child, paths);
}

/// torch's order: parameters and buffers of self before those of its modules, which come as the
/// class registers them, whatever a list of them was given later.
void Translator::orderState() {
  Block &block = *net.ops().getInsertionBlock();
  std::vector<std::string> paths;
  for (const auto &module : ownModules)
    collectLayers(*module, paths);
  SmallVector<Operation *> state;
  for (Operation &op : block)
    if (isa<esper::ParamOp, esper::BufferOp>(op))
      state.push_back(&op);
  for (const std::string &path : llvm::reverse(paths))
    for (Operation *op : llvm::reverse(state))
      if (cast<StringAttr>(op->getAttr("name")).getValue().starts_with(path))
        op->moveBefore(&block, block.begin());
  for (auto *group : {&ownBuffers, &ownParams})
    for (Operation *op : llvm::reverse(*group))
      op->moveBefore(&block, block.begin());
}
