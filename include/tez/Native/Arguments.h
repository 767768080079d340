//===- Arguments.h - What native-entry leaves behind ------------*- C++ -*-===//

#ifndef TEZ_NATIVE_ARGUMENTS_H
#define TEZ_NATIVE_ARGUMENTS_H

#include "llvm/ADT/StringRef.h"

namespace tez::native {

/// Of the module, once its function has become an entry: for each pointer of the table a
/// dictionary of the argument's attributes and its `type`.
inline constexpr llvm::StringLiteral argumentsAttr = "native.arguments";
/// Of the function, then of the module: numbers a row that the scratch memory must have.
inline constexpr llvm::StringLiteral scratchColumnsAttr = "native.scratch_columns";

} // namespace tez::native

#endif // TEZ_NATIVE_ARGUMENTS_H
