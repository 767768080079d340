//===- FunctionsElement.cpp - Functions of each element -------------------===//

#include "Names.h"
#include <limits>

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// An activation without parameters; the kind is the function's name but for these.
static Thing plain(Translator &t, const Arguments &a) {
  StringRef kind = StringRef(a.function).rsplit('.').second;
  kind = kind.empty() ? StringRef(a.function) : kind;
  kind.consume_back("_");
  kind = kind == "negative" ? "neg" : kind == "logsigmoid" ? "log_sigmoid" : kind;
  return Thing::tensor(t.activation(kind, a.tensor()));
}

static Thing gelu(Translator &t, const Arguments &a) {
  bool approximate = a.has("approximate") && a["approximate"].text == "tanh";
  return Thing::tensor(t.activation(approximate ? "gelu_tanh" : "gelu", a.tensor()));
}

template <const char *Op> static Thing arithmetic(Translator &t, const Arguments &a) {
  Thing right = a["other"];
  if (a.has("alpha"))
    right = t.binary("*", right, a["alpha"]);
  return t.binary(Op, a["input"], right);
}
template <const char *Op> static Thing comparison(Translator &t, const Arguments &a) {
  return t.compare(Op, a["input"], a["other"]);
}
static constexpr char kAdd[] = "+", kSub[] = "-", kMul[] = "*", kDiv[] = "/", kPow[] = "**",
                      kMod[] = "%", kFloorDiv[] = "//", kEq[] = "==", kNe[] = "!=", kLt[] = "<",
                      kLe[] = "<=", kGt[] = ">", kGe[] = ">=";

template <typename Op> static Thing pick(Translator &t, const Arguments &a) {
  Value left = a.tensor(), right = left ? t.tensorOf(a["other"], left) : Value();
  Value made = right ? make<Op>(t.net, left, right) : Value();
  return t.expects(made) ? Thing::tensor(made) : Thing();
}

/// A bound may be a number or a tensor.
static Thing clamp(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  if (!input)
    return {};
  const Thing &low = a["min"], &high = a["max"];
  if (!low.is(Is::Tensor) && !high.is(Is::Tensor) && isa<FloatType>(typeOf(input).getElementType()))
    return Thing::tensor(
        t.activation("clamp", input, {a.number("min", -kInfinity), a.number("max", kInfinity)}));
  if (a.has("min"))
    input = make<esper::MaximumOp>(t.net, input, t.tensorOf(low, input));
  if (input && a.has("max"))
    input = make<esper::MinimumOp>(t.net, input, t.tensorOf(high, input));
  return Thing::tensor(input);
}

static Thing where(Translator &t, const Arguments &a) {
  Value mask = a.tensor("condition");
  Value left = t.tensorOf(a["input"]), right = left ? t.tensorOf(a["other"], left) : Value();
  if (left && a["input"].isNumber() && right)
    left = t.tensorOf(a["input"], right);
  Value made = mask && right ? make<esper::WhereOp>(t.net, mask, left, right) : Value();
  return t.expects(made) ? Thing::tensor(made) : Thing();
}

static Thing maskedFill(Translator &t, const Arguments &a) {
  Value input = a.tensor(), mask = a.tensor("mask");
  Value value = input ? t.tensorOf(a["value"], input) : Value();
  return Thing::tensor(mask && value ? make<esper::WhereOp>(t.net, mask, value, input) : Value());
}

/// input + weight * (end - input)
static Thing lerp(Translator &t, const Arguments &a) {
  Thing step = t.binary("*", t.binary("-", a["end"], a["input"]), a["weight"]);
  return t.binary("+", a["input"], step);
}

