//===- TestPasses.cpp - The plugin's entry --------------------------------===//

#include "TestPasses.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

/// What `--load-pass-plugin` looks up.
extern "C" LLVM_ATTRIBUTE_WEAK mlir::PassPluginLibraryInfo mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "TezTestPasses", "1", [] {
            tez::test::registerTestInterpretPass();
            tez::test::registerTestCompareWithReferencePass();
            tez::test::registerTestFailPass();
            tez::test::registerTestPlantFaultPass();
            tez::test::registerTestSpoilActivationsPass();
          }};
}
