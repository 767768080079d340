//===- ZipReader.h - The records of a zip archive ---------------*- C++ -*-===//

#ifndef TEZ_SUPPORT_ZIPREADER_H
#define TEZ_SUPPORT_ZIPREADER_H

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <vector>

namespace tez {

/// A record as it lies in an archive.
struct ZipRecord {
  llvm::StringRef content; ///< compressed by `method`
  uint64_t size;           ///< without compression
  uint32_t checksum;       ///< CRC-32 of the content without compression
  uint16_t method;         ///< 0: stored
};

/// The content of a record without compression (method 0 or 8, deflate). Never
/// makes more than `limit` bytes. Verifies the checksum.
llvm::Expected<std::string> inflateRecord(const ZipRecord &record, uint64_t limit);

/// A zip archive (PKWARE APPNOTE 6.3, zip64 too). Points into the bytes it was
/// given.
class ZipReader {
public:
  /// Reads the central directory; refuses two records of one name.
  static llvm::Expected<ZipReader> open(llvm::StringRef bytes);

  const std::vector<std::string> &names() const { return order; }
  bool contains(llvm::StringRef name) const { return entries.contains(name); }

  /// The content of a record. Refuses compressed and encrypted ones. Verifies
  /// the checksum, as torch.load does not.
  llvm::Expected<llvm::StringRef> read(llvm::StringRef name) const;

  /// A record of any kind, unverified: to be put into another archive.
  llvm::Expected<ZipRecord> readRaw(llvm::StringRef name) const;

private:
  struct Entry {
    uint64_t headerOffset = 0, storedSize = 0, size = 0;
    uint32_t checksum = 0;
    uint16_t method = 0, flags = 0;
  };
  struct Directory {
    uint64_t offset = 0, size = 0, count = 0;
  };

  llvm::Error findDirectory(Directory &directory) const;
  llvm::Error readDirectory(const Directory &directory);
  llvm::Error addEntry(llvm::StringRef fixed, llvm::StringRef name, llvm::StringRef extra);

  llvm::StringRef bytes;
  llvm::StringMap<Entry> entries;
  std::vector<std::string> order;
};

} // namespace tez

#endif // TEZ_SUPPORT_ZIPREADER_H
