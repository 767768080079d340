//===- Recurrent.cpp - LSTM, GRU and plain recurrence ---------------------===//

#include "tez/Interpreter/FunctionsRecurrent.h"

#include "tez/Interpreter/FunctionsActivation.h"
#include "tez/Interpreter/FunctionsElementwise.h"
#include "tez/Interpreter/FunctionsLinear.h"
#include "tez/Interpreter/FunctionsShape.h"

#include <algorithm>
#include <cassert>

namespace tez::interp {

namespace {
struct State {
  Variable hidden, cell;
};

/// One layer in one direction.
struct Run {
  Variable output;
  State last;
};
} // namespace

/// Gate `index` of `count` in the last dimension.
static Variable gate(const Variable &gates, int64_t index, int64_t count) {
  int64_t width = gates.dim(-1) / count;
  return slice(gates, -1, index * width, (index + 1) * width);
}

// A step takes the input's share of all gates, computed for the whole sequence
// at once, and the state before.

static State stepLstm(const Variable &fromInput, const State &before, const RecurrentWeights &w) {
  Variable gates = add(fromInput, linear(before.hidden, w.hiddenWeight, w.hiddenBias));
  Variable in = sigmoid(gate(gates, 0, 4)), forget = sigmoid(gate(gates, 1, 4));
  Variable candidate = tanh(gate(gates, 2, 4)), out = sigmoid(gate(gates, 3, 4));
  Variable cell = add(multiply(forget, before.cell), multiply(in, candidate));
  Variable hidden = multiply(out, tanh(cell));
  return {w.projection.defined() ? linear(hidden, w.projection) : hidden, cell};
}

static State stepGru(const Variable &fromInput, const State &before, const RecurrentWeights &w) {
  Variable fromHidden = linear(before.hidden, w.hiddenWeight, w.hiddenBias);
  auto both = [&](int64_t i) { return add(gate(fromInput, i, 3), gate(fromHidden, i, 3)); };
  Variable reset = sigmoid(both(0)), update = sigmoid(both(1));
  Variable candidate = tanh(add(gate(fromInput, 2, 3), multiply(reset, gate(fromHidden, 2, 3))));
  Variable change = multiply(update, subtract(before.hidden, candidate));
  return {add(candidate, change), {}};
}

static State stepPlain(const Variable &fromInput, const State &before, const RecurrentWeights &w,
                       RecurrentCell cell) {
  Variable sum = add(fromInput, linear(before.hidden, w.hiddenWeight, w.hiddenBias));
  return {cell == RecurrentCell::RnnTanh ? tanh(sum) : relu(sum), {}};
}

static State step(RecurrentCell cell, const Variable &fromInput, const State &before,
                  const RecurrentWeights &weights) {
  switch (cell) {
  case RecurrentCell::Lstm:
    return stepLstm(fromInput, before, weights);
  case RecurrentCell::Gru:
    return stepGru(fromInput, before, weights);
  case RecurrentCell::RnnTanh:
  case RecurrentCell::RnnRelu:
    return stepPlain(fromInput, before, weights, cell);
  }
  return before;
}

static Run runDirection(const Variable &x, const RecurrentWeights &weights, State state,
                        RecurrentCell cell, bool backward) {
  Variable fromInput = linear(x, weights.inputWeight, weights.inputBias);
  std::vector<Variable> outputs;
  for (int64_t i = 0, time = x.dim(0); i < time; ++i) {
    state = step(cell, select(fromInput, 0, backward ? time - 1 - i : i), state, weights);
    outputs.push_back(state.hidden);
  }
  if (backward)
    std::reverse(outputs.begin(), outputs.end());
  return {stack(outputs, 0), state};
}

RecurrentResult recurrent(const Variable &x, const std::vector<RecurrentWeights> &weights,
                          const Variable &hidden, const Variable &cell,
                          const RecurrentOptions &options) {
  assert(x.dim(0) > 0 && "a sequence has a first element");
  size_t directions = options.bidirectional ? 2 : 1, layers = weights.size() / directions;
  bool hasCell = options.cell == RecurrentCell::Lstm;
  std::vector<Variable> lastHidden, lastCell;
  Variable input = x;
  for (size_t layer = 0; layer < layers; ++layer) {
    std::vector<Variable> outputs;
    for (size_t d = 0; d < directions; ++d) {
      size_t i = layer * directions + d;
      State first{select(hidden, 0, int64_t(i)), {}};
      if (hasCell)
        first.cell = select(cell, 0, int64_t(i));
      Run run = runDirection(input, weights[i], first, options.cell, d == 1);
      outputs.push_back(run.output);
      lastHidden.push_back(run.last.hidden);
      lastCell.push_back(run.last.cell);
    }
    input = concat(outputs, -1);
    if (options.between && layer + 1 < layers)
      input = options.between(input, int64_t(layer));
  }
  return {input, stack(lastHidden, 0), hasCell ? stack(lastCell, 0) : Variable()};
}

} // namespace tez::interp
