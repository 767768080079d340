//===- EntryNames.h - Names of the records of a kernel file -----*- C++ -*-===//

#ifndef TEZ_LIB_ARTIFACT_ENTRYNAMES_H
#define TEZ_LIB_ARTIFACT_ENTRYNAMES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace tez {

/// The archive's one folder, with its slash. Refuses names that lead elsewhere, and
/// two that differ in nothing but case: torch's reader looks records up without it.
llvm::Expected<std::string> topFolder(llvm::ArrayRef<std::string> names);

} // namespace tez

#endif // TEZ_LIB_ARTIFACT_ENTRYNAMES_H
