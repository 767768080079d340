//===- SafeTensors.cpp - Reads the safetensors format ---------------------===//
//
// Eight bytes of header length (little endian), the header (a JSON object),
// then the data: https://github.com/huggingface/safetensors#format. As the
// format's own reader does, this one demands that the tensors fill the data
// without gap or overlap.
//
//===----------------------------------------------------------------------===//

#include "StateDictReaders.h"
#include "tez/Json/Document.h"
#include "tez/Json/Fields.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Endian.h"
#include <algorithm>

using namespace tez;

namespace {

/// Enough for 200,000 tensors, and a tree of less than half a gigabyte.
constexpr uint64_t kMaxHeader = uint64_t(32) << 20;

struct Entry {
  std::string name;
  DType dtype;
  std::vector<int64_t> shape;
  uint64_t begin, end; ///< in the data
};

std::optional<DType> parseDType(llvm::StringRef text) {
  return llvm::StringSwitch<std::optional<DType>>(text)
      .Case("F64", DType::f64)
      .Case("F32", DType::f32)
      .Case("F16", DType::f16)
      .Case("BF16", DType::bf16)
      .Case("I64", DType::i64)
      .Case("I32", DType::i32)
      .Case("I16", DType::i16)
      .Case("I8", DType::i8)
      .Case("U8", DType::u8)
      .Case("BOOL", DType::i1)
      .Default(std::nullopt);
}

class Reader {
public:
  Reader(llvm::StringRef path, const SharedBuffer &buffer) : path(path), buffer(buffer) {}

  llvm::Expected<WeightStore> read() {
    if (llvm::Error error = locateHeader())
      return error;
    if (llvm::Error error = readHeader())
      return error;
    if (llvm::Error error = checkLayout())
      return error;
    return makeStore();
  }

private:
  llvm::Error locateHeader() {
    llvm::StringRef bytes = buffer->getBuffer();
    if (bytes.size() < 9 || bytes[8] != '{')
      return weightsError(path, "neither a zip archive of torch.save nor a safetensors file");
    uint64_t length = llvm::support::endian::read64le(bytes.data());
    if (length > kMaxHeader)
      return weightsError(path, "byte 0: the header takes " + llvm::Twine(length) +
                                    " bytes, the limit is " + llvm::Twine(kMaxHeader));
    if (length > bytes.size() - 8)
      return weightsError(path, "byte 0: the header takes " + llvm::Twine(length) +
                                    " bytes, the file has " + llvm::Twine(bytes.size()));
    header = bytes.substr(8, length);
    data = bytes.substr(8 + length);
    return llvm::Error::success();
  }

  llvm::Error readHeader() {
    json::Source source(path.str(), header.str());
    json::DiagnosticList list(1);
    auto document = json::Document::parse(source, list, {.maxBytes = kMaxHeader, .maxDepth = 8});
    if (document)
      if (auto object = json::readObject(document->root(), list))
        for (json::Member member : *object)
          readMember(member, list);
    if (list.errorCount() == 0)
      return llvm::Error::success();
    const json::Diagnostic &first = list.all().front();
    return weightsError(path, "byte " + llvm::Twine(8 + first.offset) + " (header): " +
                                  (first.path.empty() ? "" : first.path + ": ") + first.message);
  }

  void readMember(const json::Member &member, json::DiagnosticSink &sink) {
    auto object = json::readObject(member.value, sink);
    if (!object)
      return;
    if (member.key == "__metadata__") {
      for (json::Member entry : *object)
        (void)json::readString(entry.value, sink);
      return;
    }
    json::Fields fields(*object, sink);
    auto dtype = fields.string("dtype");
    auto shape = fields.integers("shape", {.min = 0});
    auto offsets = fields.integers("data_offsets", {.min = 0}, {.min = 2, .max = 2});
    std::optional<DType> parsed = dtype ? parseDType(*dtype) : std::nullopt;
    if (dtype && !parsed)
      fields.error("dtype", "expected F64, F32, F16, BF16, I64, I32, I16, I8, U8 or BOOL, found " +
                                std::string(*dtype));
    if (fields.finish())
      entries.push_back({std::string(member.key), *parsed, std::move(*shape),
                         uint64_t((*offsets)[0]), uint64_t((*offsets)[1])});
  }

  /// Every tensor begins where the one before it in the data ended.
  llvm::Error checkLayout() {
    std::vector<const Entry *> sorted;
    for (const Entry &entry : entries)
      sorted.push_back(&entry);
    std::ranges::sort(sorted, {}, [](const Entry *e) { return std::pair(e->begin, e->end); });
    uint64_t at = 0;
    for (const Entry *entry : sorted) {
      if (entry->begin != at || entry->end < entry->begin)
        return tensorError(*entry, "data_offsets [" + std::to_string(entry->begin) + ", " +
                                       std::to_string(entry->end) + "], expected to begin at " +
                                       std::to_string(at) + " (no gap, no overlap)");
      at = entry->end;
    }
    if (at != data.size())
      return weightsError(path, "the tensors take " + llvm::Twine(at) + " bytes, the file holds " +
                                    llvm::Twine(data.size()) + " after the header");
    return llvm::Error::success();
  }

  llvm::Expected<WeightStore> makeStore() const {
    WeightStore store;
    for (const Entry &entry : entries) {
      auto count = checkedCount(entry.shape);
      if (!count)
        return tensorError(entry, llvm::toString(count.takeError()));
      uint64_t length = entry.end - entry.begin;
      if (length / byteWidth(entry.dtype) != uint64_t(*count) || length % byteWidth(entry.dtype))
        return tensorError(entry, "data_offsets span " + std::to_string(length) + " bytes, " +
                                      std::to_string(*count) + " elements of " + name(entry.dtype) +
                                      " were expected");
      auto tensor = viewBytes(entry.dtype, entry.shape, buffer, data.slice(entry.begin, entry.end));
      if (!tensor)
        return tensorError(entry, llvm::toString(tensor.takeError()));
      store.set(entry.name, std::move(*tensor));
    }
    return store;
  }

  llvm::Error tensorError(const Entry &entry, const llvm::Twine &message) const {
    return weightsError(path, "tensor \"" + entry.name + "\": " + message);
  }

  llvm::StringRef path;
  const SharedBuffer &buffer;
  llvm::StringRef header, data;
  std::vector<Entry> entries;
};

} // namespace

llvm::Expected<WeightStore> tez::readSafeTensors(llvm::StringRef path, const SharedBuffer &buffer) {
  return Reader(path, buffer).read();
}
