//===- Lexer.cpp - Words, and what stands at a place ----------------------===//

#include "Lexer.h"

#include "Utf8.h"
#include "tez/Json/Text.h"

#include <cstdio>

using namespace tez::json;

static bool isWordByte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '+' || c == '-' || c == '.';
}

size_t tez::json::wordLength(std::string_view text, size_t pos) {
  size_t end = pos;
  while (end < text.size() && isWordByte(text[end]))
    ++end;
  return end - pos;
}

std::string tez::json::hexByte(unsigned char byte) {
  char buffer[8];
  snprintf(buffer, sizeof(buffer), "0x%02X", byte);
  return buffer;
}

size_t tez::json::lengthAt(std::string_view text, size_t pos) {
  if (pos >= text.size())
    return 0;
  size_t word = wordLength(text, pos);
  return word ? word : decodeUtf8(text, pos).length;
}

static std::string codePointName(char32_t code) {
  char buffer[16];
  snprintf(buffer, sizeof(buffer), "U+%04X", static_cast<unsigned>(code));
  return buffer;
}

std::string tez::json::describeAt(std::string_view text, size_t pos) {
  if (pos >= text.size())
    return "the end of the file";
  if (size_t word = wordLength(text, pos))
    return abbreviate(text.substr(pos, word), 40);
  Utf8Character at = decodeUtf8(text, pos);
  if (at.fault)
    return "byte " + hexByte(text[pos]) + ", which is not UTF-8 (" + at.fault + ")";
  if (at.code > 0x7E || at.code < 0x20)
    return "character " + codePointName(at.code);
  return std::string("'") + text[pos] + "'";
}

/// What JSON would have for a word of another language.
static std::string hintFor(std::string_view word) {
  if (word == "True" || word == "TRUE")
    return "JSON writes true";
  if (word == "False" || word == "FALSE")
    return "JSON writes false";
  if (word == "None" || word == "nil" || word == "undefined")
    return "JSON writes null";
  return {};
}

std::optional<Fault> tez::json::scanWord(std::string_view text, size_t &pos) {
  size_t length = wordLength(text, pos);
  std::string_view word = text.substr(pos, length);
  if (word == "true" || word == "false" || word == "null") {
    pos += length;
    return std::nullopt;
  }
  std::string found = "expected a value, found " + describeAt(text, pos);
  if (word == "NaN" || word == "nan" || word == "Infinity" || word == "inf")
    return Fault{pos, length, found, "JSON numbers are finite"};
  return Fault{pos, length, found, hintFor(word)};
}
