//===- Recurrent.cpp - LSTM, GRU, RNN and their cells ---------------------===//

#include "Emitter.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// Zeros of one element for each batch entry, made from the input so that no
/// size, dtype or device is named. `batchDim` is what select leaves.
static Value zerosOverBatch(Emitter &emitter, Value input, int64_t positionDim) {
  Value one = input;
  if (positionDim >= 0)
    one = emitter.call("aten::select", {one, positionDim, 0});
  return emitter.call("aten::zeros_like", {emitter.call("aten::select", {one, -1, 0})});
}

/// (count, batch, width) of zeros. cuDNN wants states to be contiguous.
static Value zeroState(Emitter &emitter, Value zeros, int64_t count, int64_t width) {
  Value state = emitter.call("aten::unsqueeze", {emitter.call("aten::unsqueeze", {zeros, 0}), -1});
  state = emitter.call("aten::expand", {state, AtenArg::Ints{count, -1, width}});
  return emitter.call("aten::contiguous", {state});
}

namespace {
/// A recurrent op as the three ATen operators take it.
struct RecurrentCall {
  StringRef name;
  AtenArg state;
  int64_t projection = 0;
};
} // namespace

template <typename Op>
static AtenArg stateOf(Op op, Emitter &emitter, SmallVector<std::pair<Value, int64_t>> states) {
  Value input = emitter.valueOf(op.getInput());
  int64_t count = int64_t(op.getNumLayers()) * (op.getBidirectional() ? 2 : 1);
  Value zeros;
  AtenArg::Values emitted;
  for (auto [given, width] : states) {
    if (given) {
      emitted.push_back(emitter.valueOf(given));
      continue;
    }
    if (!zeros)
      zeros = zerosOverBatch(emitter, input, op.getBatchFirst() ? 1 : 0);
    emitted.push_back(zeroState(emitter, zeros, count, width));
  }
  return emitted.size() == 1 ? AtenArg(emitted[0]) : AtenArg(emitted);
}

static RecurrentCall describe(LstmOp op, Emitter &emitter) {
  int64_t hidden = op.getHiddenSize(), projection = op.getProjSize();
  return {
      "aten::lstm",
      stateOf(op, emitter, {{op.getH0(), projection ? projection : hidden}, {op.getC0(), hidden}}),
      projection};
}
static RecurrentCall describe(GruOp op, Emitter &emitter) {
  return {"aten::gru", stateOf(op, emitter, {{op.getH0(), int64_t(op.getHiddenSize())}})};
}
static RecurrentCall describe(RnnOp op, Emitter &emitter) {
  return {op.getNonlinearity() == "relu" ? "aten::rnn_relu" : "aten::rnn_tanh",
          stateOf(op, emitter, {{op.getH0(), int64_t(op.getHiddenSize())}})};
}

template <typename Op> static LogicalResult emitKind(Op op, Emitter &emitter) {
  RecurrentCall described = describe(op, emitter);
  AtenCall call;
  call.set(described.name, {op.getInput(), described.state, ValueRange(op.getWeights()),
                            op.getBias(), int64_t(op.getNumLayers()), op.getDropout(),
                            op.getTraining(), op.getBidirectional(), op.getBatchFirst()});
  for (auto [result, emitted] : llvm::zip(op->getResults(), emitter.call(call)))
    emitter.bind(result, emitted);
  return success();
}

LogicalResult tez::emitRecurrent(Operation *op, Emitter &emitter) {
  if (auto lstm = dyn_cast<LstmOp>(op))
    return emitKind(lstm, emitter);
  if (auto gru = dyn_cast<GruOp>(op))
    return emitKind(gru, emitter);
  return emitKind(cast<RnnOp>(op), emitter);
}

//===----------------------------------------------------------------------===//
// Cells
//===----------------------------------------------------------------------===//

/// (batch, width): the given state, or zeros.
template <typename Op> static Value cellState(Op op, Emitter &emitter, Value given) {
  if (given)
    return emitter.valueOf(given);
  Value zeros = zerosOverBatch(emitter, emitter.valueOf(op.getInput()), -1);
  int64_t width = op.getWHh().getType().getDimSize(1);
  return emitter.call("aten::expand",
                      {emitter.call("aten::unsqueeze", {zeros, -1}), AtenArg::Ints{-1, width}});
}

template <typename Op>
static LogicalResult emitCell(Op op, StringRef name, AtenArg state, Emitter &emitter) {
  AtenCall call;
  call.set(name, {op.getInput(), state, op.getWIh(), op.getWHh(), op.getBIh(), op.getBHh()});
  for (auto [result, emitted] : llvm::zip(op->getResults(), emitter.call(call)))
    emitter.bind(result, emitted);
  return success();
}

LogicalResult tez::emitRecurrentCell(Operation *op, Emitter &emitter) {
  if (auto lstm = dyn_cast<LstmCellOp>(op)) {
    AtenArg::Values state = {cellState(lstm, emitter, lstm.getH()),
                             cellState(lstm, emitter, lstm.getC())};
    return emitCell(lstm, "aten::lstm_cell", state, emitter);
  }
  if (auto gru = dyn_cast<GruCellOp>(op))
    return emitCell(gru, "aten::gru_cell", cellState(gru, emitter, gru.getH()), emitter);
  auto rnn = cast<RnnCellOp>(op);
  StringRef name = rnn.getNonlinearity() == "relu" ? "aten::rnn_relu_cell" : "aten::rnn_tanh_cell";
  return emitCell(rnn, name, cellState(rnn, emitter, rnn.getH()), emitter);
}
