//===- Utf8.cpp - UTF-8 one character at a time ---------------------------===//

#include "Utf8.h"

using namespace tez::json;

/// Number of bytes that a leading byte announces; 0 for a byte that cannot lead.
static size_t announcedLength(unsigned char lead) {
  if (lead < 0x80)
    return 1;
  if (lead < 0xC0)
    return 0;
  return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF8 ? 4 : 0;
}

/// Why a well-formed sequence does not stand for a character, or null.
static const char *faultOf(char32_t code, size_t length) {
  static constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kLeast[length])
    return "overlong form";
  if (code >= 0xD800 && code <= 0xDFFF)
    return "encoded surrogate";
  return code > 0x10FFFF ? "beyond U+10FFFF" : nullptr;
}

Utf8Character tez::json::decodeUtf8(std::string_view text, size_t pos) {
  auto lead = static_cast<unsigned char>(text[pos]);
  size_t length = announcedLength(lead);
  if (length == 0)
    return {0, 1, "a byte that cannot begin a character"};
  if (length == 1)
    return {lead, 1, nullptr};
  char32_t code = lead & (0x7F >> length);
  for (size_t i = 1; i < length; ++i) {
    if (pos + i >= text.size() || !isContinuation(text[pos + i]))
      return {0, i, "the character is cut off"};
    code = code << 6 | (text[pos + i] & 0x3F);
  }
  return {code, length, faultOf(code, length)};
}

void tez::json::appendUtf8(std::string &text, char32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
    return;
  }
  size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  static constexpr unsigned char kLead[] = {0, 0, 0xC0, 0xE0, 0xF0};
  text += static_cast<char>(kLead[length] | code >> 6 * (length - 1));
  for (size_t i = length - 1; i-- > 0;)
    text += static_cast<char>(0x80 | (code >> 6 * i & 0x3F));
}

bool tez::json::isUnprintable(char32_t code) {
  if (code < 0x20 || (code >= 0x7F && code < 0xA0))
    return true;
  return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}
