//===- TestPlantFault.cpp - A miscompile, on purpose ----------------------===//

#include "TestPasses.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "tez/Dialect/Esper/Esper.h"

using namespace mlir;
using namespace tez::esper;

namespace {
/// Every exact gelu becomes the tanh form: wrong by 1e-4, and no verifier sees it.
struct TestPlantFault : PassWrapper<TestPlantFault, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TestPlantFault)
  StringRef getArgument() const final { return "test-plant-fault"; }
  StringRef getDescription() const final { return "turn gelu into its tanh approximation"; }
  void runOnOperation() override {
    getOperation().walk([](ActivationOp op) {
      if (op.getKind() == "gelu")
        op.setKind("gelu_tanh");
    });
  }
};
} // namespace

void tez::test::registerTestPlantFaultPass() { PassRegistration<TestPlantFault>(); }
