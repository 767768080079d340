//===- Utf8.h - UTF-8 one character at a time -------------------*- C++ -*-===//

#ifndef TEZ_LIB_JSON_UTF8_H
#define TEZ_LIB_JSON_UTF8_H

#include <cstddef>
#include <string>
#include <string_view>

namespace tez::json {

/// One character of a text, or the reason why there is none.
struct Utf8Character {
  char32_t code = 0;
  size_t length = 1;           ///< bytes to go on by, also after an error
  const char *fault = nullptr; ///< null when it is sound
};

/// Decodes at `pos`, which must be inside of the text. Refuses overlong forms,
/// encoded surrogates, and what lies past U+10FFFF.
Utf8Character decodeUtf8(std::string_view text, size_t pos);

void appendUtf8(std::string &text, char32_t code);

inline bool isContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// Characters that a terminal obeys instead of showing: control characters,
/// line separators and the marks that change the direction of text.
bool isUnprintable(char32_t code);

} // namespace tez::json

#endif // TEZ_LIB_JSON_UTF8_H
