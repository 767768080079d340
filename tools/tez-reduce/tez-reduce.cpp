//===- tez-reduce.cpp - Shrinks IR that shows a fault ---------------------===//

#include "ReduceKernels.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/LogicalResult.h"
#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"
#include "tez/Pipeline/Registration.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  tez::registerAllDialects(registry);
  tez::registerAllPasses(); // for --opt-reduction-pass
  tez::tool::registerReduceKernels();
  mlir::MLIRContext context(registry);
  return failed(mlir::mlirReduceMain(argc, argv, context));
}
