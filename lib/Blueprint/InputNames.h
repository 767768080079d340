//===- InputNames.h - Argument names of a kernel ----------------*- C++ -*-===//

#ifndef TEZ_LIB_BLUEPRINT_INPUTNAMES_H
#define TEZ_LIB_BLUEPRINT_INPUTNAMES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace tez::blueprint {

/// `text` with everything that an ASCII Python identifier cannot hold replaced
/// by underscores; never empty and never a word that Python, TorchScript or
/// its serialised form keep for themselves.
std::string identifier(llvm::StringRef text, llvm::StringRef fallback);

/// Distinct identifiers, each as near to its name as possible.
std::vector<std::string> distinctIdentifiers(llvm::ArrayRef<std::string> names);

} // namespace tez::blueprint

#endif // TEZ_LIB_BLUEPRINT_INPUTNAMES_H
