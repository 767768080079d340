//===- tez-translate.cpp - Blueprints to MLIR, MLIR to other texts --------===//

#include "mlir/Support/LogicalResult.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"
#include "tez/Pipeline/Translations.h"

int main(int argc, char **argv) {
  tez::registerTranslations();
  return failed(mlir::mlirTranslateMain(argc, argv, "Tezzeret's translation driver"));
}
