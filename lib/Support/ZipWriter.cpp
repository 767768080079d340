//===- ZipWriter.cpp - Writes a zip archive as torch lays it out ----------===//
//
// PKWARE APPNOTE 6.3. Zip64 fields appear only where a value needs them.
//
//===----------------------------------------------------------------------===//

#include "tez/Support/ZipWriter.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/CRC.h"
#include <utility>
#include <zlib.h>

using namespace tez;

namespace {
constexpr uint64_t kMax32 = UINT32_MAX, kMax16 = UINT16_MAX;
constexpr size_t kAlignment = 64, kLocalSize = 30;
constexpr uint16_t kVersion = 45, kExtra64 = 1, kExtraPadding = 0x4246;
constexpr uint16_t kDate = 1 << 5 | 1; // 1980-01-01, the first there is
constexpr int kLevel = 9, kMemory = 8; // of deflate; they are part of the bytes
constexpr size_t kMostDeflated = size_t(64) << 20;

/// Appends `bytes` low bytes of `value`, little endian.
void put(std::string &out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i)
    out.push_back(char(value >> (8 * i)));
}
void put16(std::string &out, uint64_t value) { put(out, value, 2); }
void put32(std::string &out, uint64_t value) { put(out, value, 4); }
void put64(std::string &out, uint64_t value) { put(out, value, 8); }

/// The zip64 field with those of the values that do not fit into 32 bits.
std::string makeExtra64(std::initializer_list<uint64_t> values) {
  std::string field, content;
  for (uint64_t value : values)
    if (value >= kMax32)
      put64(content, value);
  if (content.empty())
    return field;
  put16(field, kExtra64);
  put16(field, content.size());
  return field + content;
}

/// What local and central headers have in common, from the version needed on.
void putCommon(std::string &out, const ZipRecord &record, size_t nameSize, size_t extraSize) {
  put16(out, kVersion);
  put16(out, 0); // flags
  put16(out, record.method);
  put16(out, 0); // time
  put16(out, kDate);
  put32(out, record.checksum);
  put32(out, std::min<uint64_t>(record.content.size(), kMax32));
  put32(out, std::min(record.size, kMax32));
  put16(out, nameSize);
  put16(out, extraSize);
}
} // namespace

static uint32_t checksumOf(llvm::StringRef content) {
  return llvm::crc32(llvm::ArrayRef(content.bytes_begin(), content.size()));
}

/// Empty when it does not come out smaller. Readers refuse what inflates to more
/// than kMostDeflated.
static std::string deflated(llvm::StringRef content) {
  if (content.empty() || content.size() > kMostDeflated)
    return {};
  std::string made(content.size() - 1, '\0');
  z_stream stream = {};
  // Negative: no zlib header around the data.
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, -MAX_WBITS, kMemory, Z_DEFAULT_STRATEGY) != Z_OK)
    return {};
  stream.next_in = const_cast<Bytef *>(content.bytes_begin());
  stream.avail_in = uInt(content.size());
  stream.next_out = reinterpret_cast<Bytef *>(made.data());
  stream.avail_out = uInt(made.size());
  bool fits = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  made.resize(fits ? stream.total_out : 0);
  deflateEnd(&stream);
  return made;
}

void ZipWriter::add(llvm::StringRef name, llvm::StringRef content) {
  add(name, ZipRecord{content, content.size(), checksumOf(content), /*method=*/0});
}

void ZipWriter::addCompressed(llvm::StringRef name, llvm::StringRef content) {
  std::string smaller = deflated(content);
  if (smaller.empty())
    return add(name, content);
  add(name, ZipRecord{smaller, content.size(), checksumOf(content), /*method=*/Z_DEFLATED});
}

void ZipWriter::add(llvm::StringRef name, const ZipRecord &record) {
  entries.push_back({name.str(), archive.size(), record});
  std::string extra = makeExtra64({record.size, record.content.size()});
  // A field of its own, of at least its header, pads up to the content.
  size_t start = archive.size() + kLocalSize + name.size() + extra.size() + 4;
  size_t padding = (kAlignment - start % kAlignment) % kAlignment;
  put16(extra, kExtraPadding);
  put16(extra, padding);
  extra.append(padding, 'Z');
  archive += "PK\x03\x04";
  putCommon(archive, record, name.size(), extra.size());
  archive += name;
  archive += extra;
  archive += record.content;
}

void ZipWriter::addCentral(const Entry &entry) {
  const ZipRecord &record = entry.record;
  std::string extra = makeExtra64({record.size, record.content.size(), entry.offset});
  archive += "PK\x01\x02";
  put16(archive, kVersion);
  putCommon(archive, record, entry.name.size(), extra.size());
  archive.append(10, '\0'); // comment size, disk, attributes
  put32(archive, std::min(entry.offset, kMax32));
  archive += entry.name;
  archive += extra;
}

void ZipWriter::addEnd(uint64_t directory) {
  uint64_t end = archive.size(), size = end - directory, count = entries.size();
  if (count >= kMax16 || size >= kMax32 || directory >= kMax32) {
    archive += "PK\x06\x06";
    put64(archive, 44); // bytes that follow
    put32(archive, kVersion | kVersion << 16);
    put64(archive, 0); // disks
    for (uint64_t value : {count, count, size, directory})
      put64(archive, value);
    archive += "PK\x06\x07";
    put32(archive, 0);
    put64(archive, end);
    put32(archive, 1);
  }
  archive += "PK\x05\x06";
  put32(archive, 0);
  put16(archive, std::min(count, kMax16));
  put16(archive, std::min(count, kMax16));
  put32(archive, std::min(size, kMax32));
  put32(archive, std::min(directory, kMax32));
  put16(archive, 0); // comment size
}

std::string ZipWriter::finish() {
  uint64_t directory = archive.size();
  for (const Entry &entry : entries)
    addCentral(entry);
  addEnd(directory);
  entries.clear();
  return std::exchange(archive, {});
}
