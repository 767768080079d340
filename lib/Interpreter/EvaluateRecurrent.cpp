//===- EvaluateRecurrent.cpp - LSTM, GRU, RNN and their cells -------------===//

#include "Evaluator.h"

using namespace mlir;
using namespace tez;
using namespace tez::interp;
using namespace tez::esper;

/// Torch's flat list, layer by layer and direction by direction.
static std::vector<RecurrentWeights> splitWeights(OperandRange flat, bool bias, bool projection,
                                                  Evaluator &e) {
  std::vector<RecurrentWeights> weights;
  for (auto next = flat.begin(); next != flat.end();) {
    RecurrentWeights &one = weights.emplace_back();
    one.inputWeight = e(*next++);
    one.hiddenWeight = e(*next++);
    if (bias) {
      one.inputBias = e(*next++);
      one.hiddenBias = e(*next++);
    }
    if (projection)
      one.projection = e(*next++);
  }
  return weights;
}

static Variable zeroState(int64_t count, int64_t batch, int64_t width) {
  return Tensor({count, batch, width});
}

namespace {
/// What the three recurrent ops differ in.
struct RecurrentKind {
  RecurrentCell cell;
  int64_t projection = 0;
  Variable h0, c0;
};
} // namespace

template <typename Op>
static FailureOr<RecurrentResult> runRecurrent(Op op, RecurrentKind kind, Evaluator &e) {
  Variable x = e(op.getInput());
  if (op.getBatchFirst())
    x = transpose(x, 0, 1);
  std::vector<RecurrentWeights> weights =
      splitWeights(op.getWeights(), op.getBias(), kind.projection > 0, e);
  int64_t width = kind.projection ? kind.projection : int64_t(op.getHiddenSize());
  if (!kind.h0.defined())
    kind.h0 = zeroState(int64_t(weights.size()), x.dim(1), width);
  if (!kind.c0.defined())
    kind.c0 = zeroState(int64_t(weights.size()), x.dim(1), op.getHiddenSize());
  RecurrentOptions options{kind.cell, op.getBidirectional(), {}};
  bool drawn = true;
  double p = op.getDropout().convertToDouble();
  if (p > 0 && e.flag(op.getTraining()))
    options.between = [&, p](const Variable &output, int64_t) -> Variable {
      if (p == 1)
        return scale(output, 0);
      Tensor mask = e.draw(op, RandomRequest::Dropout, output.shape(), p);
      drawn &= mask.defined();
      return mask.defined() ? multiply(output, mask) : output;
    };
  RecurrentResult result = recurrent(x, weights, kind.h0, kind.c0, options);
  if (!drawn)
    return failure();
  if (op.getBatchFirst())
    result.output = transpose(result.output, 0, 1);
  return result;
}

static LogicalResult evaluateLstm(LstmOp op, Evaluator &e) {
  RecurrentKind kind{RecurrentCell::Lstm, int64_t(op.getProjSize()), e(op.getH0()), e(op.getC0())};
  FailureOr<RecurrentResult> result = runRecurrent(op, kind, e);
  if (failed(result))
    return failure();
  e.set(op.getOutput(), result->output);
  e.set(op.getHN(), result->hidden);
  e.set(op.getCN(), result->cell);
  return success();
}

template <typename Op>
static LogicalResult evaluateOneState(Op op, RecurrentCell cell, Evaluator &e) {
  FailureOr<RecurrentResult> result =
      runRecurrent(op, RecurrentKind{cell, 0, e(op.getH0()), {}}, e);
  if (failed(result))
    return failure();
  e.set(op.getOutput(), result->output);
  e.set(op.getHN(), result->hidden);
  return success();
}

static LogicalResult evaluateGru(GruOp op, Evaluator &e) {
  return evaluateOneState(op, RecurrentCell::Gru, e);
}
static LogicalResult evaluateRnn(RnnOp op, Evaluator &e) {
  return evaluateOneState(
      op, op.getNonlinearity() == "relu" ? RecurrentCell::RnnRelu : RecurrentCell::RnnTanh, e);
}

//===----------------------------------------------------------------------===//
// Cells: one step of one layer
//===----------------------------------------------------------------------===//

/// (batch, width) as a sequence of one step or a state of one layer.
static Variable withLeadingOne(const Variable &x) { return reshape(x, {1, x.dim(0), x.dim(1)}); }
static Variable withoutLeadingOne(const Variable &x) { return reshape(x, {x.dim(1), x.dim(2)}); }

template <typename Op>
static RecurrentResult runCell(Op op, RecurrentCell cell, Variable hidden, Variable state,
                               Evaluator &e) {
  Variable x = e(op.getInput());
  int64_t width = e(op.getWHh()).dim(1);
  RecurrentWeights weights{e(op.getWIh()), e(op.getWHh()), e(op.getBIh()), e(op.getBHh()), {}};
  auto initial = [&](const Variable &given) {
    return given.defined() ? withLeadingOne(given) : zeroState(1, x.dim(0), width);
  };
  return recurrent(withLeadingOne(x), {weights}, initial(hidden), initial(state),
                   RecurrentOptions{cell, false, {}});
}

static LogicalResult evaluateLstmCell(LstmCellOp op, Evaluator &e) {
  RecurrentResult result = runCell(op, RecurrentCell::Lstm, e(op.getH()), e(op.getC()), e);
  e.set(op.getHNext(), withoutLeadingOne(result.hidden));
  e.set(op.getCNext(), withoutLeadingOne(result.cell));
  return success();
}

void interp::addRecurrent(EvaluatorTable &table) {
  addRows<LstmOp>(table, evaluateLstm);
  addRows<GruOp>(table, evaluateGru);
  addRows<RnnOp>(table, evaluateRnn);
  addRows<LstmCellOp>(table, evaluateLstmCell);
  addRow<GruCellOp>(table, [](GruCellOp op, Evaluator &e) {
    return withoutLeadingOne(runCell(op, RecurrentCell::Gru, e(op.getH()), {}, e).hidden);
  });
  addRow<RnnCellOp>(table, [](RnnCellOp op, Evaluator &e) {
    RecurrentCell cell =
        op.getNonlinearity() == "relu" ? RecurrentCell::RnnRelu : RecurrentCell::RnnTanh;
    return withoutLeadingOne(runCell(op, cell, e(op.getH()), {}, e).hidden);
  });
}
