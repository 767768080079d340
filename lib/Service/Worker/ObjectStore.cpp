//===- ObjectStore.cpp ----------------------------------------------------===//

#include "tez/Service/Worker/ObjectStore.h"
#include "Files.h"
#include "tez/Service/Digest.h"
#include "tez/Service/Worker/Time.h"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

using namespace tez;
using namespace tez::worker;
namespace fs = std::filesystem;

/// Removes what a worker left that no longer lives.
static void sweep(const fs::path &place) {
  std::error_code ignored;
  for (const auto &entry : fs::directory_iterator(place, ignored)) {
    int file = ::open(entry.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
      continue;
    if (::flock(file, LOCK_EX | LOCK_NB) == 0)
      fs::remove_all(entry.path(), ignored);
    ::close(file);
  }
}

WorkFolder::WorkFolder(const fs::path &parent) {
  std::string pattern = (parent / "job-XXXXXX").string();
  for (int i = 0; i < 3 && lock < 0; ++i) { // a sweep may come between the two calls
    std::string name = pattern;
    if (!::mkdtemp(name.data()))
      break;
    path = name;
    lock = ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock >= 0 && (::flock(lock, LOCK_SH | LOCK_NB) != 0 || !fs::exists(path)))
      ::close(std::exchange(lock, -1));
  }
  if (lock < 0)
    throw Unavailable(pattern + ": " + std::strerror(errno));
}

WorkFolder::~WorkFolder() {
  std::error_code ignored;
  fs::remove_all(path, ignored);
  ::close(lock);
}

ObjectStore::ObjectStore(const fs::path &given) : folder(fs::absolute(given).lexically_normal()) {
  for (const char *part : {"kernels", "failed", "tmp"})
    makeFolder(folder / part);
  sync(folder);
  sweep(workPlace());
}

bool ObjectStore::isHealthy() const {
  try {
    WorkFolder probe(workPlace());
    std::string text(size_t(1) << 20, 'x');
    writeFile(probe.path / "probe", text);
    return readFile(probe.path / "probe") == text;
  } catch (const Unavailable &) {
    return false;
  }
}

fs::path ObjectStore::keyOf(const std::string &id) const { return folder / "kernels" / id; }

std::string ObjectStore::reference(const std::string &id) const {
  return "file://" + (keyOf(id) / "compiled.pt").string();
}

std::optional<Json> ObjectStore::find(const std::string &id) const {
  fs::path place = keyOf(id), sidecar = place / "metadata.json";
  if (!fs::exists(sidecar))
    return std::nullopt;
  auto metadata = parseJson(readFile(sidecar));
  std::string checksum = metadata ? textAt(*metadata, "checksum") : "";
  if (checksum.empty() || checksumOf(place / "compiled.pt") != checksum)
    return std::nullopt;
  return metadata;
}

Json ObjectStore::put(const std::string &id, const fs::path &file, Json metadata) const {
  if (auto there = find(id))
    return *there;
  std::string checksum = checksumOf(file);
  metadata["checksum"] = checksum;
  metadata["bytes"] = fs::file_size(file);
  fs::path place = keyOf(id), signature = file.string() + ".sig";
  makeFolder(place);
  sync(place.parent_path());
  sync(file);
  if (fs::exists(signature)) {
    sync(signature);
    worker::rename(signature, place / "compiled.pt.sig");
  }
  worker::rename(file, place / "compiled.pt");
  writeFileAtomically(place / "metadata.json", metadata.dump(2) + "\n"); // last: all is there
  auto there = find(id);
  if (!there)
    throw Unavailable((place / "compiled.pt").string() +
                      ": what was read back does not have the checksum " + checksum);
  return *there;
}

void ObjectStore::keepFailed(const std::string &blueprintId, const std::string &text,
                             const std::string &reason) const {
  fs::path place = folder / "failed" / service::sha256Hex(blueprintId).substr(0, 32);
  makeFolder(place);
  writeFileAtomically(place / "blueprint.json", text);
  Json why = {
      {"blueprint_id", blueprintId}, {"reason", reason}, {"at", timeText(microsecondsNow())}};
  writeFileAtomically(place / "reason.json", toText(why) + "\n");
}
