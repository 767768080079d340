//===- FunctionsRecurrent.h - LSTM, GRU and plain recurrence ----*- C++ -*-===//

#ifndef TEZ_INTERPRETER_FUNCTIONSRECURRENT_H
#define TEZ_INTERPRETER_FUNCTIONSRECURRENT_H

#include "tez/Interpreter/Tape.h"

namespace tez::interp {

enum class RecurrentCell {
  Lstm, ///< gates i, f, g, o
  Gru,  ///< gates r, z, n; the hidden bias of n is multiplied by r
  RnnTanh,
  RnnRelu
};

/// The weights of one layer and direction, torch's shapes and names.
struct RecurrentWeights {
  Variable inputWeight;  ///< weight_ih [gates * hidden, in]
  Variable hiddenWeight; ///< weight_hh [gates * hidden, hidden or projection]
  Variable inputBias;    ///< bias_ih or undefined
  Variable hiddenBias;   ///< bias_hh or undefined
  Variable projection;   ///< weight_hr [projection, hidden] or undefined; LSTM only
};

struct RecurrentOptions {
  RecurrentCell cell = RecurrentCell::Lstm;
  bool bidirectional = false;
  /// What happens to the output of `layer` before the next one reads it
  /// (dropout); may be empty. Not called after the last layer.
  std::function<Variable(const Variable &output, int64_t layer)> between;
};

struct RecurrentResult {
  Variable output; ///< [time, N, directions * hidden]
  Variable hidden; ///< [layers * directions, N, hidden]
  Variable cell;   ///< the same of the LSTM's cell state; undefined otherwise
};

/// `x` [time, N, in] with time >= 1; `weights` layer by layer, forward before
/// backward direction; `hidden` and `cell` as in the result.
RecurrentResult recurrent(const Variable &x, const std::vector<RecurrentWeights> &weights,
                          const Variable &hidden, const Variable &cell,
                          const RecurrentOptions &options);

} // namespace tez::interp

#endif // TEZ_INTERPRETER_FUNCTIONSRECURRENT_H
