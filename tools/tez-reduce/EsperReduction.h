//===- EsperReduction.h - How esper IR may shrink ---------------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_REDUCE_ESPERREDUCTION_H
#define TEZ_TOOLS_TEZ_REDUCE_ESPERREDUCTION_H

#include "mlir/IR/DialectRegistry.h"

namespace tez::tool {

/// Gives the esper dialect the rewrites that `--reduction-tree` tries.
void registerEsperReduction(mlir::DialectRegistry &registry);

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_REDUCE_ESPERREDUCTION_H
