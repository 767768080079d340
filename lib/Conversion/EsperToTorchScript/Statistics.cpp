//===- Statistics.cpp - Batch and instance norms, their running statistics ===//
//
// Their operators write the running statistics and do not say so in their schemas. So TorchScript's
// executor leaves a call out whose result nobody reads, and nothing orders it among others who read
// the statistics. There, the new statistics are computed by operators of their own, as values, and
// copied into the buffers where the kernel returns.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

namespace {
/// Where the operators have their arguments.
enum Argument : unsigned { kMean = 3, kVariance = 4, kTraining = 5, kMomentum = 6 };

/// What both norms have; null what is absent.
struct Norm {
  Operation *op;
  Value input, output, mean, variance, newMean, newVariance, training, count;
  double momentum;
  bool ofBatch;

  bool isNeverTrained() const {
    auto flag = training.getDefiningOp<FlagOp>();
    return flag && !flag.getValue();
  }
};
} // namespace

template <typename Op> static Norm normOf(Op op, Value training, Value count) {
  return {op,
          op.getInput(),
          op.getOutput(),
          op.getRunningMean(),
          op.getRunningVar(),
          op.getNewMean(),
          op.getNewVar(),
          training,
          count,
          op.getMomentum().convertToDouble(),
          isa<BatchNormOp>(op)};
}

static std::optional<Norm> findNorm(Operation *op) {
  if (auto norm = dyn_cast_if_present<BatchNormOp>(op))
    return normOf(norm, norm.getTraining(), norm.getCount());
  if (auto norm = dyn_cast_if_present<InstanceNormOp>(op))
    return normOf(norm, norm.getUseInputStats(), Value());
  return std::nullopt;
}

bool tez::isOnlyUpdate(Value next, Value buffer, const Emitter &emitter) {
  auto state = buffer.getDefiningOp<esper::BufferOp>();
  return state && llvm::all_of(next.getUses(), [&](OpOperand &use) {
           if (!emitter.isEmitted(use.getOwner()))
             return true;
           auto end = dyn_cast<ReturnOp>(use.getOwner());
           unsigned results = end ? end.getResults().size() : 0, number = use.getOperandNumber();
           return end && number >= results &&
                  cast<StringAttr>(end.getUpdateNames()[number - results]).getValue() ==
                      state.getName();
         });
}

/// `next` is what becomes of the buffer `before`, and nobody else reads either.
static bool isPrivate(Value before, Value next, Operation *norm, const Emitter &emitter) {
  return emitter.isRead(next) && isOnlyUpdate(next, before, emitter) &&
         llvm::none_of(before.getUsers(),
                       [&](Operation *user) { return user != norm && emitter.isEmitted(user); });
}

/// The operator's own writing is just what the kernel asks for.
static bool operatorUpdates(const Norm &norm, const Emitter &emitter) {
  if (!norm.newMean || norm.isNeverTrained())
    return true;
  return emitter.isRead(norm.output) && isPrivate(norm.mean, norm.newMean, norm.op, emitter) &&
         isPrivate(norm.variance, norm.newVariance, norm.op, emitter);
}

bool tez::isUpdatedByOperator(Value next, Value buffer, const Emitter &emitter) {
  std::optional<Norm> norm = findNorm(next.getDefiningOp());
  return norm && llvm::is_contained(norm->op->getOperands(), buffer) &&
         operatorUpdates(*norm, emitter);
}

Value tez::modeOfUpdate(Value next, Value buffer) {
  std::optional<Norm> norm = findNorm(next.getDefiningOp());
  return norm && llvm::is_contained(norm->op->getOperands(), buffer) ? norm->training : Value();
}

//===----------------------------------------------------------------------===//
// Statistics as values
//===----------------------------------------------------------------------===//

/// Where the batches are counted, the momentum is one over their number: in
/// double, since torch makes it a number of Python.
static AtenArg emitMomentum(const Norm &norm, Emitter &emitter) {
  constexpr int64_t kDouble = 7;
  if (!norm.count)
    return norm.momentum;
  Value before = emitter.call("aten::to", {norm.count, kDouble, false, false, AtenNone()});
  return emitter.call("aten::reciprocal", {emitter.call("aten::add", {before, 1, 1})});
}

