//===- AtomicFile.h - Files that are whole or not there ---------*- C++ -*-===//

#ifndef TEZ_SUPPORT_ATOMICFILE_H
#define TEZ_SUPPORT_ATOMICFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace tez {

/// Content on disk beside the file it is meant for. commit() renames it into
/// place; without that it is removed, by a signal that ends the process too.
class PendingFile {
public:
  /// Writes and syncs `content`. A link is followed, so that it survives; what
  /// is there and no regular file is refused. Errors name the path and what
  /// the system said.
  static llvm::Expected<PendingFile> write(llvm::StringRef path, llvm::StringRef content);

  PendingFile(PendingFile &&other) noexcept
      : path(std::move(other.path)), destination(std::move(other.destination)),
        temporary(std::exchange(other.temporary, {})) {}
  PendingFile &operator=(PendingFile &&) = delete;
  ~PendingFile() { discard(); }

  llvm::Error commit();

private:
  PendingFile() = default;
  void discard();

  std::string path, destination;
  std::string temporary; ///< empty: nothing is pending
};

/// A PendingFile, written and committed: a crash or a full disk leaves the old
/// state.
llvm::Error writeFileAtomically(llvm::StringRef path, llvm::StringRef content);

} // namespace tez

#endif // TEZ_SUPPORT_ATOMICFILE_H
