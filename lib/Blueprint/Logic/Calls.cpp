//===- Calls.cpp - Calls of functions, methods and modules ----------------===//

#include "Names.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;
using python::Expr;
using python::ExprKind;

static constexpr unsigned kMostCalls = 16;

//===----------------------------------------------------------------------===//
// Built-in functions
//===----------------------------------------------------------------------===//

static constexpr int64_t kMostRounds = 4096;

static Thing rangeOf(Translator &t, const Things &arguments) {
  int64_t bounds[3] = {0, 0, 1};
  for (size_t i = 0; i < std::min<size_t>(arguments.size(), 3); ++i) {
    if (!arguments[i].is(Is::Int))
      return t.fail("a loop must have a number of rounds known before the call, found " +
                    describe(arguments[i]));
    bounds[arguments.size() == 1 ? 1 : i] = arguments[i].integer;
  }
  Things numbers;
  auto goesOn = [&](int64_t i) { return bounds[2] > 0 ? i < bounds[1] : i > bounds[1]; };
  for (int64_t i = bounds[0]; bounds[2] != 0 && goesOn(i); i += bounds[2]) {
    if (int64_t(numbers.size()) == kMostRounds)
      return t.fail("a range of more than " + Twine(kMostRounds) + " numbers");
    numbers.push_back(Thing::whole(i));
  }
  return Thing::list(std::move(numbers));
}

static Thing convertNumber(Translator &t, const std::string &name, const Thing &x) {
  if (name == "int") {
    if (x.is(Is::Float) && !(std::fabs(x.number) < 9e18))
      return t.fail("the number does not fit into 64 bits");
    if (x.isNumber())
      return Thing::whole(x.is(Is::Float) ? int64_t(x.number) : x.integer);
    return x.is(Is::Size) ? x : Thing::tensor(t.toInteger(t.tensorOf(x)));
  }
  if (name == "float" && x.is(Is::String)) {
    double number;
    bool isNumber = !StringRef(x.text).getAsDouble(number) && !std::isnan(number);
    return isNumber ? Thing::real(number)
                    : t.fail("expected a number, found the string \"" + x.text + "\"");
  }
  if (name == "float")
    return x.isNumber() ? Thing::real(x.asDouble()) : Thing::tensor(t.toFloat(t.tensorOf(x)));
  if (x.isNumber())
    return name == "bool"    ? Thing::boolean(x.asDouble() != 0)
           : name == "round" ? Thing::whole(int64_t(std::nearbyint(x.asDouble())))
           : x.is(Is::Float) ? Thing::real(std::fabs(x.number))
                             : Thing::whole(std::abs(x.integer));
  if (name == "bool")
    return x.is(Is::Flag) ? x : t.compare("!=", x, Thing::whole(0));
  return Thing::tensor(t.activation(name, t.tensorOf(x)));
}

/// isinstance of what is known before the call.
static Thing isInstance(Translator &t, const Things &arguments) {
  if (arguments.size() != 2)
    return t.fail("isinstance takes two arguments");
  const Thing &value = arguments[0];
  Things types = arguments[1].is(Is::List) ? *arguments[1].elements : Things{arguments[1]};
  auto fits = [&](const Thing &type) {
    return (type.text == "int" && (value.is(Is::Int) || value.is(Is::Bool))) ||
           (type.text == "bool" && value.is(Is::Bool)) ||
           (type.text == "float" && value.is(Is::Float)) ||
           (type.text == "str" && value.is(Is::String)) ||
           ((type.text == "list" || type.text == "tuple") && value.is(Is::List));
  };
  bool known = value.isNumber() || value.is(Is::String) || value.is(Is::List) || value.is(Is::None);
  if (!known || !llvm::all_of(types, [](const Thing &type) { return type.is(Is::Function); }))
    return t.fail("isinstance is known of numbers, strings and lists, found " + describe(value));
  return Thing::boolean(llvm::any_of(types, fits));
}

