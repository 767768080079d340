//===- Archive.cpp - Records of ours in a kernel file ---------------------===//

#include "tez/Artifact/Archive.h"
#include "tez/Support/ZipReader.h"
#include "tez/Support/ZipWriter.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <set>

using namespace tez;
using llvm::StringRef;
using Json = nlohmann::ordered_json;

static constexpr StringRef kFolder = "kernel/extra/", kManifest = "kernel/extra/manifest.json";
static constexpr uint64_t kMostBytes = uint64_t(64) << 20; ///< of what is compressed, one record
static constexpr size_t kMostRecords = size_t(1) << 20;

/// A hash that was not made must not pass for one.
static void require(int done) {
  if (done != 1)
    llvm::report_fatal_error("libcrypto does not compute SHA-256");
}

Sha256::Sha256()
    : state(EVP_MD_CTX_new(),
            [](void *context) { EVP_MD_CTX_free(static_cast<EVP_MD_CTX *>(context)); }) {
  require(EVP_DigestInit_ex(static_cast<EVP_MD_CTX *>(state.get()), EVP_sha256(), nullptr));
}

void Sha256::update(StringRef bytes) {
  require(EVP_DigestUpdate(static_cast<EVP_MD_CTX *>(state.get()), bytes.data(), bytes.size()));
}

std::string Sha256::hex() {
  uint8_t digest[32];
  require(EVP_DigestFinal_ex(static_cast<EVP_MD_CTX *>(state.get()), digest, nullptr));
  return llvm::toHex(llvm::ArrayRef(digest), /*LowerCase=*/true);
}

