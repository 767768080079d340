//===- FunctionsLayer.cpp - Products, norms, dropout ----------------------===//

#include "Names.h"
#include <limits>

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

/// A tensor or, for None or nothing, a null value.
static Value optional(const Arguments &a, StringRef name) {
  return a.has(name) ? a.tensor(name) : Value();
}

static Thing linear(Translator &t, const Arguments &a) {
  Value input = a.tensor(), weight = a.tensor("weight"), bias = optional(a, "bias");
  if (!input || !weight)
    return {};
  if (typeOf(weight).getRank() == 2)
    t.learnLast(input, typeOf(weight).getDimSize(1));
  return Thing::tensor(make<esper::LinearOp>(t.net, input, weight, bias));
}

static Thing matmul(Translator &t, const Arguments &a) {
  return t.binary("@", a["input"], a["other"]);
}

static Thing softmax(Translator &t, const Arguments &a) {
  Value input = t.toFloat(a.tensor());
  if (!a.has("dim"))
    return t.fail("'" + a.function + "' needs a dim");
  bool logarithm = StringRef(a.function).contains("log");
  int64_t dim = a.integer("dim", -1);
  if (!input)
    return {};
  return Thing::tensor(logarithm ? make<esper::LogSoftmaxOp>(t.net, input, dim)
                                 : make<esper::SoftmaxOp>(t.net, input, dim));
}

static Thing layerNorm(Translator &t, const Arguments &a) {
  Value input = a.tensor(), weight = optional(a, "weight"), bias = optional(a, "bias");
  std::vector<int64_t> shape = a.integers("normalized_shape");
  if (!input)
    return {};
  t.learn(input, floats(t.net.context(), shape));
  return Thing::tensor(make<esper::LayerNormOp>(t.net, input, weight, bias, shape,
                                                llvm::APFloat(a.number("eps", 1e-5))));
}

static Thing rmsNorm(Translator &t, const Arguments &a) {
  Value input = a.tensor(), weight = optional(a, "weight");
  std::vector<int64_t> shape = a.integers("normalized_shape");
  if (!input)
    return {};
  t.learn(input, floats(t.net.context(), shape));
  FloatAttr eps = a.has("eps") ? t.net.ops().getF64FloatAttr(a.number("eps", 0)) : FloatAttr();
  return Thing::tensor(
      make<esper::RmsNormOp>(t.net, input, weight, t.net.ops().getDenseI64ArrayAttr(shape), eps));
}

/// x / max(norm(x), eps)
static Thing unitOf(Translator &t, Value input, int64_t dim, double eps) {
  Value squares = t.reduce(t.activation("square", input), esper::ReduceKind::Sum, dim, true);
  Value size = squares ? t.root(squares) : Value();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Value least = size ? t.activation("clamp", size, {eps, kInfinity}) : Value();
  return least ? t.binary("/", Thing::tensor(input), Thing::tensor(least)) : Thing();
}

static Thing normalize(Translator &t, const Arguments &a) {
  Value input = a.tensor();
  if (!input || a.number("p", 2) != 2)
    return t.fail("normalize is known for p = 2");
  return unitOf(t, input, a.integer("dim", 1), a.number("eps", 1e-12));
}

static Thing cosineSimilarity(Translator &t, const Arguments &a) {
  Value left = a.tensor("x1"), right = a.tensor("x2");
  if (!left || !right)
    return {};
  int64_t dim = a.integer("dim", 1);
  double eps = a.number("eps", 1e-8);
  Thing product = t.binary("*", unitOf(t, left, dim, eps), unitOf(t, right, dim, eps));
  return product.value ? Thing::tensor(t.reduce(product.value, esper::ReduceKind::Sum, dim, false))
                       : Thing();
}

/// All products of the elements of two vectors.
static Thing outer(Translator &t, const Arguments &a) {
  Value left = a.tensor(), right = a.tensor("vec2");
  Value column = left && right ? make<esper::UnsqueezeOp>(t.net, left, -1) : Value();
  return column ? t.binary("*", Thing::tensor(column), Thing::tensor(right)) : Thing();
}

/// The argument `training`; null after an error.
static Value modeOf(Translator &t, const Arguments &a, StringRef function, bool fallback) {
  const Thing &training = a["training"];
  if (training.is(Is::Flag) && training.integer)
    return t.fail("'training' of " + function + " must be self.training, True or False"), Value();
  return training.is(Is::Flag)
             ? training.value
             : Value(esper::FlagOp::create(t.net.ops(), t.net.loc(), t.net.ops().getI1Type(),
                                           a.boolean("training", fallback)));
}

static Thing rrelu(Translator &t, const Arguments &a) {
  Value input = a.tensor(), flag = input ? modeOf(t, a, "rrelu", false) : Value();
  if (!flag)
    return {};
  return Thing::tensor(make<esper::RReluOp>(t.net, input, flag,
                                            llvm::APFloat(a.number("lower", 1.0 / 8)),
                                            llvm::APFloat(a.number("upper", 1.0 / 3))));
}

static Thing dropout(Translator &t, const Arguments &a) {
  Value input = a.tensor(), flag = input ? modeOf(t, a, "dropout", true) : Value();
  if (!flag)
    return {};
  return Thing::tensor(make<esper::DropoutOp>(t.net, input, flag, llvm::APFloat(a.number("p", 0.5)),
                                              esper::DropoutKind::Element));
}

static Thing embedding(Translator &t, const Arguments &a) {
  Value input = a.tensor(), weight = a.tensor("weight");
  if (!input || !weight)
    return {};
  t.learnInteger(input);
  return Thing::tensor(make<esper::EmbeddingOp>(t.net, input, weight, -1, false));
}

static Thing mseLoss(Translator &t, const Arguments &a) {
  Thing difference = t.binary("-", a["input"], a["target"]);
  Value squares = difference.value ? t.activation("square", difference.value) : Value();
  return squares ? Thing::tensor(t.reduce(squares, esper::ReduceKind::Mean, {}, false)) : Thing();
}

FunctionTable logic::layerFunctions() {
  return {{"linear", "f", "input weight bias", linear},
          {"matmul", "tm", "input other", matmul},
          {"bmm", "tm", "input other", matmul},
          {"mm", "tm", "input other", matmul},
          {"softmax", "tfm", "input dim dtype", softmax},
          {"log_softmax", "tfm", "input dim dtype", softmax},
          {"layer_norm", "tf", "input normalized_shape weight bias eps", layerNorm},
          {"rms_norm", "tf", "input normalized_shape weight eps", rmsNorm},
          {"normalize", "f", "input p dim eps", normalize},
          {"cosine_similarity", "tf", "x1 x2 dim eps", cosineSimilarity},
          {"outer", "tm", "input vec2", outer},
          {"dropout", "f", "input p training", dropout},
          {"rrelu", "tf", "input lower upper training", rrelu},
          {"embedding", "f", "input weight", embedding},
          {"mse_loss", "f", "input target", mseLoss}};
}
