//===- tez-lsp-server.cpp - Editors' view of esper and ts files -----------===//

#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/LogicalResult.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"
#include "tez/Pipeline/Registration.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  tez::registerAllDialects(registry);
  return failed(mlir::MlirLspServerMain(argc, argv, registry));
}
