//===- Tokens.cpp - Mutates text by words rather than bytes ---------------===//

#include "Tokens.h"
#include "llvm/ADT/StringExtras.h"
#include <random>

using llvm::StringRef;
using namespace tez::fuzz;

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t maxSize);

static bool isWordPart(char c) { return llvm::isAlnum(c) || c == '_' || c == '.' || c == '$'; }

static size_t stringEnd(StringRef text, size_t at) {
  for (++at; at < text.size() && text[at] != '"' && text[at] != '\n'; ++at)
    at += text[at] == '\\';
  return std::min(at + 1, text.size());
}

static size_t tokenEnd(StringRef text, size_t at) {
  while (at < text.size() && llvm::isSpace(text[at]))
    ++at;
  if (at == text.size())
    return at;
  if (text[at] == '"')
    return stringEnd(text, at);
  size_t end = at + 1; // a sign or a sigil (%x, @f, !esper, -1) goes with its word
  if (isWordPart(text[at]) || StringRef("%@!#-").contains(text[at]))
    while (end < text.size() && isWordPart(text[end]))
      ++end;
  return end;
}

std::vector<StringRef> tez::fuzz::tokensOf(StringRef text) {
  std::vector<StringRef> tokens;
  for (size_t at = 0; at < text.size();) {
    size_t end = tokenEnd(text, at);
    tokens.push_back(text.slice(at, end));
    at = end;
  }
  return tokens;
}

namespace {
/// One change of a list of tokens.
class Mutation {
public:
  Mutation(std::vector<StringRef> &tokens, llvm::ArrayRef<std::string> words, unsigned seed)
      : tokens(tokens), words(words), random(seed) {}

  void apply() {
    size_t at = below(tokens.size());
    switch (below(7)) {
    case 0:
      return erase(at);
    case 1:
      return std::swap(tokens[at], tokens[below(tokens.size())]);
    case 2: // of the same text
      return void(tokens[at] = tokens[below(tokens.size())]);
    case 3:
      return repeat(at);
    case 4:
      return void(tokens[at] = number());
    case 5:
      return void(tokens.insert(tokens.begin() + ptrdiff_t(at), word()));
    default:
      return void(tokens[at] = word());
    }
  }

private:
  size_t below(size_t limit) { return limit ? random() % limit : 0; }

  void erase(size_t at) {
    size_t count = std::min(1 + below(below(2) ? 2 : 12), tokens.size() - at);
    auto begin = tokens.begin() + ptrdiff_t(at);
    tokens.erase(begin, begin + ptrdiff_t(count));
  }

  /// A stretch once more, somewhere.
  void repeat(size_t at) {
    size_t count = std::min(1 + below(24), tokens.size() - at);
    std::vector<StringRef> stretch(tokens.begin() + ptrdiff_t(at),
                                   tokens.begin() + ptrdiff_t(at + count));
    tokens.insert(tokens.begin() + ptrdiff_t(below(tokens.size())), stretch.begin(), stretch.end());
  }

  StringRef word() { return words.empty() ? number() : StringRef(words[below(words.size())]); }

  StringRef number() {
    static constexpr StringRef numbers[] = {
        " 0",   " 1",   " 2",           " 3",          " 7",          " 64",
        " -1",  " -2",  " 2147483647",  " 2147483648", " 4294967296", " 9223372036854775807",
        " 0.0", " 0.5", " 1.000000e+0", " -1.0e-300",  " 1.0e300",    " -9223372036854775808"};
    return numbers[below(std::size(numbers))];
  }

  std::vector<StringRef> &tokens;
  llvm::ArrayRef<std::string> words;
  std::minstd_rand random;
};
} // namespace

size_t tez::fuzz::mutateTokens(uint8_t *data, size_t size, size_t maxSize, unsigned seed,
                               llvm::ArrayRef<std::string> words) {
  std::string text(reinterpret_cast<const char *>(data), size);
  std::vector<StringRef> tokens = tokensOf(text);
  if (tokens.empty() || seed % 16 == 0)
    return LLVMFuzzerMutate(data, size, maxSize);
  Mutation mutation(tokens, words, seed / 16);
  for (unsigned i = 0; i <= seed % 3 && !tokens.empty(); ++i)
    mutation.apply();
  std::string changed = llvm::join(tokens, "");
  size_t length = std::min(changed.size(), maxSize);
  std::copy_n(changed.data(), length, data);
  return length;
}