static Thing extremum(Translator &t, const std::string &name, Things arguments) {
  if (arguments.size() == 1 && arguments[0].is(Is::List))
    arguments = *arguments[0].elements;
  Thing best = arguments.front();
  for (const Thing &other : ArrayRef(arguments).drop_front()) {
    if (best.isNumber() && other.isNumber()) {
      bool isLess = other.asDouble() < best.asDouble();
      best = isLess == (name == "min") ? other : best;
      continue;
    }
    Thing condition = t.compare(name == "min" ? "<=" : ">=", best, other);
    Value a = t.tensorOf(best), b = a ? t.tensorOf(other, a) : Value();
    best = b ? t.choose(condition, Thing::tensor(a), Thing::tensor(b)) : Thing();
  }
  return best;
}

Thing Translator::callBuiltin(const std::string &name, Things &arguments) {
  if (name == "print") {
    warn("print is left out: a kernel gives nothing but its results");
    return Thing::none();
  }
  if (arguments.empty() && (name == "list" || name == "tuple"))
    return Thing::list({});
  if (arguments.empty())
    return fail("'" + name + "' needs an argument");
  Thing &first = arguments[0];
  if (name == "isinstance")
    return isInstance(*this, arguments);
  if (name == "range")
    return rangeOf(*this, arguments);
  if (name == "int" || name == "float" || name == "bool" || name == "abs" || name == "round")
    return convertNumber(*this, name, first);
  if (name == "len" && first.is(Is::Tensor))
    return sizeOf(first.value, 0);
  if (name == "str")
    return Thing::string("");
  if ((name == "min" || name == "max") && (arguments.size() > 1 || first.is(Is::List)))
    return extremum(*this, name, arguments);
  std::optional<Things> elements = iterable(first);
  if (!elements)
    return fail("'" + name + "' of " + describe(first) + " is not in the subset");
  if (name == "len")
    return Thing::whole(elements->size());
  if (name == "reversed")
    std::reverse(elements->begin(), elements->end());
  if (name == "sum") {
    Thing total = arguments.size() > 1 ? arguments[1] : Thing::whole(0);
    for (const Thing &element : *elements)
      total = total.is(Is::Int) && total.integer == 0 ? element : binary("+", total, element);
    return total;
  }
  if (name == "enumerate" || name == "zip") {
    std::optional<Things> other =
        name == "zip" && arguments.size() == 2 ? iterable(arguments[1]) : Things();
    if (!other || (name == "zip") != (arguments.size() == 2))
      return fail("'" + name + "' of these arguments is not in the subset");
    Things pairs;
    for (size_t i = 0; i < elements->size() && (name == "enumerate" || i < other->size()); ++i)
      pairs.push_back(name == "zip" ? Thing::list({(*elements)[i], (*other)[i]})
                                    : Thing::list({Thing::whole(i), (*elements)[i]}));
    return Thing::list(std::move(pairs));
  }
  return Thing::list(std::move(*elements));
}

static Thing callMath(Translator &t, StringRef name, const Things &arguments) {
  if (arguments.empty() || !arguments[0].isNumber())
    return t.fail("'math." + name + "' is of numbers known before the call, found " +
                  (arguments.empty() ? "nothing" : describe(arguments[0])));
  double x = arguments[0].asDouble();
  if (name == "ceil" || name == "floor")
    return Thing::whole(int64_t(name == "ceil" ? std::ceil(x) : std::floor(x)));
  double y = name == "sqrt"                           ? std::sqrt(x)
             : name == "exp"                          ? std::exp(x)
             : name == "log2"                         ? std::log2(x)
             : name == "pow" && arguments.size() == 2 ? std::pow(x, arguments[1].asDouble())
             : arguments.size() == 2 ? std::log(x) / std::log(arguments[1].asDouble())
                                     : std::log(x);
  return std::isfinite(y) ? Thing::real(y) : t.fail("'math." + name + "' gives no number here");
}

//===----------------------------------------------------------------------===//
// Functions by name
//===----------------------------------------------------------------------===//

static Thing callRow(Translator &t, const FunctionRow &row, const std::string &name,
                     Things positional, Variables keywords) {
  if (auto self = keywords.extract("self"); !self.empty())
    keywords["input"] = self.mapped();
  // These change nothing that a kernel can see.
  for (const char *ignored : {"device", "memory_format", "non_blocking", "inplace", "copy",
                              "requires_grad", "layout", "pin_memory"})
    keywords.erase(ignored);
  Arguments arguments(t, name);
  if (!arguments.bind(row.parameters, std::move(positional), std::move(keywords)))
    return {};
  Thing made = row.build(t, arguments);
  t.failed |= made.is(Is::Tensor) && !made.value;
  return t.failed ? Thing() : made;
}

