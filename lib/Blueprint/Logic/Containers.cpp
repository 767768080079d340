//===- Containers.cpp - Lists, dictionaries and containers of modules -----===//
//
// A list is one object under all its names, as in Python, and a translation walks each path of the
// text: what only one path changes must not be seen by the other, so such changes are refused.
//
//===----------------------------------------------------------------------===//

#include "Names.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

static constexpr size_t kMostElements = 4096;

Thing logic::deepCopy(const Thing &thing) {
  Thing copy = thing;
  if (!thing.elements || (!thing.is(Is::List) && !thing.is(Is::Dict)))
    return copy;
  copy.elements = std::make_shared<Things>();
  for (const Thing &element : *thing.elements)
    copy.elements->push_back(deepCopy(element));
  return copy;
}

/// What a loop over it goes through; nullopt where that is not known.
std::optional<Things> Translator::iterable(const Thing &thing) {
  if (thing.is(Is::List))
    return *thing.elements;
  if (thing.is(Is::Dict)) {
    Things keys;
    for (size_t i = 0; i < thing.elements->size(); i += 2)
      keys.push_back((*thing.elements)[i]);
    return keys;
  }
  if (!thing.is(Is::Module) || thing.module->children.empty())
    return std::nullopt;
  Things children;
  for (const auto &child : thing.module->children)
    children.push_back({.kind = Is::Module, .module = child});
  return children;
}

//===----------------------------------------------------------------------===//
// Lists
//===----------------------------------------------------------------------===//

static bool reaches(const Thing &thing, const Things *elements) {
  if (!thing.elements || (!thing.is(Is::List) && !thing.is(Is::Dict)))
    return false;
  return thing.elements.get() == elements ||
         llvm::any_of(*thing.elements,
                      [&](const Thing &element) { return reaches(element, elements); });
}

static bool holds(const Variables &variables, const Things *elements) {
  return llvm::any_of(variables,
                      [&](const auto &variable) { return reaches(variable.second, elements); });
}

/// Why a list cannot change here; empty when it can.
static StringRef faultOfChange(Translator &t, const Thing &list) {
  const Things *elements = list.elements.get();
  if (list.value)
    return "a shape cannot be changed";
  if (!t.inInit && holds(t.attributes, elements))
    return "a list of self is changed in a call, which a kernel cannot keep";
  if (llvm::any_of(t.forks, [&](const Variables *before) { return holds(*before, elements); }))
    return "a list is changed on one path of a condition known at run time only";
  return "";
}

static Thing pop(Translator &t, Things &elements, const Thing *at) {
  if (at && !at->is(Is::Int))
    return t.fail("expected an index known before the call, found " + describe(*at));
  int64_t size = int64_t(elements.size()), index = at ? at->integer : -1;
  index += index < 0 ? size : 0;
  if (index < 0 || index >= size)
    return t.fail("'pop' of an index outside of a list of " + Twine(size));
  Thing taken = elements[size_t(index)];
  elements.erase(elements.begin() + index);
  return taken;
}

static Thing listMethod(Translator &t, const Thing &list, StringRef name, const Things &arguments,
                        const std::optional<Things> &several) {
  Things &elements = *list.elements;
  if (StringRef fault = faultOfChange(t, list); !fault.empty())
    return t.fail(fault);
  if (name == "pop" && arguments.size() <= 1)
    return pop(t, elements, arguments.empty() ? nullptr : &arguments[0]);
  if (name == "reverse" && arguments.empty())
    return std::reverse(elements.begin(), elements.end()), Thing::none();
  if (arguments.size() != 1 || (name != "append" && !several))
    return t.fail("'" + name + "' of a list takes one argument" +
                  (name == "extend" ? ", a list" : ""));
  Things added = name == "append" ? arguments : *several;
  if (llvm::any_of(added, [&](const Thing &one) { return reaches(one, &elements); }))
    return t.fail("a list that holds itself");
  if (elements.size() + added.size() > kMostElements)
    return t.fail("a list of more than " + Twine(kMostElements) + " elements");
  llvm::append_range(elements, added);
  return Thing::none();
}

