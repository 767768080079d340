//===- StringLexer.cpp - Strings ------------------------------------------===//

#include "Lexer.h"
#include "Utf8.h"

#include <cstdio>
#include <cstring>

using namespace tez::json;

namespace {
class StringScanner {
public:
  StringScanner(std::string_view text, size_t pos, std::string &decoded)
      : text(text), open(pos), pos(pos + 1), decoded(decoded) {}

  std::optional<Fault> scan(Node &node);
  size_t end() const { return pos; }

private:
  /// Each moves past what it accepts, or sets `fault` and returns false.
  bool character();
  bool escape();
  bool unicodeEscape(size_t begin);
  bool multiByte();
  bool refuse(size_t begin, size_t length, std::string message, std::string hint = {});
  std::optional<char32_t> hex4(size_t at) const;
  void skipPlain();

  std::string_view text;
  size_t open;
  size_t pos;
  std::string &decoded;
  size_t flushed = 0; ///< source bytes before this are in `decoded`, once it is used
  bool escaped = false;
  std::optional<Fault> fault;
};
} // namespace

bool StringScanner::refuse(size_t begin, size_t length, std::string message, std::string hint) {
  fault = Fault{begin, length, std::move(message), std::move(hint)};
  return false;
}

void StringScanner::skipPlain() {
  while (pos < text.size()) {
    auto byte = static_cast<unsigned char>(text[pos]);
    if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\')
      return;
    ++pos;
  }
}

std::optional<Fault> StringScanner::scan(Node &node) {
  size_t poolBegin = decoded.size();
  flushed = pos;
  for (skipPlain(); pos >= text.size() || text[pos] != '"'; skipPlain())
    if (!character())
      return fault;
  if (escaped) {
    decoded.append(text, flushed, pos - flushed);
    node.decodedBegin = static_cast<uint32_t>(poolBegin);
    node.decodedSize = static_cast<uint32_t>(decoded.size() - poolBegin);
  }
  ++pos;
  return std::nullopt;
}

bool StringScanner::character() {
  if (pos >= text.size())
    return refuse(open, 1, "expected '\"' at the end of the string, found the end of the file");
  auto byte = static_cast<unsigned char>(text[pos]);
  if (byte == '\\')
    return escape();
  if (byte >= 0x80)
    return multiByte();
  if (byte == '\n' || byte == '\r')
    return refuse(pos, 1, "expected '\"' at the end of the string, found the end of the line",
                  "a line break inside of a string is written \\n");
  char buffer[8];
  snprintf(buffer, sizeof(buffer), "\\u%04x", byte);
  return refuse(pos, 1, "expected text, found the control character " + hexByte(byte),
                byte ? "it is written " + std::string(buffer) : "NUL is refused in every form");
}

bool StringScanner::multiByte() {
  Utf8Character at = decodeUtf8(text, pos);
  if (at.fault)
    return refuse(pos, at.length,
                  "expected UTF-8, found byte " + hexByte(text[pos]) + " (" + at.fault + ")");
  pos += at.length;
  return true;
}

bool StringScanner::escape() {
  size_t begin = pos;
  decoded.append(text, flushed, begin - flushed);
  escaped = true;
  char letter = begin + 1 < text.size() ? text[begin + 1] : '\0';
  pos += 2;
  flushed = pos;
  if (letter == 'u')
    return unicodeEscape(begin);
  static constexpr char kLetters[] = "\"\\/bfnrt", kMeanings[] = "\"\\/\b\f\n\r\t";
  const char *known = letter ? std::strchr(kLetters, letter) : nullptr;
  if (!known)
    return refuse(begin, 1,
                  "expected an escape of JSON after '\\', found " +
                      describeAt(text, begin + 1).substr(0, 40),
                  "JSON has \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX");
  decoded += kMeanings[known - kLetters];
  return true;
}

std::optional<char32_t> StringScanner::hex4(size_t at) const {
  if (at + 4 > text.size())
    return std::nullopt;
  char32_t code = 0;
  for (char c : text.substr(at, 4)) {
    int digit = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : -1;
    if (digit < 0)
      return std::nullopt;
    code = code * 16 + digit;
  }
  return code;
}

bool StringScanner::unicodeEscape(size_t begin) {
  auto isLow = [](std::optional<char32_t> c) { return c && *c >= 0xDC00 && *c <= 0xDFFF; };
  std::optional<char32_t> code = hex4(begin + 2);
  if (!code)
    return refuse(begin, 2, "expected four hexadecimal digits after \\u");
  if (*code == 0)
    return refuse(begin, 6, "expected text, found \\u0000", "NUL is refused in every form");
  pos = begin + 6;
  if (*code >= 0xD800 && *code <= 0xDBFF && text.substr(pos, 2) == "\\u" && isLow(hex4(pos + 2))) {
    code = 0x10000 + ((*code - 0xD800) << 10) + (*hex4(pos + 2) - 0xDC00);
    pos += 6;
  }
  if (*code >= 0xD800 && *code <= 0xDFFF)
    return refuse(begin, 6,
                  "expected a character, found the lone surrogate " +
                      std::string(text.substr(begin, 6)));
  appendUtf8(decoded, *code);
  flushed = pos;
  return true;
}

std::optional<Fault> tez::json::scanString(std::string_view text, size_t &pos, std::string &decoded,
                                           Node &node) {
  StringScanner scanner(text, pos, decoded);
  std::optional<Fault> fault = scanner.scan(node);
  pos = scanner.end();
  return fault;
}
