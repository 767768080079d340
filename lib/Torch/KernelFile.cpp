//===- KernelFile.cpp - What a kernel file may ask of torch ---------------===//

#include "KernelFile.h"
#include "tez/Support/ZipReader.h"
#include "llvm/ADT/StringExtras.h"
#include <vector>

using namespace tez;
using llvm::StringRef;
using llvm::Twine;

/// Far above what torch writes for the largest kernel.
static constexpr uint64_t mostInflated = uint64_t(64) << 20;
static constexpr size_t mostNested = 256, mostIndented = 512, mostTokens = 2048;

namespace {
/// Torch's parser recurses into brackets, blocks and operators. Of each open
/// bracket we count the words and signs since its last comma: an expression is
/// at most that deep.
class DepthCheck {
public:
  explicit DepthCheck(StringRef source) : rest(source) {}

  bool accepts() {
    while (!rest.empty())
      if (!step())
        return false;
    return true;
  }

private:
  bool step() {
    char c = rest.front();
    if (c == '"' || c == '\'')
      return skipString(c), count();
    if (llvm::isAlnum(c) || c == '_')
      return rest = rest.drop_while([](char d) { return llvm::isAlnum(d) || d == '_'; }), count();
    rest = rest.drop_front();
    switch (c) {
    case '#':
      rest = rest.drop_until([](char d) { return d == '\n'; });
      return true;
    case '\n':
      return endLine();
    case ',':
      tokens.back() = 0;
      return true;
    case '(':
    case '[':
    case '{':
      tokens.push_back(0);
      return tokens.size() <= mostNested + 1;
    case ')':
    case ']':
    case '}':
      if (tokens.size() > 1)
        tokens.pop_back();
      return count();
    default:
      return llvm::isSpace(c) || count();
    }
  }

  bool count() { return ++tokens.back() <= mostTokens; }

  bool endLine() {
    if (tokens.size() == 1)
      tokens.back() = 0;
    return rest.size() - rest.ltrim(" \t").size() <= mostIndented;
  }

  void skipString(char quote) {
    rest = rest.drop_front();
    while (!rest.empty() && rest.front() != quote && rest.front() != '\n')
      rest = rest.drop_front(std::min<size_t>(rest.size(), rest.front() == '\\' ? 2 : 1));
    if (rest.starts_with(StringRef(&quote, 1)))
      rest = rest.drop_front();
  }

  StringRef rest;
  std::vector<size_t> tokens = {0};
};
} // namespace

static llvm::Error fail(StringRef name, const Twine &what) {
  return llvm::createStringError("record \"" + name + "\" " + what);
}

static llvm::Error checkSource(StringRef name, const ZipRecord &record) {
  llvm::Expected<std::string> text = inflateRecord(record, mostInflated);
  if (!text)
    return fail(name, llvm::toString(text.takeError()));
  if (!DepthCheck(*text).accepts())
    return fail(name, "is nested too deep (limits: " + Twine(mostNested) + " brackets, " +
                          Twine(mostIndented) + " columns of indentation, " + Twine(mostTokens) +
                          " words and signs in a row)");
  return llvm::Error::success();
}

llvm::Error tez::checkKernelFile(StringRef bytes) {
  llvm::Expected<ZipReader> zip = ZipReader::open(bytes);
  if (!zip)
    return zip.takeError();
  uint64_t stored = 0, inflated = 0;
  for (const std::string &name : zip->names()) {
    llvm::Expected<ZipRecord> record = zip->readRaw(name);
    if (!record)
      return record.takeError();
    bool isCode = StringRef(name).ends_with(".py") || StringRef(name).ends_with(".pkl");
    stored += record->content.size();
    if (record->method != 0 || isCode)
      inflated += std::min(record->size, mostInflated + 1);
    if (inflated > mostInflated)
      return fail(name, "takes " + Twine(record->size) +
                            " bytes, the limit on source and on what " + "is compressed is " +
                            Twine(mostInflated) + " in all");
    if (stored > bytes.size() || (record->method == 0 && record->size != record->content.size()))
      return fail(name, "shares its bytes with another record");
    if (StringRef(name).ends_with(".py"))
      if (llvm::Error error = checkSource(name, *record))
        return error;
  }
  return llvm::Error::success();
}
