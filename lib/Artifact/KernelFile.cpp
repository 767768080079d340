//===- KernelFile.cpp - What a kernel file may ask of torch ---------------===//

#include "tez/Artifact/KernelFile.h"
#include "EntryNames.h"
#include "Source.h"
#include "State.h"
#include "tez/Support/ZipReader.h"
#include <vector>

using namespace tez;
using llvm::Error;
using llvm::StringRef;
using llvm::Twine;

/// Far above what torch writes for the largest kernel.
static constexpr uint64_t mostInflated = uint64_t(64) << 20;

static Error fail(StringRef name, const Twine &what) {
  return llvm::createStringError("record \"" + name + "\" " + what);
}
static Error within(StringRef name, Error error) {
  return error ? fail(name, llvm::toString(std::move(error))) : Error::success();
}

namespace {
class FileCheck {
public:
  explicit FileCheck(ZipReader zip, std::string top) : zip(std::move(zip)), top(std::move(top)) {}

  Error run(uint64_t fileSize) {
    if (Error error = checkSizes(fileSize))
      return error;
    if (Error error =
            forEach(".py", [&](StringRef path, StringRef text) { return declare(path, text); }))
      return error;
    if (Error error = forEach(".py", [&](StringRef path, StringRef text) {
          return source::check(text, source::moduleOf(path), declarations);
        }))
      return error;
    if (Error error = forEach(".debug_pkl",
                              [](StringRef, StringRef text) { return state::checkPlain(text); }))
      return error;
    return forEach(".pkl", [&](StringRef path, StringRef text) { return checkState(path, text); });
  }

private:
  Error checkSizes(uint64_t fileSize);
  Error declare(StringRef path, StringRef text);
  Error checkState(StringRef path, StringRef text);
  /// The records with this ending outside of extra/, inflated.
  Error forEach(StringRef ending, llvm::function_ref<Error(StringRef, StringRef)> visit);

  ZipReader zip;
  std::string top;
  source::Declarations declarations;
};
} // namespace

Error FileCheck::checkSizes(uint64_t fileSize) {
  uint64_t stored = 0, inflated = 0;
  for (const std::string &name : zip.names()) {
    llvm::Expected<ZipRecord> record = zip.readRaw(name);
    if (!record)
      return record.takeError();
    std::string lower = StringRef(name).lower();
    bool isCode = StringRef(lower).ends_with(".py") || StringRef(lower).ends_with("pkl");
    stored += record->content.size();
    if (record->method != 0 || isCode)
      inflated += std::min(record->size, mostInflated + 1);
    if (inflated > mostInflated)
      return fail(name, "takes " + Twine(record->size) +
                            " bytes, the limit on source and on what is compressed is " +
                            Twine(mostInflated) + " in all");
    if (stored > fileSize || (record->method == 0 && record->size != record->content.size()))
      return fail(name, "shares its bytes with another record");
  }
  return Error::success();
}

Error FileCheck::forEach(StringRef ending, llvm::function_ref<Error(StringRef, StringRef)> visit) {
  for (const std::string &name : zip.names()) {
    StringRef path = StringRef(name).drop_front(top.size());
    if (path.starts_with("extra/") || !path.lower().ends_with(ending))
      continue;
    llvm::Expected<ZipRecord> record = zip.readRaw(name);
    if (!record)
      return record.takeError();
    llvm::Expected<std::string> text = inflateRecord(*record, mostInflated);
    Error error = text ? visit(path, *text) : text.takeError();
    if (error)
      return within(name, std::move(error));
  }
  return Error::success();
}

Error FileCheck::declare(StringRef path, StringRef text) {
  if (!path.starts_with("code/__torch__/") && path != "code/__torch__.py")
    return llvm::createStringError("is source, but not in code/__torch__");
  if (Error error = source::checkDepth(text))
    return error;
  return source::declare(text, source::moduleOf(path), declarations);
}

Error FileCheck::checkState(StringRef path, StringRef text) {
  if (path != "data.pkl" && path != "constants.pkl")
    return llvm::createStringError("is a pickle; expected only data.pkl and constants.pkl");
  auto sizeOf = [this](StringRef record) -> std::optional<uint64_t> {
    llvm::Expected<ZipRecord> found = zip.readRaw((top + record).str());
    if (found)
      return found->size;
    llvm::consumeError(found.takeError());
    return std::nullopt;
  };
  StringRef folder = path.drop_back(4);
  return state::check(text, (folder + "/").str(), declarations, sizeOf);
}

Error tez::checkKernelFile(StringRef bytes) {
  llvm::Expected<ZipReader> zip = ZipReader::open(bytes);
  if (!zip)
    return zip.takeError();
  llvm::Expected<std::string> top = topFolder(zip->names());
  if (!top)
    return top.takeError();
  return FileCheck(std::move(*zip), std::move(*top)).run(bytes.size());
}
