//===- ZipReader.cpp - The records of a zip archive -----------------------===//

#include "tez/Support/ZipReader.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/CRC.h"
#include "llvm/Support/Endian.h"
#include <zlib.h>

using namespace tez;
using llvm::Twine;
using llvm::support::endian::read16le;
using llvm::support::endian::read32le;
using llvm::support::endian::read64le;

namespace {
constexpr size_t kEndSize = 22, kEnd64Size = 56, kLocator64Size = 20;
constexpr size_t kCentralSize = 46, kLocalSize = 30;
constexpr uint16_t kExtra64 = 1;

llvm::Error fail(const Twine &message) { return llvm::createStringError(message); }

/// `length` bytes at `offset`, or an empty result when they are not all there.
std::optional<llvm::StringRef> slice(llvm::StringRef bytes, uint64_t offset, uint64_t length) {
  if (offset > bytes.size() || length > bytes.size() - offset)
    return std::nullopt;
  return bytes.substr(offset, length);
}
} // namespace

llvm::Expected<ZipReader> ZipReader::open(llvm::StringRef bytes) {
  ZipReader zip;
  zip.bytes = bytes;
  Directory directory;
  if (llvm::Error error = zip.findDirectory(directory))
    return error;
  if (llvm::Error error = zip.readDirectory(directory))
    return error;
  return zip;
}

/// The end record is the last thing in the file but for a comment; the zip64
/// fields replace those that are too small.
llvm::Error ZipReader::findDirectory(Directory &directory) const {
  size_t at = bytes.rfind("PK\x05\x06");
  if (at == llvm::StringRef::npos || bytes.size() - at < kEndSize)
    return fail("the end record of the zip archive is missing (is the file cut off?)");
  const char *end = bytes.data() + at;
  directory = {read32le(end + 16), read32le(end + 12), read16le(end + 10)};
  if (at < kLocator64Size || !bytes.substr(at - kLocator64Size).starts_with("PK\x06\x07"))
    return llvm::Error::success();
  uint64_t at64 = read64le(end - kLocator64Size + 8);
  auto end64 = slice(bytes, at64, kEnd64Size);
  if (!end64 || !end64->starts_with("PK\x06\x06"))
    return fail("byte " + Twine(at64) + ": expected the zip64 end record");
  directory = {read64le(end64->data() + 48), read64le(end64->data() + 40),
               read64le(end64->data() + 32)};
  return llvm::Error::success();
}

llvm::Error ZipReader::readDirectory(const Directory &directory) {
  auto table = slice(bytes, directory.offset, directory.size);
  if (!table)
    return fail("byte " + Twine(directory.offset) + ": the zip directory takes " +
                Twine(directory.size) + " bytes, the file has " + Twine(bytes.size()));
  llvm::StringRef rest = *table;
  while (!rest.empty()) {
    uint64_t place = directory.offset + (table->size() - rest.size());
    if (rest.size() < kCentralSize || !rest.starts_with("PK\x01\x02"))
      return fail("byte " + Twine(place) + ": expected an entry of the zip directory");
    size_t nameSize = read16le(rest.data() + 28), extraSize = read16le(rest.data() + 30);
    size_t whole = kCentralSize + nameSize + extraSize + read16le(rest.data() + 32);
    if (whole > rest.size())
      return fail("byte " + Twine(place) + ": the entry of the zip directory is cut off");
    if (llvm::Error error = addEntry(rest, rest.substr(kCentralSize, nameSize),
                                     rest.substr(kCentralSize + nameSize, extraSize)))
      return error;
    rest = rest.drop_front(whole);
  }
  if (order.size() != directory.count)
    return fail("the zip directory has " + Twine(order.size()) + " entries, its end record says " +
                Twine(directory.count));
  return llvm::Error::success();
}

