//===- ZipWriter.h - Writes a zip archive as torch lays it out --*- C++ -*-===//

#ifndef TEZ_SUPPORT_ZIPWRITER_H
#define TEZ_SUPPORT_ZIPWRITER_H

#include "tez/Support/ZipReader.h"
#include <string>
#include <vector>

namespace tez {

/// Builds an archive in memory: new records stored, each beginning at a multiple of
/// 64 bytes (torch maps them), no time stamps: same records, same bytes.
class ZipWriter {
public:
  void add(llvm::StringRef name, llvm::StringRef content);

  /// The same by deflate (zlib, a fixed level) where that saves anything: such a
  /// record cannot be mapped. Another zlib may make other bytes.
  void addCompressed(llvm::StringRef name, llvm::StringRef content);

  /// Takes a record over from another archive as it is.
  void add(llvm::StringRef name, const ZipRecord &record);

  /// Appends the directory and hands the archive out; the writer is then empty.
  std::string finish();

  void reserve(size_t bytes) { archive.reserve(bytes); }

private:
  struct Entry {
    std::string name;
    uint64_t offset;
    ZipRecord record; ///< of its content only the size is still there
  };
  void addCentral(const Entry &entry);
  void addEnd(uint64_t directory);

  std::string archive;
  std::vector<Entry> entries;
};

} // namespace tez

#endif // TEZ_SUPPORT_ZIPWRITER_H
