//===- Expressions.cpp - What expressions stand for -----------------------===//

#include "Names.h"
#include "Translator.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;
using python::Expr;
using python::ExprKind;

/// Each node and each round of a loop is a step.
static constexpr unsigned kMostSteps = 100000;

std::string logic::describe(const Thing &thing) {
  switch (thing.kind) {
  case Is::Nothing:
    return "a name without a value";
  case Is::None:
    return "None";
  case Is::Bool:
    return thing.integer ? "True" : "False";
  case Is::Int:
    return "the number " + std::to_string(thing.integer);
  case Is::Float:
    return "the number " + llvm::formatv("{0}", thing.number).str();
  case Is::String:
    return "a string";
  case Is::List:
    return "a list or tuple";
  case Is::Dict:
    return "a dictionary";
  case Is::Tensor:
    return "a tensor";
  case Is::Given:
    return "an optional input";
  case Is::Flag:
    return "a mode";
  case Is::Size:
    return "a size known at run time";
  case Is::DType:
    return "an element type";
  case Is::Device:
    return "a device";
  case Is::Module:
    return "a module";
  case Is::Self:
    return "self";
  case Is::Names:
    return "'" + thing.text + "'";
  case Is::Function:
    return "the function '" + thing.text + "'";
  case Is::Method:
    return "a method";
  case Is::Initial:
    return "a tensor of initial values";
  case Is::Sparse:
    return "the results of unique()";
  }
  llvm_unreachable("unknown thing");
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

void Translator::moveTo(const python::Place &place) {
  at = place;
  net.holdAt(locate(place));
}

Thing Translator::fail(const Twine &message) {
  if (!failed)
    emitError(net.loc()) << message;
  failed = true;
  return {};
}

void Translator::warn(const Twine &message) { emitWarning(net.loc()) << message; }

//===----------------------------------------------------------------------===//
// Names and attributes
//===----------------------------------------------------------------------===//

static Thing nameOf(Translator &t, const std::string &name) {
  if (auto found = t.locals.find(name); found != t.locals.end()) {
    if (found->second.is(Is::Nothing))
      return t.fail("'" + name + "' has no value on some path to here, or values of two kinds");
    return found->second;
  }
  if (std::optional<Thing> known = globalName(name))
    return *known;
  return t.fail("'" + name + "' is not in the subset that is translated, and no variable");
}

static Thing tensorAttribute(Translator &t, const Thing &object, const std::string &name) {
  Value value = object.value;
  int64_t rank = typeOf(value).getRank();
  if (name == "shape") {
    Things sizes;
    for (int64_t dim = 0; dim < rank; ++dim)
      sizes.push_back(t.sizeOf(value, dim));
    Thing shape = Thing::list(std::move(sizes));
    shape.value = value; // whose shape it is
    return shape;
  }
  if (name == "ndim")
    return t.net.fixRank(value), Thing::whole(rank);
  if (name == "device")
    return {.kind = Is::Device};
  if (name == "dtype")
    return {.kind = Is::DType,
            .integer = isa<FloatType>(typeOf(value).getElementType())
                           ? kFloat32
                           : kInteger + int64_t(typeOf(value).getElementTypeBitWidth())};
  if (name == "T" && rank == 2)
    return Thing::tensor(make<esper::TransposeOp>(t.net, value, 0, 1));
  if (name == "mT" && rank >= 2)
    return Thing::tensor(make<esper::TransposeOp>(t.net, value, -2, -1));
  if (name == "data")
    return t.inInit ? object : t.detached(value);
  Thing method = Thing::function(name);
  method.elements = std::make_shared<Things>(Things{object});
  return method;
}

static Thing selfAttribute(Translator &t, const std::string &name) {
  if (name == "training")
    return {.kind = Is::Flag, .value = t.training("")};
  if (auto found = t.attributes.find(name); found != t.attributes.end()) {
    Thing thing = found->second;
    if (auto buffer = t.buffers.find(name); buffer != t.buffers.end())
      thing.value = buffer->second;
    return thing;
  }
  return t.fail("self has no attribute '" + name + "'");
}

static Thing moduleAttribute(Translator &t, const Thing &object, const std::string &name) {
  const std::string path = joinPath(object.module->path, name);
  if (Value state = t.net.state(path)) {
    for (auto &[updated, now] : t.net.updates()) // what the layer's call has made of it
      if (updated == path)
        state = now;
    Thing thing = Thing::tensor(state);
    thing.text = path;
    return thing;
  }
  if (name == "training")
    return {.kind = Is::Flag, .value = t.training(object.module->path)};
  bool holds = object.module->isSequential || object.module->name == "ModuleList";
  if (holds && (name == "append" || name == "extend")) {
    Thing method = Thing::function(name);
    method.elements = std::make_shared<Things>(Things{object});
    return method;
  }
  if (std::optional<json::Object> arguments =
          object.module->arguments ? object.module->arguments->root().object() : std::nullopt)
    if (std::optional<json::Value> value = arguments->find(name))
      if (std::optional<Thing> known = thingOf(*value))
        return *known;
  return t.fail("'" + name + "' of a " + object.module->name +
                " is not in the subset that is translated");
}

static bool isProperty(const python::Stmt &method) {
  return method.exprs.size() == 1 && method.exprs[0]->text == "property";
}

Thing Translator::attribute(const Thing &object, const std::string &name) {
  if (failed)
    return {};
  if (StringRef(name).starts_with("__"))
    return fail("the attribute '" + name + "' is not in the subset that is translated");
  switch (object.kind) {
  case Is::Names:
    if (std::optional<Thing> known = memberOf(object.text, name))
      return *known;
    return fail("'" + object.text + "." + name + "' is not in the subset that is translated");
  case Is::Self:
    if (const python::Stmt *method = text.find(name))
      return isProperty(*method) ? callMethod(*method, {}, {})
                                 : Thing{.kind = Is::Method, .method = method};
    if (isSelfFunction(name)) {
      Thing function = Thing::function(name);
      function.elements = std::make_shared<Things>(Things{object});
      return function;
    }
    return selfAttribute(*this, name);
  case Is::Module:
    return moduleAttribute(*this, object, name);
  case Is::Tensor:
    return tensorAttribute(*this, object, name);
  case Is::Initial:
    if (name == "data")
      return object;
    [[fallthrough]];
  case Is::Sparse:
  case Is::List:
    // Of the pair that topk, max and min give.
    if (object.is(Is::List) && object.elements->size() == 2 &&
        (name == "values" || name == "indices"))
      return (*object.elements)[name == "indices"];
    [[fallthrough]];
  case Is::Dict:
    // A module of a ModuleDict is its attribute, too.
    for (size_t i = 0; object.is(Is::Dict) && object.module && i < object.elements->size(); i += 2)
      if ((*object.elements)[i].text == name)
        return (*object.elements)[i + 1];
    [[fallthrough]];
  case Is::String: {
    Thing method = Thing::function(name);
    method.elements = std::make_shared<Things>(Things{object});
    return method;
  }
  case Is::Given:
    return fail("this input may be None here; test `is not None` first");
  default:
    return fail("the attribute '" + name + "' of " + describe(object) +
                " is not in the subset that is translated");
  }
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

Thing Translator::unary(const Expr &expr) {
  Thing operand = evaluate(*expr.parts[0]);
  if (failed)
    return {};
  if (expr.text == "not")
    return negate(operand);
  if (expr.text == "+")
    return operand;
  if (expr.text == "-")
    return operand.is(Is::Tensor) && isa<FloatType>(typeOf(operand.value).getElementType())
               ? Thing::tensor(activation("neg", operand.value))
               : binary("*", operand, Thing::whole(-1));
  if (operand.is(Is::Tensor) && typeOf(operand.value).getElementType().isInteger(1))
    return compare("==", operand, Thing::boolean(false));
  return fail("the operator '~' of " + describe(operand) + " is not in the subset");
}

Thing Translator::shortCircuit(const Expr &expr) {
  Thing left = evaluate(*expr.parts[0]);
  if (failed)
    return {};
  bool isAnd = expr.text == "and";
  if (std::optional<bool> value = known(left); value && *value != isAnd)
    return left;
  // What the left side proves of an optional input holds on the right.
  Variables before = locals;
  bool forks = !known(left);
  if (forks)
    this->forks.push_back(&before);
  refine(*expr.parts[0], isAnd);
  Thing right = evaluate(*expr.parts[1]);
  if (forks)
    this->forks.pop_back();
  locals = std::move(before);
  if (failed || known(left))
    return right;
  return isAnd ? both(left, right) : either(left, right);
}

static std::optional<bool> contains(const Thing &list, const Thing &element) {
  if (!list.is(Is::List) || !(element.is(Is::String) || element.isNumber()))
    return std::nullopt;
  return llvm::any_of(*list.elements, [&](const Thing &one) {
    return element.is(Is::String) ? one.is(Is::String) && one.text == element.text
                                  : one.isNumber() && one.asDouble() == element.asDouble();
  });
}

static Thing identity(Translator &t, const Thing &left, const Thing &right, bool negated) {
  if (left.is(Is::Given) && right.is(Is::None)) {
    Value given =
        esper::IsGivenOp::create(t.net.ops(), t.net.loc(), t.net.ops().getI1Type(), left.value);
    return {.kind = Is::Flag, .integer = !negated, .value = given};
  }
  bool constants =
      left.is(Is::None) || right.is(Is::None) || (left.is(Is::Bool) && right.is(Is::Bool));
  if (!constants)
    return t.fail("'is' between " + describe(left) + " and " + describe(right) +
                  " is not in the subset that is translated");
  bool same = left.kind == right.kind && left.integer == right.integer;
  return Thing::boolean(same != negated);
}

Thing Translator::comparison(const Expr &expr) {
  Thing result = Thing::boolean(true), left = evaluate(*expr.parts[0]);
  for (size_t i = 0; i < expr.names.size() && !failed; ++i) {
    Thing right = evaluate(*expr.parts[i + 1]);
    const std::string &op = expr.names[i];
    Thing one;
    if (failed)
      return {};
    if (op == "is" || op == "is not")
      one = identity(*this, left, right, op == "is not");
    else if (op == "in" || op == "not in") {
      std::optional<bool> found =
          contains(right.is(Is::Dict) ? Thing::list(*iterable(right)) : right, left);
      one = found ? Thing::boolean(*found == (op == "in"))
                  : fail("'" + op + "' is only known of lists of constants");
    } else {
      one = compare(op, left, right);
    }
    result = i == 0 ? one : both(result, one);
    left = right;
  }
  return result;
}

Thing Translator::conditional(const Expr &expr) {
  Thing condition = evaluate(*expr.parts[0]);
  if (failed)
    return {};
  if (std::optional<bool> value = known(condition))
    return evaluate(*expr.parts[*value ? 1 : 2]);
  Variables before = locals;
  forks.push_back(&before);
  refine(*expr.parts[0], true);
  Thing left = evaluate(*expr.parts[1]);
  locals = before;
  refine(*expr.parts[0], false);
  Thing right = evaluate(*expr.parts[2]);
  forks.pop_back();
  locals = std::move(before);
  Thing made = choose(condition, left, right);
  if (!failed && made.is(Is::Nothing))
    return fail("cannot choose between " + describe(left) + " and " + describe(right) +
                " by a condition known at run time");
  return made;
}

Thing Translator::comprehension(const Expr &expr) {
  std::optional<Things> source = iterable(evaluate(*expr.parts[2]));
  if (!source)
    return failed ? Thing() : fail("a comprehension over what is known at run time");
  Variables before = locals;
  Things elements;
  for (Thing &element : *source) {
    assign(*expr.parts[1], element);
    bool taken = true;
    for (size_t i = 3; i < expr.parts.size() && !failed; ++i) {
      std::optional<bool> value = known(evaluate(*expr.parts[i]));
      if (!value)
        return failed ? Thing() : fail("a condition of a comprehension that is known at run time");
      taken &= *value;
    }
    if (taken)
      elements.push_back(evaluate(*expr.parts[0]));
    if (failed)
      return {};
  }
  locals = std::move(before);
  return Thing::list(std::move(elements));
}

//===----------------------------------------------------------------------===//
// All kinds
//===----------------------------------------------------------------------===//

Things Translator::evaluateAll(const Expr &expr) {
  Things elements;
  for (auto [i, part] : llvm::enumerate(expr.parts)) {
    Thing element = evaluate(*part);
    if (i < expr.names.size() && expr.names[i] == "*") {
      if (std::optional<Things> several = iterable(element))
        llvm::append_range(elements, *several);
      else
        fail("'*' of " + describe(element));
    } else {
      elements.push_back(element);
    }
    if (failed)
      return {};
  }
  return elements;
}

static Thing binaryOf(Translator &t, const Expr &expr) {
  Thing left = t.evaluate(*expr.parts[0]), right = t.evaluate(*expr.parts[1]);
  if (t.failed)
    return {};
  t.moveTo(expr.at);
  return t.binary(expr.text, left, right);
}

Thing Translator::evaluate(const Expr &expr) {
  if (failed)
    return {};
  moveTo(expr.at);
  if (++steps > kMostSteps)
    return fail("the text takes more than " + Twine(kMostSteps) + " steps to translate");
  switch (expr.kind) {
  case ExprKind::Name:
    return nameOf(*this, expr.text);
  case ExprKind::Int:
    return Thing::whole(expr.integer);
  case ExprKind::Float:
    return Thing::real(expr.number);
  case ExprKind::String:
    return Thing::string(expr.text);
  case ExprKind::FString:
    return evaluateAll(expr), Thing::string("");
  case ExprKind::True:
  case ExprKind::False:
    return Thing::boolean(expr.kind == ExprKind::True);
  case ExprKind::None:
    return Thing::none();
  case ExprKind::Tuple:
  case ExprKind::List:
    return Thing::list(evaluateAll(expr));
  case ExprKind::Dict: {
    Thing dict = Thing::list(evaluateAll(expr));
    dict.kind = Is::Dict;
    return dict;
  }
  case ExprKind::Attribute: {
    Thing object = evaluate(*expr.parts[0]);
    moveTo(expr.at);
    return attribute(object, expr.text);
  }
  case ExprKind::Call:
    return call(expr);
  case ExprKind::Subscript:
    return subscript(evaluate(*expr.parts[0]), *expr.parts[1]);
  case ExprKind::Unary:
    return unary(expr);
  case ExprKind::Binary:
    return binaryOf(*this, expr);
  case ExprKind::Bool:
    return shortCircuit(expr);
  case ExprKind::Compare:
    return comparison(expr);
  case ExprKind::Conditional:
    return conditional(expr);
  case ExprKind::Comprehension:
    return comprehension(expr);
  default:
    return fail("'...' or a slice cannot stand here");
  }
}
