//===- FunctionsAttention.cpp - scaled_dot_product_attention --------------===//
//
// As the products, masks and softmax that torch documents it by, which the pass that fuses
// attention for inference finds again.
//
//===----------------------------------------------------------------------===//

#include "Names.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

namespace {
/// What dropout_p drops, and when; a null mode: nothing.
struct Dropped {
  double p = 0;
  Value mode;
};
} // namespace

static std::optional<double> constantOf(Value value) {
  auto full = value.getDefiningOp<esper::FullOp>();
  return full ? std::optional(full.getValue().convertToDouble()) : std::nullopt;
}

/// `p if self.training else 0.0`, which is a choice between two tensors by now.
static std::optional<Dropped> droppedInTraining(const Thing &thing) {
  auto select =
      thing.is(Is::Tensor) ? thing.value.getDefiningOp<esper::SelectOp>() : esper::SelectOp();
  if (!select || !select.getFlag().getDefiningOp<esper::TrainingOp>())
    return std::nullopt;
  std::optional<double> p = constantOf(select.getLeft()), other = constantOf(select.getRight());
  return p && other == 0 ? std::optional(Dropped{*p, select.getFlag()}) : std::nullopt;
}

static Dropped droppedOf(Translator &t, const Arguments &a) {
  if (std::optional<Dropped> known = droppedInTraining(a["dropout_p"]))
    return *known;
  const Thing &given = a["dropout_p"];
  if (a.has("dropout_p") && !given.isNumber()) {
    t.fail("'dropout_p' of '" + a.function +
           "': expected a number or `p if self.training else 0.0`, found " + describe(given));
    return {};
  }
  Dropped drop{a.number("dropout_p", 0), {}};
  if (drop.p == 0)
    return drop;
  drop.mode = drawingMode(t);
  return drop;
}

/// One over the root of the features of a head, unless it is given.
static double scaleOf(Translator &t, const Arguments &a, Value query, Value key) {
  if (a.has("scale"))
    return a.number("scale", 1);
  auto last = [](Value value) {
    RankedTensorType type = typeOf(value);
    return type.getRank() ? type.getDimSize(type.getRank() - 1) : kAnySize;
  };
  int64_t size = last(query) == kAnySize ? last(key) : last(query);
  if (size == kAnySize || size == 0) {
    t.fail("the scale of '" + a.function +
           "' hangs on the last size of query, which is not known before the call: give 'scale'");
    return 1;
  }
  t.learnLast(query, size);
  t.learnLast(key, size);
  return 1 / std::sqrt(double(size));
}

/// Booleans or numbers. Null without a mask or after an error.
static Value attentionMask(Translator &t, const Arguments &a) {
  if (!a.has("attn_mask"))
    return {};
  Value mask = maskOfAttention(t, a["attn_mask"], "'attn_mask' of '" + Twine(a.function) + "'",
                               "(mask != 0)");
  if (!mask)
    return {};
  Type element = typeOf(mask).getElementType();
  if (!element.isInteger(1) && !isa<FloatType>(element)) {
    t.fail("'attn_mask' of '" + a.function + "': expected booleans or floats, found integers");
    return {};
  }
  return mask;
}

/// A mask of booleans keeps where it holds, one of numbers is added.
static Value maskedScores(Translator &t, Value scores, Value mask) {
  if (isa<FloatType>(typeOf(mask).getElementType()))
    return t.binary("+", Thing::tensor(scores), Thing::tensor(mask)).value;
  Value never = t.full(scores, -kInfinity, {});
  return never ? make<esper::WhereOp>(t.net, mask, scores, never) : Value();
}

/// A query that sees no position gets zeros, and no NaN in values or gradients, as torch has it.
static Value safeSoftmax(Translator &t, Value scores) {
  Value most = t.reduce(scores, esper::ReduceKind::Max, {-1}, true);
  Thing blind = most ? t.compare("==", Thing::tensor(most), Thing::real(-kInfinity)) : Thing();
  Value zero = blind.value ? t.full(scores, 0, {}) : Value();
  Value finite = zero ? make<esper::WhereOp>(t.net, blind.value, zero, scores) : Value();
  Value weights = finite ? make<esper::SoftmaxOp>(t.net, finite, -1) : Value();
  return weights ? make<esper::WhereOp>(t.net, blind.value, zero, weights) : Value();
}

static Thing scaledDotProductAttention(Translator &t, const Arguments &a) {
  Value query = a.tensor("query"), key = a.tensor("key"), value = a.tensor("value");
  bool causal = a.boolean("is_causal", false);
  Value mask = attentionMask(t, a);
  if (t.failed)
    return {};
  if (causal && mask)
    return t.fail("'" + a.function + "' takes attn_mask or is_causal, not both");
  Dropped drop = droppedOf(t, a);
  double scale = scaleOf(t, a, query, key);
  if (t.failed)
    return {};
  Value scaled = make<esper::ScaleOp>(t.net, query, llvm::APFloat(scale));
  Value turned = scaled ? make<esper::TransposeOp>(t.net, key, -2, -1) : Value();
  Value scores = turned ? make<esper::MatmulOp>(t.net, scaled, turned) : Value();
  if (scores && causal)
    scores = make<esper::CausalMaskOp>(t.net, scores);
  if (scores && mask)
    scores = maskedScores(t, scores, mask);
  Value weights = !scores ? Value()
                  : mask  ? safeSoftmax(t, scores)
                          : make<esper::SoftmaxOp>(t.net, scores, -1);
  if (weights && drop.mode)
    weights = make<esper::DropoutOp>(t.net, weights, drop.mode, llvm::APFloat(drop.p),
                                     esper::DropoutKind::Element);
  return Thing::tensor(weights ? make<esper::MatmulOp>(t.net, weights, value) : Value());
}

FunctionTable logic::attentionFunctions() {
  return {{"scaled_dot_product_attention", "f",
           "query key value attn_mask dropout_p is_causal scale", scaledDotProductAttention}};
}
