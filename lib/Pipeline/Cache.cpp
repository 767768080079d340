//===- Cache.cpp - Kernels made before, by content id ---------------------===//

#include "Cache.h"
#include "BuildId.h"
#include "tez/Native/MachineCode.h"
#include "tez/Support/AtomicFile.h"
#include "llvm/Support/MemoryBuffer.h"
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

using namespace tez;
using llvm::StringRef;
using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

static constexpr const char *kKey = "key.json", *kEvidence = "evidence.json";
static constexpr StringRef kEnding = ".entry";

CompileCache::CompileCache(std::string folder, const Identity &identity,
                           const std::string &validation)
    : folder(std::move(folder)), key(identity.parts) {
  key.push_back({"validation", validation});
  key.push_back({"build", buildId()}); // of one version there may be many
  std::string name = identity.contentId + "-" + sha256(validation).substr(0, 8) + kEnding.str();
  entry = (fs::path(this->folder) / name).string();
}

static Json keyJson(const std::vector<IdentityPart> &key) {
  Json json = Json::object();
  for (const IdentityPart &part : key)
    json[part.name] = part.value;
  return json;
}

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

/// The key of an entry; null where the file is none.
static Json keyOf(StringRef archive) {
  llvm::Expected<std::string> text = readExtra(archive, kKey);
  if (!text)
    return llvm::consumeError(text.takeError()), Json();
  return Json::parse(*text, nullptr, /*allow_exceptions=*/false);
}

std::optional<CompileCache::Kernel> CompileCache::find(std::string &warning) const {
  std::error_code failed;
  if (!fs::exists(entry, failed))
    return std::nullopt;
  // Not mapped: what has been verified must stay as it is.
  auto file = llvm::MemoryBuffer::getFile(entry, /*IsText=*/false,
                                          /*RequiresNullTerminator=*/false, /*IsVolatile=*/true);
  if (!file) {
    warning = entry + ": " + file.getError().message();
    return std::nullopt;
  }
  StringRef archive = (*file)->getBuffer();
  if (llvm::Error damage = verifyArchive(archive)) {
    warning =
        entry + ": the entry is damaged and is made again: " + llvm::toString(std::move(damage));
    return std::nullopt;
  }
  llvm::Expected<std::string> evidence = readExtra(archive, kEvidence);
  llvm::Expected<ExtraRecords> code = readExtras(archive, native::recordsFolder);
  if (!evidence || !code || keyOf(archive) != keyJson(key)) {
    llvm::consumeError(evidence.takeError());
    llvm::consumeError(code.takeError());
    return std::nullopt; // of another build
  }
  return Kernel{archive.str(), std::move(*evidence), std::move(*code)};
}

llvm::Error CompileCache::store(StringRef archive, StringRef evidence,
                                const ExtraRecords &machineCode) const {
  std::error_code failed;
  if (!fs::create_directories(folder, failed) && failed)
    return llvm::createStringError(folder + ": " + failed.message());
  ExtraRecords records = machineCode;
  records[kEvidence] = evidence.str();
  records[kKey] = keyJson(key).dump(1) + "\n";
  llvm::Expected<std::string> sealed = sealArchive(archive, records);
  return sealed ? writeFileAtomically(entry, *sealed) : sealed.takeError();
}

//===----------------------------------------------------------------------===//
// Why there is none
//===----------------------------------------------------------------------===//

static std::string valueIn(const Json &key, const std::string &name) {
  return key.is_object() && key.contains(name) && key[name].is_string()
             ? key[name].get<std::string>()
             : "nothing";
}

namespace {
struct Neighbour {
  std::string path;
  Json key;
  long common = -1; ///< parts
};
} // namespace

/// The entry with most parts in common, of several the first by name.
static Neighbour nearest(const std::string &folder, const std::vector<IdentityPart> &key) {
  Neighbour best;
  std::vector<std::string> paths;
  std::error_code failed;
  for (const fs::directory_entry &file : fs::directory_iterator(folder, failed))
    if (file.path().extension() == kEnding.str())
      paths.push_back(file.path().string());
  std::sort(paths.begin(), paths.end());
  for (const std::string &path : paths) {
    auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
    Json other = file ? keyOf((*file)->getBuffer()) : Json();
    long common = std::count_if(key.begin(), key.end(), [&](const IdentityPart &part) {
      return valueIn(other, part.name) == part.value;
    });
    if (other.is_object() && common > best.common)
      best = {path, std::move(other), common};
  }
  return best;
}

std::string CompileCache::explainMiss() const {
  Neighbour neighbour = nearest(folder, key);
  std::string text = neighbour.common < 0 ? "miss: " + folder + " has no entry\n"
                                          : "miss: the nearest entry is " + neighbour.path + "\n";
  for (const IdentityPart &part : key) {
    std::string other = valueIn(neighbour.key, part.name);
    text += "  " + part.name + ": " + part.value;
    if (neighbour.common >= 0)
      text += other == part.value ? " (the same)" : " (differs: " + other + ")";
    text += "\n";
  }
  return text;
}
