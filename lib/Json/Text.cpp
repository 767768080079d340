//===- Text.cpp - Words for messages --------------------------------------===//

#include "tez/Json/Text.h"

#include "Utf8.h"

#include <cstdio>

using namespace tez::json;

/// Appends one sound character the way it stands in a JSON string.
static void appendQuoted(std::string &out, char32_t code) {
  if (code == '"' || code == '\\') {
    out += '\\';
    out += static_cast<char>(code);
  } else if (isUnprintable(code)) {
    char buffer[8];
    snprintf(buffer, sizeof(buffer), "\\u%04x", static_cast<unsigned>(code));
    out += code == '\n' ? "\\n" : code == '\t' ? "\\t" : code == '\r' ? "\\r" : buffer;
  } else {
    appendUtf8(out, code);
  }
}

std::string tez::json::quote(std::string_view text) {
  std::string out = "\"";
  for (size_t pos = 0; pos < text.size();) {
    Utf8Character at = decodeUtf8(text, pos);
    appendQuoted(out, at.fault ? 0xFFFD : at.code);
    pos += at.length;
  }
  return out += '"';
}

std::string tez::json::abbreviate(std::string_view text, size_t limit) {
  if (text.size() <= limit)
    return std::string(text);
  size_t cut = limit > 3 ? limit - 3 : 0;
  while (cut > 0 && isContinuation(text[cut]))
    --cut;
  return std::string(text.substr(0, cut)) + "...";
}

std::string tez::json::quotedList(std::span<const std::string_view> words, size_t limit) {
  std::string out;
  for (size_t i = 0; i < words.size() && i < limit; ++i)
    out += (i ? ", " : "") + quote(abbreviate(words[i]));
  if (words.size() > limit)
    out += " and " + std::to_string(words.size() - limit) + " more";
  return out;
}

size_t tez::json::countCharacters(std::string_view text) {
  size_t count = 0;
  for (char byte : text)
    count += !isContinuation(byte);
  return count;
}

static bool isSpace(char32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F) || c == 0x85 ||
         c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

std::string_view tez::json::trim(std::string_view text) {
  while (!text.empty() && isSpace(decodeUtf8(text, 0).code))
    text.remove_prefix(decodeUtf8(text, 0).length);
  while (!text.empty()) {
    size_t last = text.size() - 1;
    while (last > 0 && isContinuation(text[last]))
      --last;
    if (!isSpace(decodeUtf8(text, last).code))
      break;
    text = text.substr(0, last);
  }
  return text;
}
