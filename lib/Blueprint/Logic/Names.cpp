//===- Names.cpp - The names that a text may use --------------------------===//

#include "Names.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>
#include <numbers>

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

std::optional<Thing> logic::globalName(const std::string &name) {
  static const llvm::StringSet<> builtins = {"len",   "range", "int",   "float",   "bool",
                                             "abs",   "min",   "max",   "print",   "enumerate",
                                             "zip",   "list",  "tuple", "sum",     "isinstance",
                                             "round", "super", "str",   "reversed"};
  auto names = llvm::StringSwitch<const char *>(name)
                   .Case("torch", "torch")
                   .Case("nn", "torch.nn")
                   .Case("F", "torch.nn.functional")
                   .Case("init", "torch.nn.init")
                   .Case("math", "math")
                   .Case("warnings", "warnings")
                   .Default(nullptr);
  if (names)
    return Thing::names(names);
  if (builtins.contains(name))
    return Thing::function(name);
  // A class of torch.nn or a function of it that was imported by name.
  if (name == "Parameter" || findLayer(name))
    return Thing::function("torch.nn." + name);
  return std::nullopt;
}

static std::optional<Thing> dtypeNamed(StringRef name) {
  int64_t code = llvm::StringSwitch<int64_t>(name)
                     .Cases({"float32", "float"}, kFloat32)
                     .Case("bool", kInteger + 1)
                     .Case("int8", kInteger + 8)
                     .Cases({"short", "int16"}, kInteger + 16)
                     .Cases({"int", "int32"}, kInteger + 32)
                     .Cases({"long", "int64"}, kInteger + 64)
                     .Default(0);
  return code ? std::optional(Thing{.kind = Is::DType, .integer = code}) : std::nullopt;
}

static std::optional<Thing> mathMember(StringRef name) {
  double constant = llvm::StringSwitch<double>(name)
                        .Case("pi", std::numbers::pi)
                        .Case("e", std::numbers::e)
                        .Case("inf", HUGE_VAL)
                        .Default(0);
  if (constant != 0)
    return Thing::real(constant);
  static const llvm::StringSet<> functions = {"sqrt", "log", "exp", "ceil", "floor", "log2", "pow"};
  return functions.contains(name) ? std::optional(Thing::function("math." + name.str()))
                                  : std::nullopt;
}

static std::optional<Thing> torchMember(const std::string &member) {
  if (member == "nn")
    return Thing::names("torch.nn");
  if (member == "inf")
    return Thing::real(HUGE_VAL);
  if (member == "distributed" || member == "autograd" || member == "jit")
    return std::nullopt;
  if (std::optional<Thing> type = dtypeNamed(member))
    return type;
  if (member == "no_grad" || member == "tensor" || findFunction(member, 't'))
    return Thing::function("torch." + member);
  return std::nullopt;
}

std::optional<Thing> logic::memberOf(const std::string &names, const std::string &member) {
  if (names == "torch")
    return torchMember(member);
  if (names == "math")
    return mathMember(member);
  if (names == "warnings" && member == "warn")
    return Thing::function("print");
  if (names == "torch.nn.functional" && findFunction(member, 'f'))
    return Thing::function("F." + member);
  if (names == "torch.nn.init")
    return Thing::function("init." + member);
  if (names != "torch.nn")
    return std::nullopt;
  if (member == "functional" || member == "init")
    return Thing::names("torch.nn." + member);
  // Classes that are not on the list are refused where they are called, with the nearest.
  return Thing::function("torch.nn." + member);
}

bool logic::isKnownImport(const python::Stmt &import) {
  static const llvm::StringSet<> modules = {"torch",          "torch.nn",
                                            "torch.nn as nn", "torch.nn.functional as F",
                                            "math",           "torch.nn.init as init",
                                            "warnings",       "torch.nn.functional"};
  if (import.names.empty())
    return modules.contains(import.text);
  if (import.text == "typing" || import.text == "__future__")
    return true;
  auto known = [&](const std::string &name) {
    if (import.text == "torch")
      return name == "nn" || name == "Tensor";
    if (import.text == "torch.nn")
      return name == "functional as F" || name == "init" || name == "Parameter" ||
             bool(findLayer(name)) || name == "Module";
    return false;
  };
  return llvm::all_of(import.names, known);
}

