//===- ObjectStore.h - Kernels in a folder ----------------------*- C++ -*-===//

#ifndef TEZ_SERVICE_WORKER_OBJECTSTORE_H
#define TEZ_SERVICE_WORKER_OBJECTSTORE_H

#include "tez/Service/Worker/Json.h"
#include "tez/Service/Worker/Retry.h"
#include <filesystem>

namespace tez::worker {

/// A folder of one job, on the store's disk; gone with this object, and with
/// the next worker when this one was killed.
class WorkFolder {
public:
  explicit WorkFolder(const std::filesystem::path &parent);
  WorkFolder(const WorkFolder &) = delete;
  WorkFolder &operator=(const WorkFolder &) = delete;
  ~WorkFolder();

  std::filesystem::path path;

private:
  int lock = -1; ///< held: a worker lives that uses it
};

/// DIR/kernels/{id}/compiled.pt with its metadata.json, and DIR/failed. What it
/// cannot do throws Unavailable, which names the path and what the system said.
class ObjectStore {
public:
  explicit ObjectStore(const std::filesystem::path &folder);

  /// Writes a file, reads it and removes it.
  bool isHealthy() const;
  std::filesystem::path workPlace() const { return folder / "tmp"; }

  /// Moves `file` (and `file`.sig, where it is) to its key; "checksum" and
  /// "bytes" are added to `metadata`. Returns the metadata of what is there then:
  /// that of another worker, when it was faster. It has been read back.
  Json put(const std::string &id, const std::filesystem::path &file, Json metadata) const;

  /// The metadata of an object that is there and has the checksum it says.
  std::optional<Json> find(const std::string &id) const;

  /// file:///...
  std::string reference(const std::string &id) const;

  /// Keeps what no try got through.
  void keepFailed(const std::string &blueprintId, const std::string &text,
                  const std::string &reason) const;

private:
  std::filesystem::path keyOf(const std::string &id) const;
  std::filesystem::path folder;
};

} // namespace tez::worker

#endif // TEZ_SERVICE_WORKER_OBJECTSTORE_H
