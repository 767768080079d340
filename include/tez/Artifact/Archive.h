//===- Archive.h - Records of ours in a kernel file -------------*- C++ -*-===//
//
// A kernel file is a zip that torch.jit.load opens. Ours lie under kernel/extra/;
// the last one, manifest.json, holds the SHA-256 of every other record.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_ARTIFACT_ARCHIVE_H
#define TEZ_ARTIFACT_ARCHIVE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <map>
#include <optional>
#include <string>

namespace tez {

/// Names below kernel/extra/ and their contents.
using ExtraRecords = std::map<std::string, std::string>;

/// SHA-256 (FIPS 180-4) of pieces, one after the other. libcrypto's, which has the
/// processor's instructions for it.
class Sha256 {
public:
  Sha256();
  void update(llvm::StringRef bytes);
  /// In lower-case hexadecimal; the last call.
  std::string hex();

private:
  std::shared_ptr<void> state;
};

/// Lower-case hexadecimal SHA-256.
std::string sha256(llvm::StringRef bytes);

/// `archive` with `extra`, compressed where that saves, and the manifest behind its
/// own records, which stay as they are. Records of ours that it had are left out.
/// Same input, same bytes.
llvm::Expected<std::string> sealArchive(llvm::StringRef archive, const ExtraRecords &extra);

/// Is every record of the archive in its manifest, with its hash, and every record
/// of the manifest in the archive. The error names the first that is not.
llvm::Error verifyArchive(llvm::StringRef archive);

/// Are two kernels the same but for our records, which tell how they were made.
bool isSameKernel(llvm::StringRef a, llvm::StringRef b);

/// The first record, in the order of `a`, that `b` lacks or has with another content,
/// or that `a` lacks; nullopt when there is none. Those of `ignored`, names below
/// kernel/extra/, are not looked at, nor is the manifest if there are such.
llvm::Expected<std::optional<std::string>>
firstDifference(llvm::StringRef a, llvm::StringRef b, llvm::ArrayRef<std::string> ignored = {});

/// One of our records; an error when there is none of this name.
llvm::Expected<std::string> readExtra(llvm::StringRef archive, llvm::StringRef name);

/// Those of our records whose names, below kernel/extra/, begin with `prefix`.
llvm::Expected<ExtraRecords> readExtras(llvm::StringRef archive, llvm::StringRef prefix);

} // namespace tez

#endif // TEZ_ARTIFACT_ARCHIVE_H
