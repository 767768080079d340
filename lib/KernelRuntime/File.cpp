//===- File.cpp -----------------------------------------------------------===//

#include "File.h"
#include <memory>
#include <nlohmann/json.hpp>
#include <openssl/sha.h>
#include <stdexcept>
#include <zip.h>

using namespace tez::runtime;
using Json = nlohmann::json;

static constexpr const char *manifestName = "kernel/extra/manifest.json";
static constexpr const char *ownFolder = "kernel/extra/";
/// No record is larger: a file that says so is not one of ours.
static constexpr uint64_t mostBytes = uint64_t(1) << 35;

namespace {
struct CloseArchive {
  void operator()(zip_t *archive) const { zip_discard(archive); }
};
struct CloseRecord {
  void operator()(zip_file_t *record) const { zip_fclose(record); }
};
using Archive = std::unique_ptr<zip_t, CloseArchive>;
} // namespace

[[noreturn]] static void refuse(const std::string &what) { throw std::runtime_error(what); }

static Archive openArchive(const char *path) {
  int code = 0;
  Archive archive(zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code));
  if (archive)
    return archive;
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  refuse(std::string(path) + ": " + text);
}

static std::vector<char> readRecord(zip_t *archive, uint64_t index, const std::string &name) {
  zip_stat_t status;
  if (zip_stat_index(archive, index, 0, &status) != 0 || !(status.valid & ZIP_STAT_SIZE) ||
      status.size > mostBytes)
    refuse("record " + name + ": cannot be read, or is too large");
  std::unique_ptr<zip_file_t, CloseRecord> record(zip_fopen_index(archive, index, 0));
  std::vector<char> bytes(record ? status.size : 0);
  if (!record || zip_fread(record.get(), bytes.data(), bytes.size()) != zip_int64_t(bytes.size()))
    refuse("record " + name + ": cannot be read");
  return bytes;
}

static std::string sha256(const std::vector<char> &bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char *>(bytes.data()), bytes.size(), digest);
  std::string text;
  for (unsigned char byte : digest) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

static std::map<std::string, std::string> readManifest(zip_t *archive) {
  zip_int64_t index = zip_name_locate(archive, manifestName, 0);
  if (index < 0)
    refuse(std::string("no record ") + manifestName + ": not a sealed kernel file");
  std::vector<char> bytes = readRecord(archive, index, manifestName);
  try {
    return Json::parse(bytes.begin(), bytes.end())
        .at("sha256")
        .get<std::map<std::string, std::string>>();
  } catch (const std::exception &error) {
    refuse(std::string(manifestName) + ": " + error.what());
  }
}

File::File(const char *path) {
  Archive archive = openArchive(path);
  std::map<std::string, std::string> hashes = readManifest(archive.get());
  for (zip_int64_t i = 0; i < zip_get_num_entries(archive.get(), 0); ++i) {
    std::string name = zip_get_name(archive.get(), i, 0);
    if (name == manifestName)
      continue;
    auto hash = hashes.extract(name); // so that a second of the name has none
    if (hash.empty())
      refuse("record " + name + ": not in the manifest");
    std::vector<char> bytes = readRecord(archive.get(), i, name);
    if (sha256(bytes) != hash.mapped())
      refuse("record " + name + ": its SHA-256 is not the one in the manifest");
    if (name.rfind(ownFolder, 0) == 0)
      records[name.substr(std::string(ownFolder).size())] = std::move(bytes);
  }
  if (!hashes.empty())
    refuse("record " + hashes.begin()->first + ": missing");
}

tez_bytes File::find(const std::string &name) const {
  auto found = records.find(name);
  if (found == records.end())
    return {nullptr, 0};
  return {found->second.empty() ? "" : found->second.data(), found->second.size()};
}
