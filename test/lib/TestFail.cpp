//===- TestFail.cpp - A pass that fails, on purpose -----------------------===//

#include "TestPasses.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

using namespace mlir;

namespace {
struct TestFail : PassWrapper<TestFail, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TestFail)
  StringRef getArgument() const final { return "test-fail"; }
  StringRef getDescription() const final { return "fail"; }
  void runOnOperation() override {
    getOperation().emitError() << "test-fail fails";
    signalPassFailure();
  }
};
} // namespace

void tez::test::registerTestFailPass() { PassRegistration<TestFail>(); }
