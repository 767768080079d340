//===- Nest.cpp - What all loop nests have in common ----------------------===//

#include "tez/Dialect/Native/Native.h"

using namespace mlir;
using namespace tez::native;

#define GET_OP_CLASSES
#include "tez/Dialect/Native/NativeOps.cpp.inc"

void tez::native::addNestEffects(
    DestinationStyleOpInterface nest,
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {
  for (OpOperand &operand : nest->getOpOperands())
    if (isa<MemRefType>(operand.get().getType())) {
      if (nest.isDpsInit(&operand))
        effects.emplace_back(MemoryEffects::Write::get(), &operand);
      else
        effects.emplace_back(MemoryEffects::Read::get(), &operand);
    }
}
