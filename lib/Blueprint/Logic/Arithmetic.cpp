//===- Arithmetic.cpp - Operators and choices -----------------------------===//

#include "Translator.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include "tez/Support/CheckedMath.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

static Type elementOf(Value value) { return typeOf(value).getElementType(); }
static bool isFloat(Value value) { return isa<FloatType>(elementOf(value)); }

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

/// Null where the result is no 64-bit number.
static std::optional<int64_t> wholeArithmetic(StringRef op, int64_t a, int64_t b) {
  auto modulo = [&] { return a % b != 0 && (a % b < 0) != (b < 0) ? a % b + b : a % b; };
  if (op == "+")
    return checkedAdd(a, b);
  if (op == "-")
    return b == INT64_MIN ? std::nullopt : checkedAdd(a, -b);
  if (op == "*")
    return checkedMul(a, b);
  if ((op == "//" || op == "%") && (b == 0 || (a == INT64_MIN && b == -1)))
    return std::nullopt;
  if (op == "//")
    return (a - modulo()) / b;
  if (op == "%")
    return modulo();
  if (op != "**" || b < 0 || b > 62)
    return std::nullopt;
  std::optional<int64_t> power = 1;
  for (int64_t i = 0; power && i < b; ++i)
    power = checkedMul(*power, a);
  return power;
}

static std::optional<double> realArithmetic(StringRef op, double a, double b) {
  if (op == "+")
    return a + b;
  if (op == "-")
    return a - b;
  if (op == "*")
    return a * b;
  if (op == "**")
    return std::pow(a, b);
  if (b == 0)
    return std::nullopt;
  if (op == "/")
    return a / b;
  double floor = std::floor(a / b);
  return op == "//"  ? std::optional(floor)
         : op == "%" ? std::optional(a - b * floor)
                     : std::nullopt;
}

