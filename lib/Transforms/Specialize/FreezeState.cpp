//===- FreezeState.cpp - Nothing is computed twice ------------------------===//

#include "../Support/ConstantState.h"
#include "mlir/IR/IRMapping.h"
#include "tez/Transforms/DerivedState.h"
#include "tez/Transforms/Passes.h"
#include "tez/Transforms/Rewrite.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"

namespace tez {
#define GEN_PASS_DEF_FREEZESTATE
#include "tez/Transforms/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// esper-freeze-state
//===----------------------------------------------------------------------===//

namespace {
/// Moves the constant computations of one kernel into a kernel of their own.
class Freezer {
public:
  explicit Freezer(KernelOp kernel) : kernel(kernel), constants(kernel) {}

  /// How many values became buffers; the computations are left to `derived`.
  unsigned run(ModuleOp derived);
  unsigned dropUnused();

private:
  void findFrontier();
  void findSlice(Value value);
  KernelOp outline(ModuleOp derived);

  KernelOp kernel;
  ConstantState constants;
  SmallVector<Value> frontier; ///< constants, computed, that calls read
  llvm::SetVector<Operation *> slice;
};
} // namespace

/// A result of the kernel is fresh memory in every call, which a host may write
/// to; a buffer would not be.
static bool mayReadBuffer(OpOperand &use) { return !isa<ReturnOp>(use.getOwner()); }

/// Computed (not state itself, not a flag) and read by what is not constant.
void Freezer::findFrontier() {
  for (Operation &op : kernel.getBody().front().without_terminator()) {
    if (!constants.contains(&op) || isa<ParamOp, BufferOp, FlagOp>(op))
      continue;
    for (Value result : op.getResults())
      if (llvm::any_of(result.getUses(), [&](OpOperand &use) {
            return !constants.contains(use.getOwner()) && mayReadBuffer(use);
          }))
        frontier.push_back(result);
  }
}

void Freezer::findSlice(Value value) {
  Operation *op = value.getDefiningOp();
  if (slice.contains(op))
    return;
  for (Value operand : op->getOperands())
    findSlice(operand);
  slice.insert(op);
}

/// A module name that no state of the kernel begins with.
static std::string freshModule(KernelOp kernel) {
  llvm::StringSet<> taken;
  for (Operation &op : kernel.getBody().front())
    if (isa<ParamOp, BufferOp>(op))
      taken.insert(op.getAttrOfType<StringAttr>("name").getValue().split('.').first);
  std::string name = "folded";
  while (taken.contains(name))
    name += "_";
  return name;
}

KernelOp Freezer::outline(ModuleOp derived) {
  OpBuilder builder = OpBuilder::atBlockEnd(derived.getBody());
  MLIRContext *context = kernel.getContext();
  auto types = llvm::map_to_vector(frontier, [](Value value) { return value.getType(); });
  OperationState state(kernel.getLoc(), KernelOp::getOperationName());
  KernelOp::build(builder, state, kernel.getSymName(), FunctionType::get(context, {}, types),
                  ArrayAttr(), ArrayAttr(), /*leading_any=*/false);
  auto outlined = cast<KernelOp>(builder.create(state));
  builder.createBlock(&outlined.getBody());
  IRMapping mapping;
  for (Operation *op : slice)
    builder.clone(*op, mapping);
  auto results = llvm::map_to_vector(frontier, [&](Value value) { return mapping.lookup(value); });
  ReturnOp::create(builder, kernel.getLoc(), results);
  return outlined;
}

unsigned Freezer::run(ModuleOp derived) {
  findFrontier();
  if (frontier.empty())
    return 0;
  for (Value value : frontier)
    findSlice(value);
  KernelOp outlined = outline(derived);
  std::string module = freshModule(kernel);
  for (auto [i, value] : llvm::enumerate(frontier)) {
    std::string name = module + "." + std::to_string(i);
    OpBuilder builder(value.getDefiningOp());
    auto init = InitAttr::get(builder.getContext(), InitKind::Constant, 0.0);
    value.replaceUsesWithIf(BufferOp::create(builder, value.getLoc(), value.getType(), name, init),
                            mayReadBuffer);
    setDerivedName(outlined, i, name);
  }
  return frontier.size();
}

/// State that no call reads is not part of a kernel for inference.
unsigned Freezer::dropUnused() {
  unsigned dropped = 0;
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(kernel.getBody().front())))
    if (constants.contains(&op) && op.use_empty()) {
      dropped += isa<ParamOp, BufferOp>(op);
      op.erase();
    }
  return dropped;
}

namespace {
struct FreezeState : tez::impl::FreezeStateBase<FreezeState> {
  void runOnOperation() override {
    ModuleOp derived = getDerivedState(getOperation(), /*create=*/true);
    for (KernelOp kernel : getOperation().getOps<KernelOp>()) {
      if (!kernel->hasAttr("esper.infer"))
        continue;
      Freezer freezer(kernel);
      numFrozen += freezer.run(derived);
      numDropped += freezer.dropUnused();
    }
    if (derived.getBody()->empty())
      derived.erase();
  }
};
} // namespace