std::string tez::sha256(StringRef bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

static llvm::Error refuse(const llvm::Twine &why) { return llvm::createStringError(why); }

/// The content without compression; what is stored is not copied.
static llvm::Expected<StringRef> contentOf(const ZipReader &zip, StringRef name,
                                           std::string &storage) {
  llvm::Expected<ZipRecord> record = zip.readRaw(name);
  if (!record)
    return record.takeError();
  if (record->method == 0)
    return zip.read(name);
  llvm::Expected<std::string> inflated = inflateRecord(*record, kMostBytes);
  if (!inflated)
    return inflated.takeError();
  storage = std::move(*inflated);
  return StringRef(storage);
}

static llvm::Expected<std::string> hashOf(const ZipReader &zip, StringRef name) {
  std::string storage;
  llvm::Expected<StringRef> content = contentOf(zip, name, storage);
  if (!content)
    return refuse("record \"" + name + "\": " + llvm::toString(content.takeError()));
  return sha256(*content);
}

llvm::Expected<std::string> tez::sealArchive(StringRef archive, const ExtraRecords &extra) {
  llvm::Expected<ZipReader> zip = ZipReader::open(archive);
  if (!zip)
    return zip.takeError();
  ZipWriter writer;
  writer.reserve(archive.size() + 4096);
  Json records = Json::object();
  for (const std::string &name : zip->names()) {
    if (StringRef(name).starts_with(kFolder))
      continue;
    llvm::Expected<std::string> hash = hashOf(*zip, name);
    if (!hash)
      return hash.takeError();
    records[name] = *hash;
    writer.add(name, *zip->readRaw(name));
  }
  for (const auto &[name, content] : extra) {
    std::string path = (kFolder + name).str();
    records[path] = sha256(content);
    writer.addCompressed(path, content);
  }
  writer.add(kManifest, Json{{"format", 1}, {"sha256", records}}.dump(1) + "\n");
  return writer.finish();
}

/// The hashes by name.
static llvm::Expected<std::map<std::string, std::string>> readManifest(const ZipReader &zip) {
  if (!zip.contains(kManifest))
    return refuse("there is no record \"" + kManifest + "\": not a sealed kernel file");
  std::string storage;
  llvm::Expected<StringRef> text = contentOf(zip, kManifest, storage);
  if (!text)
    return refuse("record \"" + kManifest + "\": " + llvm::toString(text.takeError()));
  Json manifest = Json::parse(text->begin(), text->end(), nullptr, /*allow_exceptions=*/false);
  if (!manifest.is_object() || manifest.value("format", Json()) != 1 ||
      !manifest.contains("sha256") || !manifest["sha256"].is_object())
    return refuse("record \"" + kManifest + "\" is not a manifest of format 1");
  std::map<std::string, std::string> hashes;
  for (const auto &[name, hash] : manifest["sha256"].items()) {
    if (!hash.is_string())
      return refuse("record \"" + kManifest + "\": the hash of \"" + name + "\" is not a string");
    hashes[name] = hash.get<std::string>();
  }
  return hashes;
}

llvm::Error tez::verifyArchive(StringRef archive) {
  llvm::Expected<ZipReader> zip = ZipReader::open(archive);
  if (!zip)
    return zip.takeError();
  if (zip->names().size() > kMostRecords)
    return refuse("there are " + llvm::Twine(zip->names().size()) + " records, the limit is " +
                  llvm::Twine(kMostRecords));
  auto hashes = readManifest(*zip);
  if (!hashes)
    return hashes.takeError();
  for (const std::string &name : zip->names()) {
    if (name == kManifest)
      continue;
    auto expected = hashes->find(name);
    if (expected == hashes->end())
      return refuse("record \"" + name + "\" is not in the manifest");
    llvm::Expected<std::string> found = hashOf(*zip, name);
    if (!found)
      return found.takeError();
    if (*found != expected->second)
      return refuse("record \"" + name + "\" has the SHA-256 " + *found + ", the manifest says " +
                    expected->second);
    hashes->erase(expected);
  }
  if (!hashes->empty())
    return refuse("record \"" + hashes->begin()->first + "\" of the manifest is missing");
  return llvm::Error::success();
}

/// The stored content of the records that are not ours.
static std::map<std::string, StringRef> kernelRecords(StringRef archive) {
  std::map<std::string, StringRef> records;
  llvm::Expected<ZipReader> zip = ZipReader::open(archive);
  if (!zip) {
    llvm::consumeError(zip.takeError());
    return records;
  }
  for (const std::string &name : zip->names())
    if (!StringRef(name).starts_with(kFolder))
      if (auto record = zip->readRaw(name))
        records[name] = record->content;
      else
        llvm::consumeError(record.takeError());
  return records;
}

bool tez::isSameKernel(StringRef a, StringRef b) { return kernelRecords(a) == kernelRecords(b); }

using Hashes = std::vector<std::pair<std::string, std::string>>;

/// Of all records but those of `ignored`, in the order of the archive.
static llvm::Expected<Hashes> hashesOf(StringRef archive, llvm::ArrayRef<std::string> ignored) {
  llvm::Expected<ZipReader> zip = ZipReader::open(archive);
  if (!zip)
    return zip.takeError();
  Hashes hashes;
  for (const std::string &name : zip->names()) {
    StringRef ours = name;
    if (ours.consume_front(kFolder) && llvm::is_contained(ignored, ours))
      continue;
    if (name == kManifest && !ignored.empty()) // it holds the hashes of the others
      continue;
    llvm::Expected<std::string> hash = hashOf(*zip, name);
    if (!hash)
      return hash.takeError();
    hashes.emplace_back(name, std::move(*hash));
  }
  return hashes;
}

static std::optional<std::string> firstMissing(const Hashes &from, const Hashes &in) {
  std::set known(in.begin(), in.end());
  for (const auto &record : from)
    if (!known.count(record))
      return record.first;
  return std::nullopt;
}

llvm::Expected<std::optional<std::string>>
tez::firstDifference(StringRef a, StringRef b, llvm::ArrayRef<std::string> ignored) {
  llvm::Expected<Hashes> left = hashesOf(a, ignored);
  if (!left)
    return left.takeError();
  llvm::Expected<Hashes> right = hashesOf(b, ignored);
  if (!right)
    return right.takeError();
  std::optional<std::string> missing = firstMissing(*left, *right);
  return missing ? missing : firstMissing(*right, *left);
}

llvm::Expected<std::string> tez::readExtra(StringRef archive, StringRef name) {
  llvm::Expected<ZipReader> zip = ZipReader::open(archive);
  if (!zip)
    return zip.takeError();
  std::string path = (kFolder + name).str(), storage;
  if (!zip->contains(path))
    return refuse("there is no record \"" + path + "\"");
  llvm::Expected<StringRef> content = contentOf(*zip, path, storage);
  if (!content)
    return content.takeError();
  return content->str();
}

llvm::Expected<ExtraRecords> tez::readExtras(StringRef archive, StringRef prefix) {
  llvm::Expected<ZipReader> zip = ZipReader::open(archive);
  if (!zip)
    return zip.takeError();
  ExtraRecords records;
  for (StringRef path : zip->names()) {
    StringRef name = path;
    if (!name.consume_front(kFolder) || !name.starts_with(prefix))
      continue;
    std::string storage;
    llvm::Expected<StringRef> content = contentOf(*zip, path, storage);
    if (!content)
      return content.takeError();
    records[name.str()] = content->str();
  }
  return records;
}
