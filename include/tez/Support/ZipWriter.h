//===- ZipWriter.h - Writes a zip archive as torch lays it out --*- C++ -*-===//

#ifndef TEZ_SUPPORT_ZIPWRITER_H
#define TEZ_SUPPORT_ZIPWRITER_H

#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <vector>

namespace tez {

/// Builds an archive in memory: records stored, each beginning at a multiple of
/// 64 bytes (torch maps them), no time stamps: same records, same bytes.
class ZipWriter {
public:
  /// `checksum`: the CRC-32 of the content where it is known already.
  void add(llvm::StringRef name, llvm::StringRef content,
           std::optional<uint32_t> checksum = std::nullopt);

  /// Appends the directory and hands the archive out; the writer is then empty.
  std::string finish();

  void reserve(size_t bytes) { archive.reserve(bytes); }

private:
  struct Entry {
    std::string name;
    uint64_t offset, size;
    uint32_t checksum;
  };
  void addCentral(const Entry &entry);
  void addEnd(uint64_t directory);

  std::string archive;
  std::vector<Entry> entries;
};

} // namespace tez

#endif // TEZ_SUPPORT_ZIPWRITER_H
