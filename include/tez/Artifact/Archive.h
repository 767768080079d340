//===- Archive.h - Records of ours in a kernel file -------------*- C++ -*-===//
//
// A kernel file is a zip that torch.jit.load opens. Ours lie under kernel/extra/;
// the last one, manifest.json, holds the SHA-256 of every other record.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_ARTIFACT_ARCHIVE_H
#define TEZ_ARTIFACT_ARCHIVE_H

#include "llvm/Support/Error.h"
#include <map>
#include <string>

namespace tez {

/// Names below kernel/extra/ and their contents.
using ExtraRecords = std::map<std::string, std::string>;

/// Lower-case hexadecimal SHA-256 (FIPS 180-4).
std::string sha256(llvm::StringRef bytes);

/// `archive` with `extra`, stored, and the manifest behind its own records, which
/// stay as they are. Same input, same bytes.
llvm::Expected<std::string> sealArchive(llvm::StringRef archive, const ExtraRecords &extra);

/// Is every record of the archive in its manifest, with its hash, and every record
/// of the manifest in the archive. The error names the first that is not.
llvm::Error verifyArchive(llvm::StringRef archive);

/// Are two kernels the same but for our records, which tell how they were made.
bool isSameKernel(llvm::StringRef a, llvm::StringRef b);

/// One of our records; an error when there is none of this name.
llvm::Expected<std::string> readExtra(llvm::StringRef archive, llvm::StringRef name);

} // namespace tez

#endif // TEZ_ARTIFACT_ARCHIVE_H
