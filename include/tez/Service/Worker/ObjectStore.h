//===- ObjectStore.h - Kernels, where hosts find them -----------*- C++ -*-===//

#ifndef TEZ_SERVICE_WORKER_OBJECTSTORE_H
#define TEZ_SERVICE_WORKER_OBJECTSTORE_H

#include "tez/Service/Worker/Json.h"
#include "tez/Service/Worker/Retry.h"
#include <filesystem>
#include <memory>
#include <vector>

namespace tez::worker {

/// A folder of one job; gone with this object, and with the next worker when
/// this one was killed.
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

/// Removes the folders in `place` that no living worker holds.
void sweepWorkFolders(const std::filesystem::path &place);

inline constexpr const char *kernelFile = "compiled.pt", *modelFile = "compiled.onnx";

/// The file that a kernel's metadata is of: "file" in it, else compiled.pt; "" where that
/// is no such name.
std::string fileOf(const Json &metadata);

/// kernels/{id}/ with compiled.pt or compiled.onnx and its metadata.json, and failed/. What it
/// cannot do throws Unavailable, which names the place and what was said there; at the end of the
/// worker GivenUp. For several threads.
class ObjectStore {
public:
  virtual ~ObjectStore() = default;

  /// Writes an object and reads it.
  virtual bool isHealthy() const = 0;
  /// The folder for WorkFolders: on the store's disk where it is a folder.
  virtual std::filesystem::path workPlace() const = 0;

  /// Moves `file` (and `file`.sig, where it is) to its key, which fileOf(metadata) ends;
  /// "checksum" and "bytes" are added to `metadata`. Returns the metadata of what is there then:
  /// that of another worker, when it was faster. It has been read back.
  virtual Json put(const std::string &id, const std::filesystem::path &file,
                   Json metadata) const = 0;

  /// The metadata of an object that is there and has the checksum it says.
  virtual std::optional<Json> find(const std::string &id) const = 0;

  /// file:///... or s3://... of kernelFile or modelFile.
  virtual std::string reference(const std::string &id, const std::string &file) const = 0;

  /// Keeps what no try got through: the blueprint's text, and `why` with its id and the time.
  virtual void keepFailed(const std::string &blueprintId, const std::string &text,
                          const Json &why) const = 0;

  /// Removes what nobody has touched for so long and nobody will finish: kernels
  /// without metadata, uploads that were begun. Returns what it was, a line each.
  virtual std::vector<std::string> sweep(std::chrono::seconds age) const = 0;
};

/// A bucket for s3://BUCKET[/PREFIX], with the environment's AWS_...; else a
/// folder. `work`: where WorkFolders of a bucket's workers go; "": a default.
/// Throws what is wrong with the place; Unavailable where it cannot be reached.
std::unique_ptr<ObjectStore> openStore(const std::string &place, const std::filesystem::path &work,
                                       const Stop &stop);

} // namespace tez::worker

#endif // TEZ_SERVICE_WORKER_OBJECTSTORE_H
