//===- Memory.cpp - Activation memory of a static kernel ------------------===//

#include "Memory.h"
#include "Bytes.h"
#include "tez/Dialect/Esper/ConcreteShapes.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

bool tez::isView(Operation &op) {
  return isa<ReshapeOp, FlattenOp, UnflattenOp, TransposeOp, PermuteOp, SplitOp, SliceOp,
             SliceLikeOp, IndexOp, ExpandAsOp, UnsqueezeOp, SqueezeOp, DetachOp, ClipGradientOp,
             ValueOrOp>(op);
}

static bool isState(Operation &op) { return isa<ParamOp, BufferOp>(op); }

/// The gates of every position, which the backward pass reads: as many rows as
/// the hidden-to-hidden weights have, for each (position, sample).
template <typename Recurrent> static int64_t gatesOf(Recurrent op) {
  ArrayRef<int64_t> input = op.getInput().getType().getShape();
  int64_t positions = checkedMul(input[0], input[1]).value_or(kTooMany), rows = 0;
  for (Value weight : op.getWeights())
    if (auto type = cast<RankedTensorType>(weight.getType()); type.getRank() == 2)
      rows = addSaturating(rows, type.getDimSize(0));
  // Input and hidden weights have the same rows; each gate is stored once.
  int64_t width = op.getInput().getType().getElementTypeBitWidth() / 8;
  return checkedProduct({positions, rows / 2, width}).value_or(kTooMany);
}

static int64_t internalsOf(Operation &op) {
  if (auto lstm = dyn_cast<LstmOp>(op))
    return gatesOf(lstm);
  if (auto gru = dyn_cast<GruOp>(op))
    return gatesOf(gru);
  if (auto rnn = dyn_cast<RnnOp>(op))
    return gatesOf(rnn);
  return 0;
}

int64_t tez::storageOf(Operation &op) {
  if (isView(op) || isState(op))
    return 0;
  int64_t bytes = internalsOf(op);
  for (Type type : op.getResultTypes())
    if (isa<RankedTensorType>(type))
      bytes = addSaturating(bytes, bytesOf(type));
  return bytes;
}

namespace {
/// What is alive at each op, as changes at op indices: linear in the ops.
/// Doubles, for a difference of saturated integers means nothing; they are
/// exact up to 2^53 bytes.
struct Sweep {
  explicit Sweep(KernelOp kernel) : body(kernel.getBody().front()) {}

  void run() {
    number();
    for (BlockArgument input : body.getArguments())
      live(double(bytesOf(tensorTypeOf(input.getType()))), 0, size_t(last));
    for (Operation &op : body)
      if (!isView(op) && !isState(op))
        for (Value result : op.getResults())
          if (isa<RankedTensorType>(result.getType()))
            live(double(bytesOf(result.getType())), index[&op], deaths.lookup(result));
  }

  double peak() const {
    double now = 0, most = 0;
    for (double change : changes)
      most = std::max(most, now += change);
    return most;
  }

private:
  /// Program positions, and the last use of every storage through its views.
  void number() {
    for (Operation &op : body) {
      index[&op] = ++last;
      for (Value result : op.getResults())
        if (isView(op))
          storage[result] = rootOf(op.getOperand(0));
        else
          deaths[result] = last;
      for (Value operand : op.getOperands())
        deaths[rootOf(operand)] = last;
    }
    changes.assign(size_t(last) + 2, 0);
  }

  Value rootOf(Value value) const {
    auto found = storage.find(value);
    return found == storage.end() ? value : found->second;
  }

  void live(double bytes, size_t from, size_t to) {
    changes[from] += bytes;
    changes[to + 1] -= bytes;
  }

  Block &body;
  unsigned last = 0;
  llvm::DenseMap<Operation *, unsigned> index;
  llvm::DenseMap<Value, Value> storage;
  llvm::DenseMap<Value, unsigned> deaths;
  std::vector<double> changes;
};
} // namespace

MemoryPeaks tez::memoryPeaks(KernelOp kernel) {
  Sweep sweep(kernel);
  sweep.run();
  double peak = sweep.peak();
  MemoryPeaks peaks;
  peaks.inference = peak < double(kTooMany) ? int64_t(peak) : kTooMany;
  for (Operation &op : kernel.getBody().front())
    peaks.training = addSaturating(peaks.training, storageOf(op));
  for (Type input : kernel.getArgumentTypes())
    peaks.training = addSaturating(peaks.training, bytesOf(tensorTypeOf(input)));
  return peaks;
}
