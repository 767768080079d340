//===- AtomicFile.h - Files that are whole or not there ---------*- C++ -*-===//

#ifndef TEZ_SUPPORT_ATOMICFILE_H
#define TEZ_SUPPORT_ATOMICFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace tez {

/// Writes `content` to a temporary file beside `path`, syncs it and renames it
/// into place, so that a crash or a full disk leaves the old state. The error
/// names the path and what the system said; no temporary file is left behind.
llvm::Error writeFileAtomically(llvm::StringRef path, llvm::StringRef content);

} // namespace tez

#endif // TEZ_SUPPORT_ATOMICFILE_H
