//===- ReduceKernels.cpp - Shrinks kernels op by op -----------------------===//

#include "ReduceKernels.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Reducer/Tester.h"

using namespace mlir;

/// Takes out an op that nobody reads: a kernel, a param, a computation.
static bool erase(Operation *op) {
  if (!op->use_empty() || op->hasTrait<OpTrait::IsTerminator>())
    return false;
  op->erase();
  return true;
}

///   %y = op %x, ...      =>   %x
static bool bypass(Operation *op) {
  if (op->getNumResults() != 1 || op->use_empty())
    return false;
  for (Value operand : op->getOperands())
    if (operand.getType() == op->getResult(0).getType()) {
      op->getResult(0).replaceAllUsesWith(operand);
      op->erase();
      return true;
    }
  return false;
}

static SmallVector<Operation *> opsIn(ModuleOp module) {
  SmallVector<Operation *> ops;
  module.getBodyRegion().walk<WalkOrder::PreOrder>([&](Operation *op) { ops.push_back(op); });
  return ops;
}

namespace {
struct ReduceKernels : PassWrapper<ReduceKernels, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ReduceKernels)
  ReduceKernels() = default;
  ReduceKernels(const ReduceKernels &other) : PassWrapper(other) {}

  StringRef getArgument() const override { return "esper-reduce"; }
  StringRef getDescription() const override {
    return "leave out ops, one at a time, while the module stays interesting";
  }

  void runOnOperation() override;

private:
  using Edit = bool (*)(Operation *);
  bool tryEdit(const Tester &tester, size_t index, Edit edit);
  bool sweep(const Tester &tester);

  Option<std::string> test{*this, "test", llvm::cl::desc("exits with 0 for what is uninteresting")};
  ListOption<std::string> testArgs{*this, "test-arg", llvm::cl::desc("arguments of the test")};
};
} // namespace

/// Keeps the edit of a copy where that is valid and still interesting.
bool ReduceKernels::tryEdit(const Tester &tester, size_t index, Edit edit) {
  OwningOpRef<ModuleOp> copy = getOperation().clone();
  if (!edit(opsIn(*copy)[index]))
    return false;
  ScopedDiagnosticHandler quiet(&getContext(), [](Diagnostic &) { return success(); });
  if (failed(verify(*copy)) || tester.isInteresting(*copy).first != Tester::Interestingness::True)
    return false;
  getOperation().getBodyRegion().takeBody(copy->getBodyRegion());
  return true;
}

/// From the end, so that what fed an op is tried after the op.
bool ReduceKernels::sweep(const Tester &tester) {
  bool changed = false;
  for (size_t index = opsIn(getOperation()).size(); index-- > 0;) {
    // An edit may take out nested ops as well; the end has moved then.
    if (index < opsIn(getOperation()).size() &&
        (tryEdit(tester, index, erase) || tryEdit(tester, index, bypass)))
      changed = true;
  }
  return changed;
}

void ReduceKernels::runOnOperation() {
  Tester tester(test, testArgs);
  if (tester.isInteresting(getOperation()).first != Tester::Interestingness::True) {
    getOperation().emitError() << "test '" << test << "' finds the input uninteresting";
    return signalPassFailure();
  }
  while (sweep(tester)) {
  }
}

void tez::tool::registerReduceKernels() { PassRegistration<ReduceKernels>(); }
