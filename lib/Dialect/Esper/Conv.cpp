//===- Conv.cpp ---------------------------------------------------------===//

#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/Esper/ShapeRules.h"

using namespace mlir;
using namespace tez::esper;

#define GET_OP_CLASSES
#include "tez/Dialect/Esper/Conv.cpp.inc"
