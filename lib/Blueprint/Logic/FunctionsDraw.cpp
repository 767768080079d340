//===- FunctionsDraw.cpp - Numbers that are drawn -------------------------===//

#include "Names.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;
using namespace tez::blueprint::logic;

/// False after an error.
static bool mayDraw(Translator &t) {
  if (t.masked == 0 && t.gated == 0)
    return true;
  t.fail("numbers are drawn under a condition that is no `if self.training`");
  return false;
}

Value logic::drawingMode(Translator &t) {
  if (!mayDraw(t))
    return {};
  if (t.trainingGate)
    return t.trainingGate;
  return esper::FlagOp::create(t.net.ops(), t.net.loc(), t.net.ops().getI1Type(), true);
}

/// draw * factor + shift; null after an error.
static Thing scaledDraw(Translator &t, Value draw, double factor, double shift) {
  if (!draw)
    return {};
  Thing scaled = t.binary("*", Thing::tensor(draw), Thing::real(factor));
  return shift == 0 ? scaled : t.binary("+", scaled, Thing::real(shift));
}

//===----------------------------------------------------------------------===//
// Normal
//===----------------------------------------------------------------------===//

static Value normalLike(Translator &t, Value input) {
  if (!input || !mayDraw(t))
    return {};
  auto full = input.getDefiningOp<esper::FullOp>();
  bool isZero = full && !full.getShape() && full.getValue().isZero();
  Value zeros = isZero ? input : t.fullLike(input, 0);
  bool gate = bool(t.trainingGate);
  Value mode = gate ? t.trainingGate : t.training("");
  return zeros ? make<esper::NoiseOp>(t.net, zeros, mode, llvm::APFloat(1.0), gate) : Value();
}

static Thing randnLike(Translator &t, const Arguments &a) {
  return Thing::tensor(normalLike(t, a.tensor()));
}
static Thing randn(Translator &t, const Arguments &a) {
  return Thing::tensor(normalLike(t, sized(t, a, 0)));
}

/// x.normal_(mean, std): the values of x do not matter.
static Thing normal(Translator &t, const Arguments &a) {
  return scaledDraw(t, normalLike(t, a.tensor()), a.number("std", 1), a.number("mean", 0));
}

//===----------------------------------------------------------------------===//
// Uniform
//===----------------------------------------------------------------------===//

/// Between 0 and 1, as rrelu draws its slopes: of the distribution of torch.rand, by other steps of
/// the generator.
static Value uniformLike(Translator &t, Value input) {
  Value mode = input ? drawingMode(t) : Value();
  Value minusOnes = mode ? t.toFloat(t.fullLike(input, -1)) : Value();
  Value drawn = minusOnes ? make<esper::RReluOp>(t.net, minusOnes, mode, llvm::APFloat(0.0),
                                                 llvm::APFloat(1.0))
                          : Value();
  return drawn ? make<esper::ScaleOp>(t.net, drawn, llvm::APFloat(-1.0)) : Value();
}

static Thing rand(Translator &t, const Arguments &a) {
  return Thing::tensor(uniformLike(t, sized(t, a, 0)));
}
static Thing randLike(Translator &t, const Arguments &a) {
  return Thing::tensor(uniformLike(t, a.tensor()));
}

/// x.uniform_(from, to)
static Thing uniform(Translator &t, const Arguments &a) {
  double from = a.number("from", 0), to = a.number("to", 1);
  return scaledDraw(t, uniformLike(t, a.tensor()), to - from, from);
}

//===----------------------------------------------------------------------===//
// Zeros and ones
//===----------------------------------------------------------------------===//

/// With one probability for all it is the mask that dropout draws, but for what that divides by.
static Thing maskLike(Translator &t, Value input, double probability) {
  if (!(probability >= 0 && probability <= 1))
    return t.fail("the probability of 'bernoulli_' must be in [0, 1], found " +
                  llvm::formatv("{0}", probability).str());
  Value mode = input ? drawingMode(t) : Value();
  Value ones = mode ? t.toFloat(t.fullLike(input, 1)) : Value();
  if (!ones)
    return {};
  Value mask = make<esper::DropoutOp>(t.net, ones, mode, llvm::APFloat(1 - probability),
                                      esper::DropoutKind::Element);
  return Thing::tensor(mask ? make<esper::ScaleOp>(t.net, mask, llvm::APFloat(probability))
                            : Value());
}

/// torch.bernoulli(p), x.bernoulli_(p) and x.bernoulli(p).
static Thing bernoulli(Translator &t, const Arguments &a) {
  bool inPlace = StringRef(a.function).ends_with("_");
  if (a["p"].is(Is::Tensor))
    return t.fail("'p' of '" + a.function + "' is one number; torch.bernoulli(p) takes a tensor");
  Value input = a.tensor();
  if (inPlace || a.has("p"))
    return maskLike(t, input, a.number("p", 0.5));
  Value drawn = uniformLike(t, input);
  Thing below = drawn ? t.compare("<", Thing::tensor(drawn), Thing::tensor(input)) : Thing();
  return below.value ? Thing::tensor(t.toFloat(below.value)) : Thing();
}

FunctionTable logic::drawnFunctions() {
  return {{"randn_like", "t", "input dtype", randnLike},
          {"randn", "t", "*size dtype", randn},
          {"normal", "m", "input mean std", normal},
          {"rand_like", "t", "input dtype", randLike},
          {"rand", "t", "*size dtype", rand},
          {"uniform", "m", "input from to", uniform},
          {"bernoulli", "tm", "input p", bernoulli}};
}