static bool isInPlace(StringRef name) { return name.ends_with("_") && !name.ends_with("__"); }

/// What a chain of calls in place changes: x of x.mul_(a).add_(b).
static const Expr &changedBy(const Expr &object) {
  if (object.kind == ExprKind::Call && object.parts[0]->kind == ExprKind::Attribute &&
      isInPlace(object.parts[0]->text))
    return changedBy(*object.parts[0]->parts[0]);
  if (object.kind == ExprKind::Attribute && object.text == "data")
    return changedBy(*object.parts[0]);
  return object;
}

static Thing callTensorMethod(Translator &t, const Expr &expr, const Thing &callee,
                              Things positional, Variables keywords) {
  std::string name = callee.text;
  bool inPlace = isInPlace(name);
  if (inPlace)
    name.pop_back();
  if (name == "requires_grad")
    return (*callee.elements)[0];
  const FunctionRow *row = findFunction(name, 'm');
  if (!row)
    return t.fail("the method '" + callee.text +
                  "' of a tensor is not in the subset that is translated");
  positional.insert(positional.begin(), (*callee.elements)[0]);
  Thing made = callRow(t, *row, callee.text, std::move(positional), std::move(keywords));
  if (!inPlace || t.failed)
    return made;
  return t.changeInPlace(changedBy(*expr.parts[0]->parts[0]), made);
}

/// What is printed, and how, changes nothing.
static bool takesNoKeywords(Translator &t, StringRef name, const Variables &keywords) {
  if (keywords.empty() || name == "print" || name == "warnings.warn")
    return true;
  t.fail("the argument '" + keywords.begin()->first + "' of '" + name +
         "' is not in the subset that is translated");
  return false;
}

Thing Translator::callFunction(const Expr &expr, const Thing &callee, Things arguments,
                               Variables keywords) {
  StringRef name = callee.text;
  if (callee.elements && (*callee.elements)[0].is(Is::Tensor) &&
      !(inInit && isInPlace(name) && net.state((*callee.elements)[0].text)))
    return callTensorMethod(*this, expr, callee, std::move(arguments), std::move(keywords));
  if (callee.elements) {
    Thing object = (*callee.elements)[0];
    bool converts = name == "float" || name == "long" || name == "int" || name == "bool";
    if (object.is(Is::Initial) && converts && arguments.empty() && keywords.empty()) {
      arguments.push_back(object);
      return initialFunction(name, arguments, keywords);
    }
    if (object.is(Is::Self)) {
      arguments.insert(arguments.begin(), object);
      return initialise(name, arguments, keywords);
    }
    if (object.is(Is::String) && (name == "format" || name == "join"))
      return Thing::string(""); // only what is printed is made so
    if (object.is(Is::Sparse) && takesNoKeywords(*this, callee.text, keywords))
      return sparseMethod(*this, object, callee.text, arguments);
    if (object.is(Is::List) || object.is(Is::Dict) || object.is(Is::Module))
      return takesNoKeywords(*this, callee.text, keywords)
                 ? containerMethod(object, name, arguments)
                 : Thing();
    arguments.insert(arguments.begin(), object);
    return initialise(name, arguments, keywords);
  }
  if (name.consume_front("torch.nn.")) {
    if (name == "Parameter")
      return initialFunction(name, arguments, keywords);
    return construct(name.str(), std::move(arguments), std::move(keywords));
  }
  if (name.consume_front("init."))
    return initialise(name, arguments, keywords);
  if (name.consume_front("math."))
    return takesNoKeywords(*this, callee.text, keywords) ? callMath(*this, name, arguments)
                                                         : Thing();
  char where = name.consume_front("F.") ? 'f' : name.consume_front("torch.") ? 't' : '-';
  if (where == '-')
    return takesNoKeywords(*this, callee.text, keywords) ? callBuiltin(callee.text, arguments)
                                                         : Thing();
  bool makes = name == "tensor" || name == "zeros" || name == "ones" || name == "full" ||
               name == "empty" || name == "randn" || name == "rand" || name == "arange";
  bool changes =
      (name == "tril" || name == "triu") && !arguments.empty() && arguments[0].is(Is::Initial);
  if ((inInit && (makes || changes)) || name == "tensor")
    return initialFunction(name, arguments, keywords);
  const FunctionRow *row = findFunction(name, where);
  if (!row)
    return fail("'" + callee.text + "' cannot be called here");
  return callRow(*this, *row, callee.text, std::move(arguments), std::move(keywords));
}