bool logic::isSelfFunction(const std::string &name) {
  return name == "register_buffer" || name == "register_parameter" || name == "add_module" ||
         name == "register_module";
}

static Thing listOf(const json::Value &value) {
  Things elements;
  if (std::optional<json::Array> array = value.array())
    for (json::Value element : *array)
      elements.push_back(thingOf(element).value_or(Thing()));
  return Thing::list(std::move(elements));
}

static Thing dictOf(const json::Object &object) {
  Things elements;
  for (json::Member member : object) {
    elements.push_back(Thing::string(std::string(member.key)));
    elements.push_back(thingOf(member.value).value_or(Thing()));
  }
  Thing made = Thing::list(std::move(elements));
  made.kind = Is::Dict;
  return made;
}

std::optional<Thing> logic::thingOf(const json::Value &value) {
  switch (value.kind()) {
  case json::Kind::Null:
    return Thing::none();
  case json::Kind::Boolean:
    return Thing::boolean(*value.boolean());
  case json::Kind::Number:
    if (std::optional<int64_t> whole = value.integer())
      return Thing::whole(*whole);
    return Thing::real(*value.number());
  case json::Kind::String:
    return Thing::string(std::string(*value.string()));
  case json::Kind::Array:
    return listOf(value);
  case json::Kind::Object:
    return dictOf(*value.object());
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

bool Arguments::bind(StringRef parameters, Things positional, Variables keywords) {
  SmallVector<StringRef> names;
  parameters.split(names, ' ', -1, /*KeepEmpty=*/false);
  size_t next = 0;
  for (StringRef name : names) {
    if (name.consume_front("*")) { // all that are left, or one list of them
      Things rest(positional.begin() + std::min(next, positional.size()), positional.end());
      next = positional.size();
      if (rest.size() == 1 && rest[0].is(Is::List))
        values[name.str()] = rest[0];
      else if (!rest.empty())
        values[name.str()] = Thing::list(std::move(rest));
    } else if (next < positional.size() && !keywords.count(name.str())) {
      values[name.str()] = positional[next++];
    }
    if (auto given = keywords.find(name.str()); given != keywords.end()) {
      values[name.str()] = given->second;
      keywords.erase(given);
    }
  }
  if (next < positional.size())
    return t.fail("'" + function + "' takes " + Twine(next) + " arguments here, found " +
                  Twine(positional.size())),
           false;
  if (!keywords.empty())
    return t.fail("the argument '" + keywords.begin()->first + "' of '" + function +
                  "' is not in the subset that is translated"),
           false;
  return true;
}

bool Arguments::has(StringRef name) const {
  auto found = values.find(name.str());
  return found != values.end() && !found->second.is(Is::None);
}

const Thing &Arguments::operator[](StringRef name) const {
  auto found = values.find(name.str());
  return found == values.end() ? nothing : found->second;
}

Value Arguments::tensor(StringRef name) const {
  if (!values.count(name.str())) {
    t.fail("'" + function + "' needs the argument '" + name + "'");
    return {};
  }
  return t.tensorOf((*this)[name]);
}

int64_t Arguments::integer(StringRef name, int64_t fallback) const {
  if (!has(name))
    return fallback;
  const Thing &value = (*this)[name];
  if (!value.is(Is::Int) && !value.is(Is::Bool))
    t.fail("'" + name + "' of '" + function + "': expected a number known before the call, found " +
           describe(value));
  return value.integer;
}

double Arguments::number(StringRef name, double fallback) const {
  if (!has(name))
    return fallback;
  const Thing &value = (*this)[name];
  if (!value.isNumber())
    t.fail("'" + name + "' of '" + function + "': expected a number known before the call, found " +
           describe(value));
  return value.asDouble();
}

bool Arguments::boolean(StringRef name, bool fallback) const {
  return has(name) ? integer(name, fallback) != 0 : fallback;
}

std::vector<int64_t> Arguments::integers(StringRef name) const {
  if (!has(name))
    return {};
  const Thing &value = (*this)[name];
  if (!value.is(Is::List))
    return {integer(name, 0)};
  return t.staticShape(*value.elements).value_or(std::vector<int64_t>());
}
