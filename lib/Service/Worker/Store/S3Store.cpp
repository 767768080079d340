//===- S3Store.cpp - Kernels in a bucket ----------------------------------===//

#include "../Files.h"
#include "../S3/Bucket.h"
#include "Stores.h"
#include <cerrno>
#include <cstring>
#include <map>
#include <sys/stat.h>
#include <unistd.h>

using namespace tez;
using namespace tez::worker;
using s3::Body;
using s3::Over;
namespace fs = std::filesystem;

namespace {
class S3Store : public ObjectStore {
public:
  S3Store(const s3::Place &place, const fs::path &work, const Stop &stop);

  bool isHealthy() const override;
  fs::path workPlace() const override { return work; }
  Json put(const std::string &id, const fs::path &file, Json metadata) const override;
  std::optional<Json> find(const std::string &id) const override;
  std::string reference(const std::string &id, const std::string &file) const override {
    return bucket.nameOf(folderOf(id) + file);
  }
  void keepFailed(const std::string &blueprintId, const std::string &text,
                  const Json &why) const override;
  std::vector<std::string> sweep(std::chrono::seconds age) const override;

private:
  static std::string folderOf(const std::string &id) { return "kernels/" + id + "/"; }
  static std::string sidecarKey(const std::string &id) { return folderOf(id) + "metadata.json"; }
  void putKernel(const std::string &key, const fs::path &file, const std::string &checksum) const;

  const fs::path work;
  const s3::Bucket bucket;
};
} // namespace

static constexpr const char *healthKey = "tmp/health"; ///< all write the same there

/// Others must not be able to lay something where kernels are made.
static fs::path ownWorkPlace(fs::path place) {
  if (place.empty())
    place = fs::temp_directory_path() / ("tez-worker-" + std::to_string(::getuid()));
  if (::mkdir(place.c_str(), 0700) && errno != EEXIST)
    throw Unavailable(place.string() + ": " + std::strerror(errno));
  struct stat about{};
  if (::lstat(place.c_str(), &about) || !S_ISDIR(about.st_mode) || about.st_uid != ::getuid() ||
      (about.st_mode & 022))
    throw std::runtime_error("--work: expected a folder that only this user may write, found " +
                             place.string());
  return place;
}

S3Store::S3Store(const s3::Place &place, const fs::path &given, const Stop &stop)
    : work(ownWorkPlace(given)), bucket(place, stop) {
  sweepWorkFolders(work);
  bucket.put(healthKey, Body::of("well"), Over::Always); // says what is wrong with key or bucket
}

bool S3Store::isHealthy() const {
  try {
    WorkFolder probe(work);
    writeFile(probe.path / "probe", std::string(size_t(1) << 20, 'x'));
    bucket.put(healthKey, Body::of("well"), Over::Always);
    return bucket.get(healthKey) == "well";
  } catch (const Unavailable &) {
    return false;
  }
}

std::optional<Json> S3Store::find(const std::string &id) const {
  auto text = bucket.get(sidecarKey(id));
  auto metadata = text ? parseJson(*text) : std::nullopt;
  std::string checksum = metadata ? textAt(*metadata, "checksum") : "",
              name = metadata ? fileOf(*metadata) : "";
  if (checksum.empty() || name.empty() || bucket.checksumOf(folderOf(id) + name) != checksum)
    return std::nullopt;
  return metadata;
}

/// What is there without valid metadata is the same, or damaged.
void S3Store::putKernel(const std::string &key, const fs::path &file,
                        const std::string &checksum) const {
  bool made = bucket.putFile(key, file, Over::Never);
  if (bucket.checksumOf(key) == checksum)
    return;
  if (made || (bucket.putFile(key, file, Over::Always), bucket.checksumOf(key) != checksum))
    throw Unavailable(bucket.nameOf(key) + ": what was read back does not have the checksum " +
                      checksum);
}

Json S3Store::put(const std::string &id, const fs::path &file, Json metadata) const {
  if (auto there = find(id))
    return *there;
  std::string checksum = worker::checksumOf(file), signature = file.string() + ".sig",
              key = folderOf(id) + fileOf(metadata);
  metadata["checksum"] = checksum;
  metadata["bytes"] = fs::file_size(file);
  if (fs::exists(signature))
    bucket.putFile(key + ".sig", signature, Over::Always);
  putKernel(key, file, checksum);
  std::string text = metadata.dump(2) + "\n"; // last: all is there
  if (!bucket.put(sidecarKey(id), Body::of(text), Over::Never)) {
    if (auto there = find(id))
      return *there; // another was faster
    bucket.put(sidecarKey(id), Body::of(text), Over::Always);
  }
  auto there = find(id);
  if (!there)
    throw Unavailable(bucket.nameOf(sidecarKey(id)) + ": what was read back is not what was put");
  return *there;
}

void S3Store::keepFailed(const std::string &blueprintId, const std::string &text,
                         const Json &why) const {
  std::string folder = failedFolderOf(blueprintId) + "/";
  bucket.put(folder + "blueprint.json", Body::of(text), Over::Always);
  bucket.put(folder + "reason.json", Body::of(reasonText(blueprintId, why)), Over::Always);
}

namespace {
/// The objects of a kernel.
struct Group {
  std::vector<std::string> keys;
  int64_t newest = 0;
  bool whole = false; ///< its metadata is there
};
} // namespace

static std::map<std::string, Group> groupsOf(const std::vector<s3::Entry> &entries) {
  std::map<std::string, Group> groups;
  for (const s3::Entry &entry : entries) {
    std::string folder = entry.key.substr(0, entry.key.rfind('/') + 1);
    Group &group = groups[folder];
    group.keys.push_back(entry.key);
    group.newest = std::max(group.newest, entry.time);
    group.whole |= entry.key == folder + "metadata.json";
  }
  return groups;
}

std::vector<std::string> S3Store::sweep(std::chrono::seconds age) const {
  sweepWorkFolders(work);
  std::vector<std::string> swept;
  auto entries = bucket.list("kernels/"); // before the clock is read: the answer tells it
  int64_t before = bucket.serverTime() - std::chrono::microseconds(age).count();
  for (const auto &[folder, group] : groupsOf(entries))
    if (!group.whole && group.newest < before && !bucket.exists(folder + "metadata.json"))
      for (const std::string &key : group.keys) {
        bucket.remove(key);
        swept.push_back(key);
      }
  for (const s3::Entry &upload : bucket.begunUploads())
    if (upload.time < before) {
      bucket.abort(upload.key, upload.upload);
      swept.push_back("upload of " + upload.key);
    }
  return swept;
}

std::unique_ptr<ObjectStore> worker::makeS3Store(const std::string &url, const fs::path &work,
                                                 const Stop &stop) {
  return std::make_unique<S3Store>(s3::placeOf(url), work, stop);
}
