//===- RecurrentRules.h - Checks of recurrent ops ---------------*- C++ -*-===//

#ifndef TEZ_LIB_DIALECT_ESPER_RECURRENTRULES_H
#define TEZ_LIB_DIALECT_ESPER_RECURRENTRULES_H

#include "tez/Dialect/Esper/ShapeRules.h"

namespace tez::esper {

/// "tanh" or "relu".
bool isNonlinearity(llvm::StringRef name);

} // namespace tez::esper

#endif // TEZ_LIB_DIALECT_ESPER_RECURRENTRULES_H
