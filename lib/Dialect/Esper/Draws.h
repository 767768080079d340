//===- Draws.h - Ops that draw random numbers only when they drop -*- C++ -*-===//

#ifndef TEZ_LIB_DIALECT_ESPER_DRAWS_H
#define TEZ_LIB_DIALECT_ESPER_DRAWS_H

#include "tez/Dialect/Esper/Esper.h"

namespace tez::esper {

/// The effects of an op that draws unless `nothingDropped`.
inline void
addDrawEffects(bool nothingDropped,
               llvm::SmallVectorImpl<mlir::SideEffects::EffectInstance<mlir::MemoryEffects::Effect>>
                   &effects) {
  if (nothingDropped)
    return;
  effects.emplace_back(mlir::MemoryEffects::Read::get(), RandomResource::get());
  effects.emplace_back(mlir::MemoryEffects::Write::get(), RandomResource::get());
}

/// Sets the attribute `dropout` of an op that is known not to train to 0.
template <typename Op> llvm::LogicalResult foldDropout(Op op, mlir::Attribute training) {
  auto known = mlir::dyn_cast_if_present<mlir::BoolAttr>(training);
  if (!known || known.getValue() || op.getDropout().isZero())
    return mlir::failure();
  op.setDropout(llvm::APFloat(0.0));
  return mlir::success();
}

} // namespace tez::esper

#endif // TEZ_LIB_DIALECT_ESPER_DRAWS_H