static std::optional<Thing> numberArithmetic(StringRef op, const Thing &a, const Thing &b) {
  bool whole = !a.is(Is::Float) && !b.is(Is::Float) && op != "/" && !(op == "**" && b.integer < 0);
  if (whole) {
    auto value = wholeArithmetic(op, a.integer, b.integer);
    return value ? std::optional(Thing::whole(*value)) : std::nullopt;
  }
  auto value = realArithmetic(op, a.asDouble(), b.asDouble());
  return value && std::isfinite(*value) ? std::optional(Thing::real(*value)) : std::nullopt;
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

/// torch's promotion: floats before integers, wide before narrow.
bool Translator::promote(Value &left, Value &right) {
  if (!left || !right)
    return false;
  if (elementOf(left) == elementOf(right))
    return true;
  if (isFloat(left) || isFloat(right)) {
    left = toFloat(left);
    right = toFloat(right);
  } else {
    unsigned bits = std::max(
        {elementOf(left).getIntOrFloatBitWidth(), elementOf(right).getIntOrFloatBitWidth(), 8u});
    left = toInteger(left, bits);
    right = toInteger(right, bits);
  }
  return left && right;
}

/// The sizes of one operand that the other leaves open are its own: a size of 1
/// would broadcast, but nobody means that.
static void learnFromEachOther(Translator &t, Value left, Value right) {
  auto known = [](Value value) {
    SmallVector<int64_t> dims;
    for (int64_t dim : typeOf(value).getShape())
      dims.push_back(dim == 1 ? kAnySize : dim);
    return typeOf(value).clone(dims);
  };
  t.learn(left, known(right));
  t.learn(right, known(left));
}

/// x + randn_like(x) * c is the noise that there is an op for.
static Value addNoise(NetBuilder &net, Value x, Value term) {
  double deviation = 1;
  if (auto scale = term.getDefiningOp<esper::ScaleOp>()) {
    deviation = scale.getValue().convertToDouble();
    term = scale.getInput();
  }
  auto noise = term.getDefiningOp<esper::NoiseOp>();
  auto zeros = noise ? noise.getInput().getDefiningOp<esper::FullOp>() : esper::FullOp();
  if (!zeros || zeros.getLike() != x || zeros.getShape() || !(deviation >= 0))
    return {};
  return make<esper::NoiseOp>(net, x, noise.getTraining(), llvm::APFloat(deviation),
                              noise.getTrainingOnly());
}

static Value noiseAdded(NetBuilder &net, Value left, Value right) {
  Value noisy = addNoise(net, left, right);
  return noisy ? noisy : addNoise(net, right, left);
}

Value Translator::tensorBinary(StringRef op, Value left, Value right) {
  if (op == "@") {
    if (typeOf(right).getRank() == 2)
      learnLast(left, typeOf(right).getDimSize(0));
    return make<esper::MatmulOp>(net, left, right);
  }
  if (op == "/" || op == "**") {
    left = toFloat(left);
    right = toFloat(right);
  }
  if (op == "+")
    if (Value noisy = noiseAdded(net, left, right))
      return noisy;
  bool masks = elementOf(left).isInteger(1) && elementOf(right).isInteger(1);
  if (masks && op == "&")
    return make<esper::MultiplyOp>(net, left, right);
  if (masks && op == "|")
    return make<esper::WhereOp>(net, left, left, right);
  if (masks && op == "^")
    return make<esper::CompareOp>(net, esper::CompareKind::Ne, left, right);
  if (masks)
    left = toInteger(left), right = toInteger(right);
  if (!promote(left, right))
    return {};
  learnFromEachOther(*this, left, right);
  if (op == "+")
    return make<esper::AddOp>(net, left, right);
  if (op == "-")
    return make<esper::SubtractOp>(net, left, right);
  if (op == "*")
    return make<esper::MultiplyOp>(net, left, right);
  if (op == "/")
    return make<esper::DivideOp>(net, left, right);
  if (op == "%")
    return make<esper::RemainderOp>(net, left, right);
  if (op == "**") // of a positive base, which torch wants as well
    return activation("exp", make<esper::MultiplyOp>(net, activation("log", left), right));
  if (op != "//") {
    fail("the operator '" + op + "' between tensors is not in the subset that is translated");
    return {};
  }
  return floorDivision(left, right);
}

/// Numbers stand in attributes where there is one for them.
Thing Translator::tensorWithNumber(StringRef op, Value tensor, const Thing &number, bool swapped) {
  double c = number.asDouble();
  auto made = [&](Value value) { return expects(value) ? Thing::tensor(value) : Thing(); };
  if (isFloat(tensor)) {
    if (op == "*")
      return made(make<esper::ScaleOp>(net, tensor, llvm::APFloat(c)));
    if (op == "+")
      return made(activation("add_scalar", tensor, c));
    if (op == "-" && !swapped)
      return made(activation("add_scalar", tensor, -c));
    if (op == "-")
      return made(activation("add_scalar", activation("neg", tensor), c));
    if (op == "**" && !swapped)
      return made(c == 2 ? activation("square", tensor) : activation("pow", tensor, c));
  }
  if (op == "**" && swapped && c > 0) {
    Value exponent = make<esper::ScaleOp>(net, toFloat(tensor), llvm::APFloat(std::log(c)));
    return made(activation("exp", exponent));
  }
  if (op == "**" && !isFloat(tensor) && number.is(Is::Int) && c >= 1 && c <= 8) {
    Value power = tensor;
    for (int64_t i = 1; i < number.integer && power; ++i)
      power = make<esper::MultiplyOp>(net, power, tensor);
    return made(power);
  }
  if (!isFloat(tensor) && (number.is(Is::Float) || op == "/"))
    tensor = toFloat(tensor);
  else if (elementOf(tensor).isInteger(1) && !number.is(Is::Bool))
    tensor = toInteger(tensor);
  Value other = tensor ? full(tensor, c, {}) : Value();
  if (!other)
    return {};
  return made(swapped ? tensorBinary(op, other, tensor) : tensorBinary(op, tensor, other));
}

Thing Translator::sparseBinary(StringRef op, const Thing &left, const Thing &right) {
  const Thing &one = left.is(Is::Sparse) ? left : right;
  auto made = std::make_shared<Sparse>(*one.sparse);
  made->isIndices = false;
  made->dense = [this, op = op.str(), left, right](int64_t count) -> Value {
    auto dense = [&](const Thing &thing) {
      return thing.is(Is::Sparse) ? Thing::tensor(thing.sparse->dense(count)) : thing;
    };
    return binary(op, dense(left), dense(right)).value;
  };
  return {.kind = Is::Sparse, .sparse = made};
}

Thing Translator::arithmetic(StringRef op, const Thing &left, const Thing &right) {
  if (left.is(Is::Tensor) && right.isNumber())
    return tensorWithNumber(op, left.value, right, false);
  if (left.isNumber() && right.is(Is::Tensor))
    return tensorWithNumber(op, right.value, left, true);
  Value a = tensorOf(left), b = tensorOf(right);
  Value made = a && b ? tensorBinary(op, a, b) : Value();
  return expects(made) ? Thing::tensor(made) : Thing();
}

/// [a] * n, (a,) + (b,), "a" + "b".
static std::optional<Thing> sequenceArithmetic(StringRef op, const Thing &left,
                                               const Thing &right) {
  constexpr size_t kMost = 4096;
  if (op == "+" && left.is(Is::String) && right.is(Is::String) &&
      left.text.size() + right.text.size() <= kMost)
    return Thing::string(left.text + right.text);
  if (!left.is(Is::List))
    return std::nullopt;
  Things elements;
  int64_t times = right.is(Is::Int) && op == "*" ? right.integer : 1;
  if (times < 0 || times * left.elements->size() > kMost || times > int64_t(kMost))
    return std::nullopt;
  for (int64_t i = 0; i < times; ++i)
    llvm::append_range(elements, *left.elements);
  if (right.is(Is::List) && op == "+")
    llvm::append_range(elements, *right.elements);
  else if (!right.is(Is::Int) || op != "*")
    return std::nullopt;
  return Thing::list(std::move(elements));
}

static Thing scaled(StringRef op, const Thing &initial, const Thing &number, bool swapped) {
  Thing made = initial;
  made.initial = std::make_shared<Initial>(*initial.initial);
  Initial &in = *made.initial;
  double c = number.asDouble(), factor = op == "/"              ? 1 / c
                                         : op == "*"            ? c
                                         : swapped && op == "-" ? -1
                                                                : 1;
  double shift = op == "+" || (swapped && op == "-") ? c : op == "-" ? -c : 0;
  in.a = in.a * factor + shift;
  in.b = in.kind == esper::InitKind::Normal  ? in.b * std::fabs(factor)
         : in.kind == esper::InitKind::Range ? in.b * factor
                                             : in.b * factor + shift;
  if (in.kind == esper::InitKind::Uniform && in.a > in.b)
    std::swap(in.a, in.b);
  if (number.is(Is::Float) || op == "/")
    in.element = {};
  return made;
}

Thing Translator::binary(StringRef op, const Thing &left, const Thing &right) {
  if (failed || left.is(Is::Nothing) || right.is(Is::Nothing))
    return {};
  if (left.isNumber() && right.isNumber()) {
    if (std::optional<Thing> value = numberArithmetic(op, left, right))
      return *value;
    return fail("the result of '" + op + "' is no number that can be computed with");
  }
  if (std::optional<Thing> sequence = sequenceArithmetic(op, left, right))
    return *sequence;
  bool affine = op == "*" || op == "+" || op == "-";
  if (left.is(Is::Initial) && right.isNumber() && (affine || (op == "/" && right.asDouble() != 0)))
    return scaled(op, left, right, false);
  if (right.is(Is::Initial) && left.isNumber() && affine)
    return scaled(op, right, left, true);
  if (left.is(Is::Sparse) || right.is(Is::Sparse))
    return sparseBinary(op, left, right);
  auto isOperand = [](const Thing &thing) {
    return thing.is(Is::Tensor) || thing.is(Is::Size) || thing.isNumber() || thing.is(Is::Given);
  };
  if (!isOperand(left) || !isOperand(right))
    return fail("the operator '" + op + "' between " + describe(left) + " and " + describe(right) +
                " is not in the subset that is translated");
  return arithmetic(op, left, right);
}

//===----------------------------------------------------------------------===//
// Comparisons
//===----------------------------------------------------------------------===//

static esper::CompareKind kindOf(StringRef op) {
  return llvm::StringSwitch<esper::CompareKind>(op)
      .Case("==", esper::CompareKind::Eq)
      .Case("!=", esper::CompareKind::Ne)
      .Case("<", esper::CompareKind::Lt)
      .Case("<=", esper::CompareKind::Le)
      .Case(">", esper::CompareKind::Gt)
      .Default(esper::CompareKind::Ge);
}

template <typename T> static bool holds(esper::CompareKind kind, const T &a, const T &b) {
  switch (kind) {
  case esper::CompareKind::Eq:
    return a == b;
  case esper::CompareKind::Ne:
    return a != b;
  case esper::CompareKind::Lt:
    return a < b;
  case esper::CompareKind::Le:
    return a <= b;
  case esper::CompareKind::Gt:
    return a > b;
  case esper::CompareKind::Ge:
    return a >= b;
  }
  llvm_unreachable("unknown comparison");
}

Thing Translator::compare(StringRef op, const Thing &left, const Thing &right) {
  if (failed || left.is(Is::Nothing) || right.is(Is::Nothing))
    return {};
  if (left.isNumber() && right.isNumber())
    return Thing::boolean(holds(kindOf(op), left.asDouble(), right.asDouble()));
  if (left.is(Is::String) && right.is(Is::String))
    return Thing::boolean(holds(kindOf(op), left.text, right.text));
  if (left.is(Is::None) || right.is(Is::None)) {
    if (op == "==" || op == "!=")
      return Thing::boolean((left.kind == right.kind) == (op == "=="));
  }
  if (left.is(Is::DType) && right.is(Is::DType))
    return Thing::boolean((left.integer == right.integer) == (op == "=="));
  if (left.is(Is::Size) && right.is(Is::Size) &&
      originOf(left.value, left.integer) == originOf(right.value, right.integer))
    return Thing::boolean(op == "==" || op == "<=" || op == ">=");
  Value a = left.is(Is::Tensor) ? left.value : Value(), b = right.is(Is::Tensor) ? right.value : a;
  a = tensorOf(left, b);
  b = a ? tensorOf(right, a) : Value();
  if (!promote(a, b))
    return {};
  Value made = make<esper::CompareOp>(net, kindOf(op), a, b);
  return expects(made) ? Thing::tensor(made) : Thing();
}

//===----------------------------------------------------------------------===//
// Conditions
//===----------------------------------------------------------------------===//

std::optional<bool> Translator::known(const Thing &condition) {
  switch (condition.kind) {
  case Is::None:
    return false;
  case Is::Bool:
  case Is::Int:
    return condition.integer != 0;
  case Is::Float:
    return condition.number != 0;
  case Is::String:
    return !condition.text.empty();
  case Is::List:
  case Is::Dict:
    return !condition.elements->empty();
  case Is::Module:
    return true;
  default:
    return std::nullopt;
  }
}

Value Translator::flagOf(const Thing &flag) { return flag.value; }

/// A condition as a mask without dimensions.
Thing Translator::maskOf(const Thing &condition) {
  if (condition.is(Is::Flag)) {
    Value like = anyFloat();
    Value one = like ? full(like, 1, {}) : Value(), zero = like ? full(like, 0, {}) : Value();
    if (!zero)
      return {};
    Value chosen = make<esper::SelectOp>(net, condition.value, condition.integer ? zero : one,
                                         condition.integer ? one : zero);
    return compare("!=", Thing::tensor(chosen), Thing::whole(0));
  }
  Value value = tensorOf(condition);
  if (!value)
    return {};
  if (!elementOf(value).isInteger(1))
    value = compare("!=", Thing::tensor(value), Thing::whole(0)).value;
  if (!value)
    return {};
  if (!typeOf(value).hasStaticShape() || typeOf(value).getNumElements() != 1)
    return fail("a condition must be one number or truth value, found a tensor of shape " +
                esper::dimsToString(typeOf(value).getShape()));
  if (typeOf(value).getRank() > 0)
    value = make<esper::ReshapeOp>(net, value, ArrayRef<int64_t>());
  return expects(value) ? Thing::tensor(value) : Thing();
}

Thing Translator::negate(const Thing &condition) {
  if (failed)
    return {};
  if (std::optional<bool> value = known(condition))
    return Thing::boolean(!*value);
  if (condition.is(Is::Flag)) {
    Thing made = condition;
    made.integer = !condition.integer;
    return made;
  }
  Thing mask = maskOf(condition);
  return mask.value ? compare("==", mask, Thing::boolean(false)) : Thing();
}

Thing Translator::both(const Thing &left, const Thing &right) {
  if (failed)
    return {};
  if (std::optional<bool> value = known(left))
    return *value ? right : left;
  if (std::optional<bool> value = known(right))
    return *value ? left : right;
  if (left.is(Is::Flag) && right.is(Is::Flag) && left.value == right.value)
    return left.integer == right.integer ? left : Thing::boolean(false);
  Thing a = maskOf(left), b = maskOf(right);
  return a.value && b.value ? binary("&", a, b) : Thing();
}

Thing Translator::either(const Thing &left, const Thing &right) {
  return negate(both(negate(left), negate(right)));
}

/// noise in training and its own input else: what the op does by itself.
static bool isNoiseOf(Value left, Value right, Value flag) {
  auto noise = left.getDefiningOp<esper::NoiseOp>();
  return noise && noise.getTrainingOnly() && noise.getInput() == right &&
         noise.getTraining() == flag;
}

static Value selectTensor(Translator &t, const Thing &condition, Value left, Value right) {
  if (condition.integer)
    std::swap(left, right);
  if (isNoiseOf(left, right, condition.value))
    return left;
  auto given = left.getDefiningOp<esper::ValueOrOp>();
  auto flag = condition.value.getDefiningOp<esper::IsGivenOp>();
  if (given && flag && given.getInput() == flag.getInput() && given.getType() == right.getType())
    return esper::ValueOrOp::create(t.net.ops(), t.net.loc(), given.getType(), flag.getInput(),
                                    right);
  return make<esper::SelectOp>(t.net, condition.value, left, right);
}

static bool isSame(const Thing &a, const Thing &b) {
  if (a.kind != b.kind)
    return false;
  if (a.is(Is::List) && a.elements->size() == b.elements->size())
    return llvm::all_of(llvm::zip(*a.elements, *b.elements),
                        [](auto pair) { return isSame(std::get<0>(pair), std::get<1>(pair)); });
  return a.integer == b.integer && a.number == b.number && a.text == b.text && a.value == b.value &&
         a.elements == b.elements && a.module == b.module && a.sparse == b.sparse &&
         a.method == b.method;
}

Thing Translator::choose(const Thing &condition, const Thing &left, const Thing &right) {
  if (failed)
    return {};
  if (isSame(left, right))
    return left;
  if (left.is(Is::List) && right.is(Is::List) && left.elements->size() == right.elements->size()) {
    Things elements;
    for (auto [a, b] : llvm::zip(*left.elements, *right.elements))
      elements.push_back(choose(condition, a, b));
    return Thing::list(std::move(elements));
  }
  auto isNumeric = [](const Thing &t) {
    return t.is(Is::Tensor) || t.isNumber() || t.is(Is::Size);
  };
  if (!isNumeric(left) || !isNumeric(right))
    return {};
  Value a = left.is(Is::Tensor) ? left.value : Value(), b = right.is(Is::Tensor) ? right.value : a;
  a = tensorOf(left, b);
  b = a ? tensorOf(right, a) : Value();
  if (!promote(a, b))
    return {};
  Value made;
  if (condition.is(Is::Flag))
    made = selectTensor(*this, condition, a, b);
  else if (Thing mask = maskOf(condition); mask.value)
    made = make<esper::WhereOp>(net, mask.value, a, b);
  return expects(made) ? Thing::tensor(made) : Thing();
}
