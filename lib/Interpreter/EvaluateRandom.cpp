//===- EvaluateRandom.cpp - Dropout, noise, rrelu -------------------------===//

#include "Evaluator.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::interp;
using namespace tez::esper;

static RandomRequest::Kind requestKind(DropoutKind kind) {
  switch (kind) {
  case DropoutKind::Element:
    return RandomRequest::Dropout;
  case DropoutKind::Feature:
    return RandomRequest::FeatureDropout;
  case DropoutKind::Alpha:
    return RandomRequest::AlphaDropout;
  case DropoutKind::FeatureAlpha:
    return RandomRequest::FeatureAlphaDropout;
  }
  return RandomRequest::Dropout;
}

/// What is dropped takes the value -alpha' and all is rescaled so that mean
/// and variance stay 0 and 1 (Klambauer et al., "Self-Normalizing Neural
/// Networks", 2017, section 2).
static Variable alphaDropout(const Variable &x, const Tensor &keep, double p) {
  constexpr double alpha = 1.7580993408473766;
  double a = 1 / std::sqrt((alpha * alpha * p + 1) * (1 - p));
  Variable kept = scale(multiply(x, keep), a);
  Variable shift = addScalar(scale(addScalar(Variable(keep), -1), alpha * a), alpha * a * p);
  return add(kept, shift);
}

static LogicalResult evaluateDropout(DropoutOp op, Evaluator &e) {
  Variable x = e(op.getInput());
  double p = op.getP().convertToDouble();
  if (!e.flag(op.getTraining()) || p == 0 || x.value().size() == 0)
    return e.set(op, x), success();
  if (p == 1) // torch draws nothing
    return e.set(op, scale(x, 0)), success();
  Tensor mask = e.draw(op, requestKind(op.getKind()), x.shape(), p);
  if (!mask.defined())
    return failure();
  bool alpha = op.getKind() == DropoutKind::Alpha || op.getKind() == DropoutKind::FeatureAlpha;
  e.set(op, alpha ? alphaDropout(x, mask, p) : multiply(x, mask));
  return success();
}

static LogicalResult evaluateNoise(NoiseOp op, Evaluator &e) {
  Variable x = e(op.getInput());
  if (op.getTrainingOnly() && !e.flag(op.getTraining()))
    return e.set(op, x), success();
  Tensor normal = e.draw(op, RandomRequest::Normal, x.shape(), 0);
  if (!normal.defined())
    return failure();
  e.set(op, add(x, scale(Variable(normal), op.getStd().convertToDouble())));
  return success();
}

/// torch's gradient has the slopes that were drawn, or their middle where they hardly differ.
static LogicalResult evaluateRRelu(RReluOp op, Evaluator &e) {
  Variable x = e(op.getInput());
  if (!e.flag(op.getTraining()))
    return e.set(op, leakyRelu(x, op.getMiddle())), success();
  double lower = op.getLower().convertToDouble(), upper = op.getUpper().convertToDouble();
  RandomRequest request{RandomRequest::Slopes, x.shape(), lower, {}, upper};
  for (int64_t i = 0; i < x.value().size(); ++i)
    request.where.push_back(x.value()[i] <= 0);
  Tensor slopes = e.draw(op, request);
  if (!slopes.defined())
    return failure();
  Variable y = multiply(x, slopes);
  if (upper - lower <= 1e-6) {
    Variable middle = leakyRelu(x, op.getMiddle());
    y = add(middle, Variable(subtract(y, middle).value()));
  }
  e.set(op, y);
  return success();
}

void interp::addRandom(EvaluatorTable &table) {
  addRows<DropoutOp>(table, evaluateDropout);
  addRows<NoiseOp>(table, evaluateNoise);
  addRows<RReluOp>(table, evaluateRRelu);
}