static Thing ceil(Translator &t, const Arguments &a) {
  return Thing::tensor(t.activation("neg", t.activation("floor", t.activation("neg", a.tensor()))));
}
static Thing reciprocal(Translator &t, const Arguments &a) {
  return t.binary("/", Thing::real(1), a["input"]);
}
static Thing leakyRelu(Translator &t, const Arguments &a) {
  return Thing::tensor(t.activation("leaky_relu", a.tensor(), a.number("negative_slope", 0.01)));
}
static Thing elu(Translator &t, const Arguments &a) {
  return Thing::tensor(t.activation("elu", a.tensor(), a.number("alpha", 1)));
}
static Thing celu(Translator &t, const Arguments &a) {
  return Thing::tensor(t.activation("celu", a.tensor(), a.number("alpha", 1)));
}
static Thing hardtanh(Translator &t, const Arguments &a) {
  return Thing::tensor(
      t.activation("hardtanh", a.tensor(), {a.number("min_val", -1), a.number("max_val", 1)}));
}
static Thing threshold(Translator &t, const Arguments &a) {
  return Thing::tensor(
      t.activation("threshold", a.tensor(), {a.number("threshold", 0), a.number("value", 0)}));
}
static Thing shrink(Translator &t, const Arguments &a) {
  return Thing::tensor(
      t.activation(StringRef(a.function).rsplit('.').second, a.tensor(), a.number("lambd", 0.5)));
}
/// x / (1 + |x|)
static Thing softsign(Translator &t, const Arguments &a) {
  Thing size = Thing::tensor(t.activation("abs", a.tensor()));
  return size.value ? t.binary("/", a["input"], t.binary("+", size, Thing::whole(1))) : Thing();
}
/// x - tanh(x)
static Thing tanhshrink(Translator &t, const Arguments &a) {
  Thing curve = Thing::tensor(t.activation("tanh", a.tensor()));
  return curve.value ? t.binary("-", a["input"], curve) : Thing();
}
static Thing softplus(Translator &t, const Arguments &a) {
  return Thing::tensor(
      t.activation("softplus", a.tensor(), {a.number("beta", 1), a.number("threshold", 20)}));
}
static Thing logicalNot(Translator &t, const Arguments &a) {
  return t.compare("==", t.compare("!=", a["input"], Thing::whole(0)), Thing::boolean(false));
}
static Thing isNan(Translator &t, const Arguments &a) {
  return t.compare("!=", a["input"], a["input"]);
}
/// x - x is NaN for infinities too.
static Thing isFinite(Translator &t, const Arguments &a) {
  return t.compare("==", t.binary("-", a["input"], a["input"]), Thing::whole(0));
}
static Thing isInf(Translator &t, const Arguments &a) {
  Thing size = Thing::tensor(t.activation("abs", a.tensor()));
  return t.compare("==", size, Thing::real(kInfinity));
}
static Thing logical(Translator &t, const Arguments &a) {
  Thing left = t.compare("!=", a["input"], Thing::whole(0));
  Thing right = t.compare("!=", a["other"], Thing::whole(0));
  return t.binary(StringRef(a.function).ends_with("and") ? "&" : "|", left, right);
}

FunctionTable logic::elementFunctions() {
  FunctionTable rows = {{"gelu", "f", "input approximate", gelu},
                        {"leaky_relu", "f", "input negative_slope", leakyRelu},
                        {"elu", "f", "input alpha", elu},
                        {"softplus", "f", "input beta threshold", softplus},
                        {"clamp", "tm", "input min max", clamp},
                        {"clip", "tm", "input min max", clamp},
                        {"clamp_min", "tm", "input min", clamp},
                        {"clamp_max", "tm", "input max", clamp},
                        {"where", "t", "condition input other", where},
                        {"masked_fill", "tm", "input mask value", maskedFill},
                        {"lerp", "tm", "input end weight", lerp},
                        {"celu", "f", "input alpha", celu},
                        {"hardtanh", "f", "input min_val max_val", hardtanh},
                        {"threshold", "tf", "input threshold value", threshold},
                        {"hardshrink", "f", "input lambd", shrink},
                        {"softshrink", "f", "input lambd", shrink},
                        {"softsign", "f", "input", softsign},
                        {"tanhshrink", "f", "input", tanhshrink},
                        {"ceil", "tm", "input", ceil},
                        {"reciprocal", "tm", "input", reciprocal},
                        {"logical_not", "tm", "input", logicalNot},
                        {"logical_and", "tm", "input other", logical},
                        {"logical_or", "tm", "input other", logical},
                        {"isnan", "tm", "input", isNan},
                        {"isfinite", "tm", "input", isFinite},
                        {"isinf", "tm", "input", isInf},
                        {"add", "tm", "input other alpha", arithmetic<kAdd>},
                        {"sub", "tm", "input other alpha", arithmetic<kSub>},
                        {"mul", "tm", "input other", arithmetic<kMul>},
                        {"multiply", "tm", "input other", arithmetic<kMul>},
                        {"div", "tm", "input other", arithmetic<kDiv>},
                        {"divide", "tm", "input other", arithmetic<kDiv>},
                        {"pow", "tm", "input other", arithmetic<kPow>},
                        {"remainder", "tm", "input other", arithmetic<kMod>},
                        {"floor_divide", "tm", "input other", arithmetic<kFloorDiv>},
                        {"eq", "tm", "input other", comparison<kEq>},
                        {"ne", "tm", "input other", comparison<kNe>},
                        {"lt", "tm", "input other", comparison<kLt>},
                        {"le", "tm", "input other", comparison<kLe>},
                        {"gt", "tm", "input other", comparison<kGt>},
                        {"ge", "tm", "input other", comparison<kGe>},
                        {"maximum", "tm", "input other", pick<esper::MaximumOp>},
                        {"minimum", "tm", "input other", pick<esper::MinimumOp>}};
  for (const char *name :
       {"exp", "log",   "sqrt",  "rsqrt", "abs",  "square", "neg",     "negative",
        "sin", "cos",   "round", "floor", "sign", "relu",   "sigmoid", "tanh",
        "erf", "log1p", "expm1", "tan",   "asin", "acos",   "atan",    "asinh"})
    rows.push_back({name, "tfm", "input", plain});
  for (const char *name :
       {"silu", "relu6", "mish", "hardswish", "hardsigmoid", "selu", "logsigmoid"})
    rows.push_back({name, "f", "input", plain});
  return rows;
}
