//===- SourceDepth.cpp - How deep torch's parser would recurse ------------===//

#include "Source.h"
#include "llvm/ADT/StringExtras.h"

using namespace tez;
using namespace tez::source;
using llvm::StringRef;
using llvm::Twine;

/// Far above what torch writes for the largest kernel.
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

llvm::Error source::checkDepth(StringRef text) {
  if (DepthCheck(text).accepts())
    return llvm::Error::success();
  return llvm::createStringError("is nested too deep (limits: " + Twine(mostNested) +
                                 " brackets, " + Twine(mostIndented) + " columns of indentation, " +
                                 Twine(mostTokens) + " words and signs in a row)");
}
