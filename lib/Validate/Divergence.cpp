//===- Divergence.cpp - Where a wrong kernel goes wrong -------------------===//
//
// Runs a copy of the emitted module that returns every tensor it computes and
// compares place by place: an op of the reference and the calls it became have
// the same location.
//
//===----------------------------------------------------------------------===//

#include "Compare.h"
#include "Trial.h"
#include "mlir/IR/IRMapping.h"
#include "tez/Dialect/TorchScript/Operators.h"
#include "tez/Validate/DerivedWeights.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// More values than this are not returned at once; the search looks at the
/// first ones.
static constexpr size_t mostValues = 4096;

/// The last tensor computed at each location, in program order.
using LastValues = llvm::MapVector<Location, Value>;

static LastValues lastCalls(ts::ForwardOp forward) {
  LastValues last;
  for (Operation &op : forward.getBody().front())
    for (Value result : op.getResults())
      if (isa<ts::CallOp, ts::UnpackOp, ts::IfOp>(op) && isa<ts::TensorType>(result.getType()) &&
          result == op.getResult(0))
        last[op.getLoc()] = result;
  return last;
}

static LastValues lastOps(KernelOp kernel) {
  LastValues last;
  for (Operation &op : kernel.getBody().front())
    if (op.getNumResults() && isa<InferTypeOpInterface, ValueOrOp>(op))
      last[op.getLoc()] = op.getResult(0);
  return last;
}

/// What is overwritten could not be returned any more.
static void writeNothingInPlace(ts::ModuleOp module) {
  module.walk([](ts::CallOp call) {
    if (ts::isInPlaceForm(call.getCallee()))
      call.setCallee(call.getCallee().drop_back());
  });
}

/// A copy of the module whose forward returns `values` (of the original).
static OwningOpRef<ModuleOp> returning(ts::ModuleOp lowered, const LastValues &values) {
  OwningOpRef<ModuleOp> owner = ModuleOp::create(lowered.getLoc());
  IRMapping mapping;
  auto copy = cast<ts::ModuleOp>(lowered->clone(mapping));
  owner->getBody()->push_back(copy);
  writeNothingInPlace(copy);
  Operation *terminator = copy.getForward().getBody().front().getTerminator();
  SmallVector<Value> results;
  for (const auto &[location, value] : values)
    if (results.size() < mostValues)
      results.push_back(mapping.lookup(value));
  terminator->setOperands(results);
  return owner;
}

static FailureOr<RunResult> runInstrumented(KernelUnderTest &file, const Trial &trial,
                                            const LastValues &values) {
  OwningOpRef<ModuleOp> owner = returning(file.lowered, values);
  auto module = *owner->getOps<ts::ModuleOp>().begin();
  bool exact = trial.inDouble && file.exact;
  if (exact)
    makeDerivedExact(file.lowered, module);
  llvm::Expected<std::string> bytes =
      file.runtime->emit(module, exact ? file.exactWeights : file.weights, {});
  if (!bytes)
    return llvm::consumeError(bytes.takeError()), failure();
  auto loaded = file.runtime->load(*bytes);
  if (!loaded)
    return llvm::consumeError(loaded.takeError()), failure();
  // The same trial on another file; the oracle has been run by the caller.
  std::swap(file.kernel(trial.inDouble), *loaded);
  Trial forward = trial;
  forward.gradients = false;
  FailureOr<TrialResult> result = runTrial(file, forward);
  std::swap(file.kernel(trial.inDouble), *loaded);
  if (failed(result))
    return failure();
  return std::move(result->kernel);
}

Operation *tez::findDivergence(KernelUnderTest &file, const Trial &trial) {
  if (file.foreign)
    return nullptr; // what it was lowered from is not known
  LastValues calls = lastCalls(file.lowered.getForward());
  FailureOr<RunResult> run = runInstrumented(file, trial, calls);
  FailureOr<TrialResult> oracle = runTrial(file, trial);
  if (failed(run) || failed(oracle))
    return nullptr;
  llvm::DenseMap<Location, const HostTensor *> found;
  for (auto [call, output] : llvm::zip(calls, run->outputs))
    found[call.first] = &output;
  Bound bound = trial.inDouble ? Bound::fp64() : Bound::headline(0);
  for (const auto &[location, value] : lastOps(file.reference())) {
    interp::Tensor expected = oracle->oracle->valueOf(value);
    const HostTensor *output = found.lookup(location);
    if (output && expected.defined() && !compare(*output, expected, bound).passed())
      return value.getDefiningOp();
  }
  return nullptr;
}
