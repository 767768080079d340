//===- ModuleCalls.cpp - Calls of layers in a text ------------------------===//
//
// self.attn(x, x, x, attn_mask=mask, need_weights=False): arguments go to the parameters of torch's
// forward by place and name, tuples are taken apart, flags choose the layer that is built, and what
// it gives is put together as torch returns it.
//
//===----------------------------------------------------------------------===//

#include "Names.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

namespace {
/// The call of one layer.
class LayerCall {
public:
  LayerCall(Translator &t, Module &module)
      : t(t), module(module), layer(module.layer), wanted(layer->inputs(t.net.context())),
        masks(layer->masks()), arguments(t, module.name) {}

  /// False after an error.
  bool bind(Things positional, Variables keywords);
  Thing make();

private:
  bool takeInputs();
  bool takeInput(const Input &input, const Thing &argument);
  bool takeMask(const std::string &name);
  bool takeFlag(const std::string &name);

  Translator &t;
  Module &module;
  std::shared_ptr<const Layer> layer;
  std::vector<Input> wanted;
  std::vector<std::string> masks;
  Arguments arguments;
  SmallVector<Value> operands; ///< as Layer::build takes them
};
} // namespace

bool LayerCall::bind(Things positional, Variables keywords) {
  std::vector<std::string> names = layer->parameters(t.net.context());
  if (!arguments.bind(llvm::join(names, " "), std::move(positional), std::move(keywords)) ||
      !takeInputs())
    return false;
  for (const std::string &name : masks)
    if (!takeMask(name))
      return false;
  auto isInput = [&](const std::string &name) {
    return llvm::any_of(wanted, [&](const Input &input) { return input.parameterName() == name; });
  };
  for (const std::string &name : names)
    if (!isInput(name) && !llvm::is_contained(masks, name) && !takeFlag(name))
      return false;
  while (!operands.empty() && !operands.back())
    operands.pop_back();
  return true;
}

bool LayerCall::takeInputs() {
  for (size_t i = 0; i < wanted.size();) {
    const std::string &name = wanted[i].parameterName();
    size_t end = i + 1;
    while (end < wanted.size() && wanted[end].parameterName() == name)
      ++end;
    const Thing &argument = arguments[name];
    size_t count = end - i;
    bool isTuple = count > 1 && argument.is(Is::List) && argument.elements;
    if (count > 1 && arguments.has(name) && (!isTuple || argument.elements->size() != count)) {
      t.fail("'" + Twine(name) + "' of a " + module.name + " is a tuple of " + Twine(count) +
             " tensors, found " + describe(argument));
      return false;
    }
    for (size_t k = 0; i < end; ++i, ++k)
      if (!takeInput(wanted[i], isTuple ? (*argument.elements)[k] : argument))
        return false;
  }
  return true;
}

bool LayerCall::takeInput(const Input &input, const Thing &argument) {
  if (argument.is(Is::Nothing) || argument.is(Is::None)) {
    bool mayLack = input.optional && operands.size() >= layer->minInputs();
    if (!mayLack)
      t.fail("a " + Twine(module.name) + " needs the argument '" + input.parameterName() + "'");
    operands.push_back({});
    return mayLack;
  }
  Value value = t.tensorOf(argument);
  if (!value)
    return false;
  if (input.type && isa<IntegerType>(input.type.getElementType()))
    t.learnInteger(value);
  else if (input.type && input.type.getRank() > 2)
    t.learnRank(value, input.type.getRank());
  t.learn(value, input.type);
  operands.push_back(value);
  return true;
}

Value logic::maskOfAttention(Translator &t, const Thing &thing, const Twine &mask,
                             StringRef example) {
  Value value = t.tensorOf(thing);
  if (!value || !Translator::isAsGiven(value))
    return value;
  t.fail(mask +
         " is an input of forward, of which a text does not tell whether it is of numbers "
         "or of booleans; make it in forward, as in " +
         example);
  return {};
}

bool LayerCall::takeMask(const std::string &name) {
  operands.push_back({});
  if (!arguments.has(name))
    return true;
  operands.back() = maskOfAttention(t, arguments[name], "'" + Twine(name) + "' of a " + module.name,
                                    "(ids == 0)");
  return bool(operands.back());
}

bool LayerCall::takeFlag(const std::string &name) {
  if (!arguments.has(name))
    return true;
  const Thing &flag = arguments[name];
  std::shared_ptr<const Layer> changed;
  if (flag.is(Is::Bool))
    changed = layer->withFlag(name, flag.integer != 0);
  if (changed)
    layer = std::move(changed);
  else
    t.fail("the argument '" + Twine(name) + "' of a " + module.name + " cannot be " +
           (flag.is(Is::Bool) ? (flag.integer ? "True" : "False") : describe(flag)) + " here");
  return !t.failed;
}

/// A layer that updates buffers knows only their values before the call.
static bool updatesTwice(NetBuilder &net) {
  llvm::StringSet<> seen;
  return llvm::any_of(net.updates(),
                      [&](const auto &update) { return !seen.insert(update.first).second; });
}

static Thing returned(ValueRange results, ReturnForm form) {
  Things made;
  for (Value value : results)
    made.push_back(Thing::tensor(value));
  if (form.tuple) {
    auto first = made.end() - std::ptrdiff_t(form.tuple);
    Thing tuple = Thing::list(Things(first, made.end()));
    made.erase(first, made.end());
    made.push_back(std::move(tuple));
  }
  made.insert(made.end(), form.nones, Thing::none());
  return made.size() == 1 ? made[0] : Thing::list(std::move(made));
}

Thing LayerCall::make() {
  size_t updatesBefore = t.net.updates().size();
  Values results = layer->build(t.net, module.path, operands);
  if (results.empty())
    return t.failed = true, Thing();
  if (updatesTwice(t.net))
    return t.fail("'" + module.path + "' updates its statistics and is called more than once");
  for (auto &[name, now] : t.net.updates().drop_front(updatesBefore))
    t.showChange(t.net.state(name), now);
  return returned(results, layer->returns());
}

Thing Translator::callModule(Module &module, Things positional, Variables keywords) {
  if (module.layer && !module.isSequential) {
    LayerCall call(*this, module);
    return call.bind(std::move(positional), std::move(keywords)) ? call.make() : Thing();
  }
  if (!module.isSequential)
    return fail("a " + module.name + " cannot be called, only what it holds");
  Arguments arguments(*this, module.name);
  if (!arguments.bind("input", std::move(positional), std::move(keywords)))
    return {};
  Thing value = arguments["input"];
  if (value.is(Is::Nothing))
    return fail("a Sequential takes one argument");
  for (const auto &child : module.children) {
    value = callModule(*child, {value}, {});
    if (failed)
      return {};
  }
  return value;
}
