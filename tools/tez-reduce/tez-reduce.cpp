//===- tez-reduce.cpp - Shrinks IR that shows a fault ---------------------===//

#include "EsperReduction.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/LogicalResult.h"
#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"
#include "tez/Pipeline/Registration.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  tez::registerAllDialects(registry);
  tez::tool::registerEsperReduction(registry);
  // Passes are what mlir-reduce's own pipelines run on.
  tez::registerAllPasses();
  mlir::MLIRContext context(registry);
  return failed(mlir::mlirReduceMain(argc, argv, context));
}
