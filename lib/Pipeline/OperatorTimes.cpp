//===- OperatorTimes.cpp - The time of a kernel, by the blueprint's fields ===//

#include "Depiction.h"
#include "tez/Analysis/Cost.h"
#include "tez/Dialect/TorchScript/TorchScript.h"
#include "tez/Torch/Runtime.h"
#include "tez/Validate/Inputs.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace tez;

static constexpr double millisecondsOfCalls = 50;

/// As rows are called; of what passes made of several ops the first counts.
static std::string fieldOf(Location location) {
  std::string field;
  location->walk([&](Location part) {
    if (!isa<NameLoc, FileLineColLoc>(part))
      return WalkResult::advance();
    field = placeName(part);
    return WalkResult::interrupt();
  });
  return field;
}

/// Calls that compute tensors, in the order of the kernel's source.
static SmallVector<ts::CallOp> operatorsOf(ts::ModuleOp lowered) {
  SmallVector<ts::CallOp> calls;
  lowered.getForward().walk<WalkOrder::PreOrder>([&](ts::CallOp call) {
    if (call.getNumResults() &&
        isa<ts::TensorType, ts::TensorListType>(call.getResult(0).getType()))
      calls.push_back(call);
  });
  return calls;
}

static llvm::Expected<std::vector<OperatorTime>>
measure(esper::KernelOp kernel, const InputShapes &shapes, StringRef bytes) {
  llvm::Expected<TorchRuntime *> runtime = getTorchRuntime();
  if (!runtime)
    return runtime.takeError();
  (*runtime)->setThreads(1);
  auto loaded = (*runtime)->load(bytes);
  if (!loaded)
    return loaded.takeError();
  RunRequest request;
  request.inputs = randomInputs(kernel, shapes, /*seed=*/0);
  return (*loaded)->timeOperators(request, millisecondsOfCalls);
}

static llvm::Expected<llvm::StringMap<double>>
timesByField(ts::ModuleOp lowered, const std::vector<OperatorTime> &times) {
  SmallVector<ts::CallOp> calls = operatorsOf(lowered);
  bool same = llvm::equal(calls, times, [](ts::CallOp call, const OperatorTime &time) {
    return call.getCallee() == time.name;
  });
  if (!same)
    return llvm::createStringError("the file has other operators than the kernel it was made of");
  llvm::StringMap<double> sums;
  for (auto [call, time] : llvm::zip(calls, times))
    if (time.least)
      sums[fieldOf(call.getLoc())] += *time.least;
  return sums;
}

/// The first row of a field has the time of all that became of the field's ops.
static void giveToRows(llvm::StringMap<double> times, std::vector<report::CostRow> &rows) {
  for (report::CostRow &row : rows)
    if (auto found = times.find(row.place); found != times.end()) {
      row.milliseconds = found->second;
      times.erase(found);
    }
}

void tez::addOperatorTimes(ts::ModuleOp lowered, esper::KernelOp kernel, StringRef bytes,
                           Depiction &depiction) {
  KernelCost cost = analyzeCost(kernel);
  if (!cost.inputs)
    return;
  auto measured = measure(kernel, *cost.inputs, bytes);
  auto times = measured ? timesByField(lowered, *measured)
                        : llvm::Expected<llvm::StringMap<double>>(measured.takeError());
  if (!times) {
    depiction.costNote += " Not timed: " + llvm::toString(times.takeError()) + ".";
    return;
  }
  giveToRows(std::move(*times), depiction.costs);
  depiction.costNote +=
      " The times are of the operators of the finished kernel, for the same input, within calls "
      "in eval mode on one thread of this machine, the least of all calls; they stand with the "
      "field that an operator comes from, and ops of one field have one time.";
}