/// Rows of numbers that have a mean and a variance together: of each channel, or of each sample
/// and channel. torch's batch norm takes any rank from 2 on.
static Value emitRows(const Norm &norm, Emitter &emitter) {
  Value input = emitter.call("aten::detach", {norm.input});
  if (!norm.ofBatch)
    return emitter.call("aten::flatten", {input, 2, -1});
  return emitter.call("aten::flatten", {emitter.call("aten::transpose", {input, 0, 1}), 1, -1});
}

/// (1 - momentum) * before + momentum * the statistic of the input, means over the samples.
static Value emitAverage(const Norm &norm, bool ofMeans, const AtenArg &momentum,
                         Emitter &emitter) {
  Value rows = emitRows(norm, emitter);
  const AtenArg::Ints last{-1}, samples{0};
  Value now = ofMeans ? emitter.call("aten::mean", {rows, last, false, AtenNone()})
                      : emitter.call("aten::var", {rows, last, 1, false});
  if (!norm.ofBatch)
    now = emitter.call("aten::mean", {now, samples, false, AtenNone()});
  AtenArg rest = 1 - norm.momentum;
  if (norm.count) {
    Value share = std::get<Value>(momentum.value);
    rest = emitter.call("aten::add", {emitter.call("aten::neg", {share}), 1, 1});
  }
  Value before = ofMeans ? norm.mean : norm.variance;
  Value moved = emitter.call("aten::add", {emitter.call("aten::mul", {before, rest}),
                                           emitter.call("aten::mul", {now, momentum}), 1});
  if (!norm.ofBatch)
    return moved;
  // An empty batch changes nothing.
  Value ones = emitter.call("aten::ones_like", {rows});
  Value counts = emitter.call("aten::sum", {ones, last, false, AtenNone()});
  return emitter.call("aten::where", {emitter.call("aten::eq", {counts, 0}), before, moved});
}

/// What becomes of a statistic, which stays as it is in evaluation.
static void bindAverage(const Norm &norm, bool ofMeans, Emitter &emitter) {
  Value before = ofMeans ? norm.mean : norm.variance;
  Value next = ofMeans ? norm.newMean : norm.newVariance;
  if (!emitter.isRead(next))
    return;
  auto stays = [&] { return emitter.valueOf(before); };
  auto moves = [&] { return emitAverage(norm, ofMeans, emitMomentum(norm, emitter), emitter); };
  emitter.bind(next, emitter.choose(norm.training, moves, stays));
}

/// The norm by a call that writes nothing.
static Value emitApart(const Norm &norm, const AtenCall &call, Emitter &emitter) {
  AtenCall trains = call, stays = call;
  trains.arguments[kMean] = trains.arguments[kVariance] = AtenNone();
  trains.arguments[kTraining] = true;
  stays.arguments[kTraining] = false;
  return emitter.choose(
      norm.training, [&]() -> Value { return emitter.call(trains)[0]; },
      [&]() -> Value { return emitter.call(stays)[0]; });
}

LogicalResult tez::emitNorm(Operation *op, Emitter &emitter) {
  Norm norm = *findNorm(op);
  AtenCall call;
  cast<AtenOpInterface>(op).getAtenCall(call);
  if (!operatorUpdates(norm, emitter)) {
    if (emitter.isRead(norm.output))
      emitter.bind(norm.output, emitApart(norm, call, emitter));
    bindAverage(norm, /*ofMeans=*/true, emitter);
    bindAverage(norm, /*ofMeans=*/false, emitter);
    return success();
  }
  if (norm.isNeverTrained() && norm.newMean) {
    emitter.bind(norm.newMean, emitter.valueOf(norm.mean));
    emitter.bind(norm.newVariance, emitter.valueOf(norm.variance));
  } else {
    call.arguments[kMomentum] = emitMomentum(norm, emitter);
  }
  emitter.bind(norm.output, emitter.call(call)[0]);
  return success();
}
