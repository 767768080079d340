//===- ObjectStore.cpp - What all stores share ----------------------------===//

#include "tez/Service/Worker/ObjectStore.h"
#include "Stores.h"
#include "tez/Service/Digest.h"
#include "tez/Service/Worker/Time.h"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

using namespace tez;
using namespace tez::worker;
namespace fs = std::filesystem;

void worker::sweepWorkFolders(const fs::path &place) {
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

std::string worker::fileOf(const Json &metadata) {
  if (valueAt(metadata, "file").is_null())
    return kernelFile;
  std::string name = textAt(metadata, "file");
  return name == kernelFile || name == modelFile ? name : "";
}

std::string worker::failedFolderOf(const std::string &blueprintId) {
  return "failed/" + service::sha256Hex(blueprintId).substr(0, 32);
}

std::string worker::reasonText(const std::string &blueprintId, const Json &why) {
  Json all = {{"blueprint_id", blueprintId}, {"at", timeText(microsecondsNow())}};
  all.update(why);
  return toText(all) + "\n";
}

std::unique_ptr<ObjectStore> worker::openStore(const std::string &place, const fs::path &work,
                                               const Stop &stop) {
  if (place.starts_with("s3://"))
    return makeS3Store(place, work, stop);
  if (place.find("://") != std::string::npos)
    throw std::runtime_error("--store: expected a folder or s3://BUCKET[/PREFIX], found " + place);
  return makeFolderStore(place);
}