//===----------------------------------------------------------------------===//
// Dictionaries
//===----------------------------------------------------------------------===//

static Thing dictMethod(Translator &t, const Thing &dict, StringRef name, const Things &arguments) {
  if (!arguments.empty() || (name != "keys" && name != "values" && name != "items"))
    return t.fail("'" + name + "' of a dictionary is not in the subset that is translated");
  Things made;
  for (size_t i = 0; i + 1 < dict.elements->size(); i += 2) {
    const Thing &key = (*dict.elements)[i], &value = (*dict.elements)[i + 1];
    made.push_back(name == "keys" ? key : name == "values" ? value : Thing::list({key, value}));
  }
  return Thing::list(std::move(made));
}

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

Thing logic::makeContainer(Translator &t, const std::string &name, const Things &arguments) {
  auto made = std::make_shared<Module>();
  made->name = name;
  made->isSequential = name == "Sequential";
  Things children = arguments;
  if (children.size() == 1 && children[0].is(Is::List))
    children = *children[0].elements;
  for (const Thing &child : children) {
    if (!child.is(Is::Module))
      return t.fail("expected modules in a " + name + ", found " + describe(child));
    made->children.push_back(child.module);
  }
  return {.kind = Is::Module, .module = made};
}

/// A dictionary of modules; the module in it holds them under their keys.
Thing logic::makeModuleDict(Translator &t, const Things &arguments) {
  auto module = std::make_shared<Module>();
  module->name = "ModuleDict";
  Things pairs;
  if (arguments.size() > 1 || (arguments.size() == 1 && !arguments[0].is(Is::Dict)))
    return t.fail("expected nn.ModuleDict of a dictionary {\"name\": module, ...}");
  if (!arguments.empty())
    pairs = *arguments[0].elements;
  for (size_t i = 0; i + 1 < pairs.size(); i += 2) {
    if (!pairs[i].is(Is::String) || !pairs[i + 1].is(Is::Module))
      return t.fail("expected names and modules in a ModuleDict, found " +
                    describe(pairs[i].is(Is::String) ? pairs[i + 1] : pairs[i]));
    if (llvm::is_contained(module->names, pairs[i].text))
      return t.fail("the ModuleDict has the name \"" + pairs[i].text + "\" twice");
    if (StringRef fault = faultOfStatePart(pairs[i].text); !fault.empty())
      return t.fail("the name \"" + pairs[i].text + "\" of a ModuleDict: " + fault);
    module->names.push_back(pairs[i].text);
    module->children.push_back(pairs[i + 1].module);
  }
  Thing dict = Thing::list(std::move(pairs));
  dict.kind = Is::Dict;
  dict.module = module;
  return dict;
}

/// ModuleList.append and its kin, which name what they add as soon as the list has a name.
Thing Translator::addModules(Module &container, StringRef name, const Things &arguments) {
  std::optional<Things> added = arguments;
  if (name == "extend" && arguments.size() == 1)
    added = iterable(arguments[0]);
  if (!inInit || arguments.size() != 1 || !added)
    return fail("'" + name + "' of a " + container.name + " takes one argument, in __init__");
  for (const Thing &one : *added) {
    if (!one.is(Is::Module))
      return fail("expected modules in a " + container.name + ", found " + describe(one));
    container.children.push_back(one.module);
    if (!container.path.empty())
      namePaths(*one.module,
                joinPath(container.path, std::to_string(container.children.size() - 1)));
  }
  return Thing::none();
}

Thing Translator::containerMethod(const Thing &object, StringRef name, const Things &arguments) {
  if (object.is(Is::Module))
    return addModules(*object.module, name, arguments);
  if (object.is(Is::Dict))
    return dictMethod(*this, object, name, arguments);
  if (name != "append" && name != "extend" && name != "pop" && name != "reverse")
    return fail("'" + name + "' of a list is not in the subset that is translated");
  return listMethod(*this, object, name, arguments,
                    arguments.empty() ? std::nullopt : iterable(arguments[0]));
}
