//===- Source.cpp - The text of a file and its lines ----------------------===//

#include "tez/Json/Source.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

using namespace tez::json;

static constexpr size_t kBlock = 1024;

Source::Source(std::string name, std::string text)
    : fileName(std::move(name)), content(std::move(text)) {
  uint32_t line = 1;
  size_t begin = 0;
  for (size_t start = 0; start <= content.size(); start += kBlock) {
    blocks.push_back({line, begin});
    size_t end = std::min(start + kBlock, content.size());
    for (size_t i = start; i < end; ++i)
      if (content[i] == '\n') {
        ++line;
        begin = i + 1;
      }
  }
}

/// Reads up to `most` bytes; false when the system reports an error.
static bool readUpTo(FILE *file, size_t most, std::string &text) {
  char buffer[1 << 16];
  while (text.size() < most) {
    size_t got = fread(buffer, 1, std::min(sizeof(buffer), most - text.size()), file);
    text.append(buffer, got);
    if (got == 0)
      break;
  }
  return !ferror(file);
}

std::optional<Source> Source::read(const std::string &path, size_t limit, std::string &error) {
  bool standardInput = path == "-";
  std::unique_ptr<FILE, int (*)(FILE *)> opened(standardInput ? nullptr : fopen(path.c_str(), "rb"),
                                                [](FILE *file) { return file ? fclose(file) : 0; });
  FILE *file = standardInput ? stdin : opened.get();
  std::string text;
  if (!file || !readUpTo(file, limit + 1, text)) {
    error = std::strerror(errno);
    return std::nullopt;
  }
  return Source(standardInput ? "<stdin>" : path, std::move(text));
}

Source::Block Source::locate(size_t offset) const {
  offset = std::min(offset, content.size());
  Block found = blocks[offset / kBlock];
  for (size_t i = offset / kBlock * kBlock; i < offset; ++i)
    if (content[i] == '\n') {
      ++found.line;
      found.lineBegin = i + 1;
    }
  return found;
}

Position Source::position(size_t offset) const {
  offset = std::min(offset, content.size());
  Block at = locate(offset);
  return {at.line, static_cast<uint32_t>(offset - at.lineBegin + 1)};
}

size_t Source::offset(Position position) const {
  auto after =
      std::upper_bound(blocks.begin(), blocks.end(), position.line,
                       [](uint32_t line, const Block &block) { return line < block.line; });
  // The line begins in the block before the first one that starts past it, or,
  // when blocks start on the line itself, where the last of them says.
  if (after == blocks.begin())
    return 0;
  Block at = *(after - 1);
  size_t scan = static_cast<size_t>(after - 1 - blocks.begin()) * kBlock;
  for (; at.line < position.line && scan < content.size(); ++scan)
    if (content[scan] == '\n') {
      ++at.line;
      at.lineBegin = scan + 1;
    }
  size_t column = std::max<uint32_t>(position.column, 1) - 1;
  return std::min(at.lineBegin + column, lineEnd(at.lineBegin));
}

size_t Source::lineBegin(size_t offset) const { return locate(offset).lineBegin; }

size_t Source::lineEnd(size_t offset) const {
  size_t end = std::min(content.find('\n', offset), content.size());
  bool carriageReturn = end > offset && content[end - 1] == '\r';
  return carriageReturn ? end - 1 : end;
}
