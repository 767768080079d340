//===- TestFail.cpp - A pass that fails, on purpose -----------------------===//

#include "TestPasses.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "tez/Dialect/Esper/Esper.h"

using namespace mlir;
using namespace tez::esper;

namespace {
struct TestFail : PassWrapper<TestFail, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TestFail)
  StringRef getArgument() const final { return "test-fail"; }
  StringRef getDescription() const final { return "fail on gelu and lstm, and on nothing else"; }
  /// Not on the network that a worker tries its compilers with.
  void runOnOperation() override {
    getOperation().walk([&](Operation *op) {
      auto activation = dyn_cast<ActivationOp>(op);
      if (!isa<LstmOp>(op) && !(activation && activation.getKind() == "gelu"))
        return;
      op->emitError() << "test-fail fails";
      signalPassFailure();
    });
  }
};
} // namespace

void tez::test::registerTestFailPass() { PassRegistration<TestFail>(); }
