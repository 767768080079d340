//===- tez-opt.cpp - Runs our passes on textual IR ------------------------===//

#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "tez/Pipeline/Registration.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  tez::registerAllDialects(registry);
  tez::registerAllPasses();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "Tezzeret's optimizer driver\n", registry));
}
