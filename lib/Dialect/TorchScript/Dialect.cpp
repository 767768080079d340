//===- Dialect.cpp - Registration of the ts dialect -----------------------===//

#include "mlir/IR/DialectImplementation.h"
#include "tez/Dialect/TorchScript/TorchScript.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tez::ts;

#include "tez/Dialect/TorchScript/TorchScriptDialect.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "tez/Dialect/TorchScript/TorchScriptTypes.cpp.inc"

void TsDialect::initialize() {
  registerTypes();
  addOperations<
#define GET_OP_LIST
#include "tez/Dialect/TorchScript/TorchScriptOps.cpp.inc"
      >();
}

void TsDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "tez/Dialect/TorchScript/TorchScriptTypes.cpp.inc"
      >();
}
