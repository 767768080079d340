//===- Dialect.cpp - Registration of the native dialect -------------------===//

#include "tez/Dialect/Native/Native.h"

using namespace tez::native;

#include "tez/Dialect/Native/NativeDialect.cpp.inc"

void NativeDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "tez/Dialect/Native/NativeOps.cpp.inc"
      >();
}
