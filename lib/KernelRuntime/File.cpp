//===- File.cpp -----------------------------------------------------------===//

#include "File.h"
#include "tez/Signing/Signature.h"
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <zip.h>

using namespace tez;
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

static std::string readFile(const std::string &path) {
  std::ifstream stream(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (!stream)
    refuse(path + ": " + std::strerror(errno));
  return bytes;
}

/// The bytes, by that key. They are what is opened then: the file may change meanwhile.
static std::string readSigned(const std::string &path, const char *publicKey) {
  std::string content = readFile(path), bundle = readFile(path + ".sig");
  try {
    signing::checkSignature(bundle, std::filesystem::path(path).filename().string(), content,
                            {{publicKey}, {}});
  } catch (const signing::Error &error) {
    refuse(path + ".sig: " + error.what());
  }
  return content;
}

static Archive openArchive(zip_source_t *source, const char *path, zip_error_t &error) {
  Archive archive(source ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error)
                         : nullptr);
  if (archive)
    return archive;
  zip_source_free(source);
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  refuse(std::string(path) + ": " + text);
}

/// `signedBytes`: the file's, which live as long as the archive; or it is opened.
static Archive openArchive(const char *path, const std::string *signedBytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t *source =
      signedBytes ? zip_source_buffer_create(signedBytes->data(), signedBytes->size(), 0, &error)
                  : zip_source_file_create(path, 0, -1, &error);
  return openArchive(source, path, error);
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

File::File(const char *path, const char *publicKey) {
  std::string content = publicKey ? readSigned(path, publicKey) : "";
  Archive archive = openArchive(path, publicKey ? &content : nullptr);
  std::map<std::string, std::string> hashes = readManifest(archive.get());
  for (zip_int64_t i = 0; i < zip_get_num_entries(archive.get(), 0); ++i) {
    std::string name = zip_get_name(archive.get(), i, 0);
    if (name == manifestName)
      continue;
    auto hash = hashes.extract(name); // so that a second of the name has none
    if (hash.empty())
      refuse("record " + name + ": not in the manifest");
    std::vector<char> bytes = readRecord(archive.get(), i, name);
    if (signing::sha256({bytes.data(), bytes.size()}) != hash.mapped())
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