llvm::Error ZipReader::addEntry(llvm::StringRef fixed, llvm::StringRef name,
                                llvm::StringRef extra) {
  const char *p = fixed.data();
  Entry entry{read32le(p + 42), read32le(p + 20), read32le(p + 24),
              read32le(p + 16), read16le(p + 10), read16le(p + 8)};
  // The zip64 field holds, in this order, those values that did not fit.
  while (extra.size() >= 4) {
    uint16_t id = read16le(extra.data());
    llvm::StringRef field = extra.drop_front(4).take_front(read16le(extra.data() + 2));
    extra = extra.drop_front(std::min<size_t>(extra.size(), 4 + field.size()));
    if (id != kExtra64)
      continue;
    for (uint64_t *value : {&entry.size, &entry.storedSize, &entry.headerOffset}) {
      if (*value != UINT32_MAX)
        continue;
      if (field.size() < 8)
        return fail("record \"" + name + "\": its zip64 field is cut off");
      *value = read64le(field.data());
      field = field.drop_front(8);
    }
  }
  if (!entries.try_emplace(name, entry).second)
    return fail("record \"" + name + "\" is in the archive twice");
  order.push_back(name.str());
  return llvm::Error::success();
}

static llvm::Error recordError(llvm::StringRef name, const Twine &what) {
  return fail("record \"" + name + "\": " + what);
}

llvm::Expected<ZipRecord> ZipReader::readRaw(llvm::StringRef name) const {
  auto found = entries.find(name);
  if (found == entries.end())
    return recordError(name, "not in the archive");
  const Entry &entry = found->second;
  if (entry.flags & 1)
    return recordError(name, "is encrypted");
  auto local = slice(bytes, entry.headerOffset, kLocalSize);
  if (!local || !local->starts_with("PK\x03\x04"))
    return recordError(name, "no local header at byte " + Twine(entry.headerOffset));
  uint64_t start =
      entry.headerOffset + kLocalSize + read16le(local->data() + 26) + read16le(local->data() + 28);
  auto content = slice(bytes, start, entry.storedSize);
  if (!content)
    return recordError(name, Twine(entry.storedSize) + " bytes at byte " + Twine(start) +
                                 " do not fit into the file of " + Twine(bytes.size()));
  return ZipRecord{*content, entry.size, entry.checksum, entry.method};
}

llvm::Expected<llvm::StringRef> ZipReader::read(llvm::StringRef name) const {
  auto record = readRaw(name);
  if (!record)
    return record.takeError();
  if (record->method != 0 || record->content.size() != record->size)
    return recordError(name, "is compressed (method " + Twine(record->method) +
                                 "); torch.save stores its records, save the file again with it");
  // torch writes zero when it was told not to compute checksums.
  if (record->checksum == 0)
    return record->content;
  uint32_t actual = llvm::crc32({record->content.bytes_begin(), record->content.size()});
  if (actual != record->checksum)
    return recordError(name, "is damaged (CRC-32 " + Twine::utohexstr(actual) +
                                 ", the directory says " + Twine::utohexstr(record->checksum) +
                                 ")");
  return record->content;
}

llvm::Expected<std::string> tez::inflateRecord(const ZipRecord &record, uint64_t limit) {
  if (record.size > limit || record.content.size() > UINT32_MAX || limit > UINT32_MAX)
    return fail("takes " + Twine(record.size) + " bytes, the limit is " + Twine(limit));
  std::string text = record.content.str();
  if (record.method == Z_DEFLATED) {
    text.assign(record.size, '\0');
    z_stream stream = {};
    stream.next_in = const_cast<Bytef *>(record.content.bytes_begin());
    stream.avail_in = uInt(record.content.size());
    stream.next_out = reinterpret_cast<Bytef *>(text.data());
    stream.avail_out = uInt(text.size());
    // Negative: no zlib header around the data.
    bool good = inflateInit2(&stream, -MAX_WBITS) == Z_OK &&
                inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_out == 0;
    inflateEnd(&stream);
    if (!good)
      return fail("the compressed data is damaged");
  } else if (record.method != 0) {
    return fail("is compressed by method " + Twine(record.method) + ", which is not supported");
  }
  if (llvm::crc32(llvm::ArrayRef(reinterpret_cast<const uint8_t *>(text.data()), text.size())) !=
      record.checksum)
    return fail("is damaged (its CRC-32 is not the directory's)");
  return text;
}
