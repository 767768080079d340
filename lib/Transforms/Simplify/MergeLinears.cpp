//===- MergeLinears.cpp - One product for linears of one input ------------===//

#include "../Support/ConstantState.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include "tez/Transforms/Passes.h"
#include "tez/Transforms/Rewrite.h"
#include "llvm/ADT/MapVector.h"

namespace tez {
#define GEN_PASS_DEF_MERGELINEARS
#include "tez/Transforms/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// esper-merge-linears
//===----------------------------------------------------------------------===//

/// Parameters and buffers first, in their order, so that what reads them may
/// stand anywhere.
static void hoistState(KernelOp kernel) {
  Block &body = kernel.getBody().front();
  Operation *last = nullptr;
  for (Operation &op : llvm::make_early_inc_range(body)) {
    if (!isa<ParamOp, BufferOp>(op))
      continue;
    if (last)
      op.moveAfter(last);
    else
      op.moveBefore(&body, body.begin());
    last = &op;
  }
}

static bool isState(Value value) {
  return isa_and_present<ParamOp, BufferOp>(value.getDefiningOp()) && isConstantState(value);
}

static bool isSplitIntoHeads(LinearOp linear) {
  return llvm::all_of(linear->getUsers(), [](Operation *user) { return isa<UnflattenOp>(user); });
}

namespace {
///   %a = esper.linear %x, %v, %c
///   %b = esper.linear %x, %w, %d
///     =>   %y = esper.linear %x, (concat %v, %w), (concat %c, %d)
///          %a, %b = esper.split %y
/// One product of several times the size costs less than several products, and
/// reads %x once. Legal where all have a bias or none, and constant weights.
struct MergeLinears : tez::impl::MergeLinearsBase<MergeLinears> {
  using MergeLinearsBase::MergeLinearsBase;

  void runOnOperation() override {
    using Group = std::pair<Value, unsigned>; // input, number of biases
    llvm::MapVector<Group, SmallVector<LinearOp>> groups;
    for (auto linear : getOperation().getBody().getOps<LinearOp>())
      if (isState(linear.getWeight()) && (!linear.getBias() || isState(linear.getBias())) &&
          (!headsOnly || isSplitIntoHeads(linear)))
        groups[{linear.getInput(), linear.getBias() ? 1 : 0}].push_back(linear);
    groups.remove_if([](const auto &group) { return group.second.size() < 2; });
    if (groups.empty())
      return markAllAnalysesPreserved();
    hoistState(getOperation());
    for (auto &[group, linears] : groups)
      merge(linears);
  }

private:
  void merge(ArrayRef<LinearOp> linears) {
    LinearOp first = linears.front();
    OpBuilder builder(first);
    Location loc = first.getLoc();
    auto join = [&](auto get) -> Value {
      return ConcatOp::create(builder, loc, llvm::map_to_vector(linears, get), 0);
    };
    Value weight = join([](LinearOp op) -> Value { return op.getWeight(); });
    Value bias =
        first.getBias() ? join([](LinearOp op) -> Value { return op.getBias(); }) : Value();
    Value all = LinearOp::create(builder, loc, first.getInput(), weight, bias);
    auto sizes = llvm::map_to_vector(
        linears, [](LinearOp op) { return op.getWeight().getType().getDimSize(0); });
    auto parts = SplitOp::create(builder, loc, all, sizes, -1);
    rewritten(loc, getArgument()) << remark::add("{0} linears of one input merged", linears.size());
    for (auto [linear, part] : llvm::zip(linears, parts.getOutputs())) {
      LinearOp old = linear;
      old.replaceAllUsesWith(part);
      old.erase();
      ++numMerged;
    }
  }
};
} // namespace
