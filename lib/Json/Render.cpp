//===- Render.cpp - Diagnostics as text and as JSON -----------------------===//

#include "Utf8.h"
#include "tez/Json/Diagnostic.h"
#include "tez/Json/Text.h"

#include <algorithm>

using namespace tez::json;

namespace {
/// The part of a source line that is shown: bytes [begin, end).
struct Window {
  size_t begin;
  size_t end;
  bool cutFront;
  bool cutBack;
};
} // namespace

static constexpr size_t kBefore = 60, kAfter = 60, kLongestPath = 240;

/// Cuts the line [lineBegin, lineEnd) to the neighbourhood of `offset`, which
/// lies in it or at its end; never within a character.
static Window windowAround(std::string_view text, size_t lineBegin, size_t offset, size_t lineEnd) {
  size_t begin = offset - lineBegin > kBefore ? offset - kBefore : lineBegin;
  size_t end = lineEnd - offset > kAfter ? offset + kAfter : lineEnd;
  while (begin < offset && begin > lineBegin && isContinuation(text[begin]))
    ++begin;
  while (end < lineEnd && isContinuation(text[end]))
    ++end;
  return {begin, end, begin > lineBegin, end < lineEnd};
}

/// Source text as one column for each character: what a terminal would obey
/// or could not show is replaced.
static std::string visible(std::string_view text) {
  std::string out;
  for (size_t pos = 0; pos < text.size();) {
    Utf8Character at = decodeUtf8(text, pos);
    bool hidden = at.fault || isUnprintable(at.code);
    appendUtf8(out, at.code == '\t' ? U' ' : hidden ? char32_t(0xFFFD) : at.code);
    pos += at.length;
  }
  return out;
}

/// The line that holds `offset`, and a caret under it.
static std::string sourceLine(const Source &source, size_t offset, size_t length) {
  std::string_view text = source.text();
  size_t lineBegin = source.lineBegin(offset), lineEnd = source.lineEnd(lineBegin);
  offset = std::min(offset, lineEnd); // it may be in the line break
  Window window = windowAround(text, lineBegin, offset, lineEnd);
  size_t marked = std::min(length, window.end - offset);
  std::string before = visible(text.substr(window.begin, offset - window.begin));
  std::string after = visible(text.substr(offset, window.end - offset));
  before = (window.cutFront ? "  ..." : "  ") + before;
  after += window.cutBack ? "...\n" : "\n";
  size_t width = std::max<size_t>(1, countCharacters(visible(text.substr(offset, marked))));
  return before + after + std::string(countCharacters(before), ' ') + '^' +
         std::string(width - 1, '~') + '\n';
}

/// The path for a reader's eye: of a very long one the middle is left out.
static std::string shortPath(std::string_view path) {
  if (path.size() <= kLongestPath)
    return std::string(path);
  size_t tail = path.size() - kLongestPath / 2;
  while (isContinuation(path[tail]))
    ++tail;
  return abbreviate(path, kLongestPath / 2) + std::string(path.substr(tail));
}

std::string tez::json::renderText(const Source &source, const Diagnostic &diagnostic) {
  std::string out(source.name());
  out += ':' + std::to_string(diagnostic.line) + ':' + std::to_string(diagnostic.column) + ": ";
  out += std::string(name(diagnostic.severity)) + ": ";
  if (!diagnostic.path.empty())
    out += shortPath(diagnostic.path) + ": ";
  out += diagnostic.message;
  if (!diagnostic.hint.empty())
    out += " (" + diagnostic.hint + ")";
  size_t offset = std::min(diagnostic.offset, source.text().size());
  return out + "\n" + sourceLine(source, offset, diagnostic.length);
}

std::string tez::json::renderJson(std::string_view file, const Diagnostic &diagnostic) {
  std::string out = "{\"file\":" + quote(file);
  out += ",\"line\":" + std::to_string(diagnostic.line);
  out += ",\"column\":" + std::to_string(diagnostic.column);
  out += ",\"severity\":" + quote(name(diagnostic.severity));
  out += ",\"field\":" + quote(diagnostic.pointer);
  out += ",\"path\":" + quote(diagnostic.path);
  out += ",\"message\":" + quote(diagnostic.message);
  if (!diagnostic.hint.empty())
    out += ",\"hint\":" + quote(diagnostic.hint);
  return out + "}";
}
