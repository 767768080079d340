//===- NameTable.cpp - Attribute names that torch cannot spell ------------===//

#include "NameTable.h"
#include "tez/Support/AttributeNames.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <c10/util/Exception.h>

using namespace tez;
using llvm::StringRef;

/// No identifier, so that torch puts it in quotes wherever it writes it.
static constexpr StringRef kOpen = "<tez:";
static constexpr char kClose = '>';

bool tez::isPythonKeyword(StringRef name) {
  static constexpr StringRef keywords[] = {
      "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
      "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
      "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
      "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};
  return llvm::is_contained(keywords, name);
}

static bool survives(StringRef name) {
  return llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_'; }) &&
         !isPythonKeyword(name);
}

std::string NameTable::encode(StringRef name) {
  TORCH_CHECK(isAttributeName(name), "a module, parameter or buffer cannot be called \"",
              name.str(), '"');
  if (survives(name))
    return name.str();
  auto [entry, isNew] = indices.try_emplace(name, names.size());
  if (isNew)
    names.push_back(name.str());
  return (kOpen + std::to_string(entry->second) + ">").str();
}

/// Octal escapes, always of three digits, for all but letters and digits.
static std::string escape(StringRef name) {
  std::string text;
  for (unsigned char c : name) {
    if (llvm::isAlnum(char(c))) {
      text += char(c);
      continue;
    }
    text += '\\';
    for (int shift : {6, 3, 0})
      text += char('0' + (c >> shift & 7));
  }
  return text;
}

template <typename Replace> std::string NameTable::decode(StringRef text, Replace replace) const {
  std::string decoded;
  decoded.reserve(text.size());
  while (true) {
    auto [before, after] = text.split(kOpen);
    decoded += before;
    if (before.size() == text.size())
      return decoded;
    size_t index = 0;
    after.consumeInteger(10, index);
    after.consume_front(StringRef(&kClose, 1));
    replace(decoded, names[index]);
    text = after;
  }
}

std::string NameTable::decodeSource(StringRef text) const {
  return decode(text, [](std::string &out, StringRef name) { out += escape(name); });
}

std::string NameTable::decodePickle(StringRef pickle) const {
  // A string is the opcode X, four bytes of length (little endian), the text.
  return decode(pickle, [](std::string &out, StringRef name) {
    size_t size = name.size();
    for (size_t i = 4; i > 0; --i, size >>= 8)
      out[out.size() - i] = char(size);
    out += name;
  });
}
