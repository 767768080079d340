//===- OwnMemory.cpp - Results that share memory with nothing -------------===//
//
// What a caller gets is his to write to, and nothing he writes to changes it: no result lies in
// an input, in state or in another result. Who could share is known from the operators, so that
// only those results cost a copy.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"
#include "tez/Dialect/TorchScript/Operators.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace mlir;
using namespace tez;

using Origins = llvm::SmallPtrSet<Value, 4>;

/// The operands in whose memory the result may lie.
static SmallVector<Value> mayLieIn(OpResult result) {
  Operation *op = result.getOwner();
  if (isa<ts::UnpackOp, ts::UnwrapOp>(op))
    return {op->getOperand(0)};
  if (auto choice = dyn_cast<ts::IfOp>(op))
    return llvm::map_to_vector(choice->getRegions(), [&](Region &branch) {
      return branch.front().getTerminator()->getOperand(result.getResultNumber());
    });
  auto call = dyn_cast<ts::CallOp>(op);
  if (call && ts::mayShareMemory(call.getCallee()))
    return {call.getOperand(0)};
  return {};
}

/// Adds the inputs, state and results of calls in whose memory `value` may lie.
static void addOrigins(Value value, Origins &origins) {
  auto result = dyn_cast<OpResult>(value);
  SmallVector<Value> sources = result ? mayLieIn(result) : SmallVector<Value>();
  for (Value source : sources)
    addOrigins(source, origins);
  if (sources.empty())
    origins.insert(value);
}

static bool isCallersOrState(Value origin) {
  return isa<BlockArgument>(origin) || origin.getDefiningOp<ts::GetOp>();
}

void tez::separateResults(MutableArrayRef<Value> results, Emitter &emitter) {
  Origins taken;
  for (Value &result : results) {
    Origins origins;
    addOrigins(result, origins);
    bool shared = llvm::any_of(
        origins, [&](Value origin) { return isCallersOrState(origin) || taken.contains(origin); });
    if (shared)
      result = emitter.call("aten::clone", {result, esper::AtenNone()});
    else
      taken.insert(origins.begin(), origins.end());
  }
}