//===----------------------------------------------------------------------===//
// Methods of the class
//===----------------------------------------------------------------------===//

bool Translator::bindParameters(const python::Stmt &method, Things &positional, Variables &keywords,
                                Variables &into) {
  size_t next = 0;
  for (const python::Parameter &parameter : ArrayRef(method.parameters).drop_front()) {
    auto given = keywords.find(parameter.name);
    if (given != keywords.end()) {
      into[parameter.name] = given->second;
      keywords.erase(given);
    } else if (next < positional.size() && !parameter.takesRest) {
      into[parameter.name] = positional[next++];
    } else if (parameter.fallback) {
      into[parameter.name] = evaluate(*parameter.fallback);
    } else if (!parameter.takesRest) {
      return fail("'" + method.text + "' needs the argument '" + parameter.name + "'"), false;
    }
  }
  if (next < positional.size() || !keywords.empty())
    return fail("'" + method.text + "' does not take all of these arguments"), false;
  return !failed;
}

Thing Translator::callMethod(const python::Stmt &method, Things positional, Variables keywords) {
  if (++calls > kMostCalls)
    return fail("methods call each other more than " + Twine(kMostCalls) + " deep");
  if (method.parameters.empty())
    return fail("expected a method with the parameter self");
  Variables inside{{method.parameters[0].name, Thing{.kind = Is::Self}}};
  if (!bindParameters(method, positional, keywords, inside))
    return {};
  bool cuts = false;
  for (const python::ExprPtr &decorator : method.exprs) {
    bool isNoGrad = isNoGradCall(*decorator), isProperty = decorator->text == "property";
    if (!isNoGrad && !isProperty)
      return fail("this decorator of '" + method.text +
                  "' is not in the subset that is translated");
    cuts |= isNoGrad;
  }
  Variables outside = std::exchange(locals, std::move(inside));
  Thing before = std::exchange(result, Thing::none());
  if (cuts)
    executeWithoutGradient(method.body);
  else
    execute(method.body);
  --calls;
  locals = std::move(outside);
  return std::exchange(result, before);
}

//===----------------------------------------------------------------------===//
// All calls
//===----------------------------------------------------------------------===//

static bool isSuperInit(const Expr &callee) {
  return callee.kind == ExprKind::Attribute && callee.text == "__init__" &&
         callee.parts[0]->kind == ExprKind::Call &&
         callee.parts[0]->parts[0]->kind == ExprKind::Name &&
         callee.parts[0]->parts[0]->text == "super";
}

Thing Translator::call(const Expr &expr) {
  const Expr &name = *expr.parts[0];
  if (isSuperInit(name))
    return Thing::none();
  Thing callee = evaluate(name);
  Things positional;
  Variables keywords;
  for (size_t i = 1; i < expr.parts.size() && !failed; ++i) {
    Thing argument = evaluate(*expr.parts[i]);
    if (expr.names[i - 1] == "*") {
      std::optional<Things> several = iterable(argument);
      if (!several)
        return failed ? Thing() : fail("'*' of " + describe(argument));
      llvm::append_range(positional, *several);
    } else if (!expr.names[i - 1].empty()) {
      keywords[expr.names[i - 1]] = argument;
    } else {
      positional.push_back(argument);
    }
  }
  if (failed)
    return {};
  moveTo(name.at);
  switch (callee.kind) {
  case Is::Function:
    return callFunction(expr, callee, std::move(positional), std::move(keywords));
  case Is::Method:
    return callMethod(*callee.method, std::move(positional), std::move(keywords));
  case Is::Module:
    return callModule(*callee.module, std::move(positional), std::move(keywords));
  default:
    return fail("cannot call " + describe(callee));
  }
}
