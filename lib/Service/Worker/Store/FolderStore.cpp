//===- FolderStore.cpp - Kernels in a folder ------------------------------===//

#include "../Files.h"
#include "Stores.h"

using namespace tez;
using namespace tez::worker;
namespace fs = std::filesystem;

namespace {
class FolderStore : public ObjectStore {
public:
  explicit FolderStore(const fs::path &folder);

  bool isHealthy() const override;
  fs::path workPlace() const override { return folder / "tmp"; }
  Json put(const std::string &id, const fs::path &file, Json metadata) const override;
  std::optional<Json> find(const std::string &id) const override;
  std::string reference(const std::string &id, const std::string &file) const override;
  void keepFailed(const std::string &blueprintId, const std::string &text,
                  const Json &why) const override;
  std::vector<std::string> sweep(std::chrono::seconds age) const override;

private:
  fs::path keyOf(const std::string &id) const { return folder / "kernels" / id; }
  const fs::path folder;
};
} // namespace

FolderStore::FolderStore(const fs::path &given) : folder(fs::absolute(given).lexically_normal()) {
  for (const char *part : {"kernels", "failed", "tmp"})
    makeFolder(folder / part);
  sync(folder);
  sweepWorkFolders(workPlace());
}

bool FolderStore::isHealthy() const {
  try {
    WorkFolder probe(workPlace());
    std::string text(size_t(1) << 20, 'x');
    writeFile(probe.path / "probe", text);
    return readFile(probe.path / "probe") == text;
  } catch (const Unavailable &) {
    return false;
  }
}

std::string FolderStore::reference(const std::string &id, const std::string &file) const {
  return "file://" + (keyOf(id) / file).string();
}

std::optional<Json> FolderStore::find(const std::string &id) const {
  fs::path place = keyOf(id), sidecar = place / "metadata.json";
  if (!fs::exists(sidecar))
    return std::nullopt;
  auto metadata = parseJson(readFile(sidecar));
  std::string checksum = metadata ? textAt(*metadata, "checksum") : "",
              name = metadata ? fileOf(*metadata) : "";
  if (checksum.empty() || name.empty() || checksumOf(place / name) != checksum)
    return std::nullopt;
  return metadata;
}

Json FolderStore::put(const std::string &id, const fs::path &file, Json metadata) const {
  if (auto there = find(id))
    return *there;
  std::string checksum = checksumOf(file);
  metadata["checksum"] = checksum;
  metadata["bytes"] = fs::file_size(file);
  fs::path place = keyOf(id), object = place / fileOf(metadata), signature = file.string() + ".sig";
  makeFolder(place);
  sync(place.parent_path());
  sync(file);
  if (fs::exists(signature)) {
    sync(signature);
    worker::rename(signature, object.string() + ".sig");
  }
  worker::rename(file, object);
  writeFileAtomically(place / "metadata.json", metadata.dump(2) + "\n"); // last: all is there
  auto there = find(id);
  if (!there)
    throw Unavailable(object.string() + ": what was read back does not have the checksum " +
                      checksum);
  return *there;
}

void FolderStore::keepFailed(const std::string &blueprintId, const std::string &text,
                             const Json &why) const {
  fs::path place = folder / failedFolderOf(blueprintId);
  makeFolder(place);
  writeFileAtomically(place / "blueprint.json", text);
  writeFileAtomically(place / "reason.json", reasonText(blueprintId, why));
}

static bool isOlder(const fs::path &path, std::chrono::seconds age) {
  std::error_code gone;
  auto written = fs::last_write_time(path, gone);
  return !gone && fs::file_time_type::clock::now() - written > age;
}

std::vector<std::string> FolderStore::sweep(std::chrono::seconds age) const {
  sweepWorkFolders(workPlace());
  std::vector<std::string> swept;
  for (const auto &entry : fs::directory_iterator(folder / "kernels")) {
    const fs::path &place = entry.path();
    if (fs::exists(place / "metadata.json") || !isOlder(place, age))
      continue;
    std::error_code fault;
    fs::remove_all(place, fault);
    if (fault)
      throw Unavailable(place.string() + ": " + fault.message());
    swept.push_back("kernels/" + place.filename().string());
  }
  return swept;
}

std::unique_ptr<ObjectStore> worker::makeFolderStore(const fs::path &folder) {
  return std::make_unique<FolderStore>(folder);
}
