//===- Source.h - The text of a file and its lines --------------*- C++ -*-===//

#ifndef TEZ_JSON_SOURCE_H
#define TEZ_JSON_SOURCE_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tez::json {

/// Line and column, both from 1. Columns count bytes, as compilers do.
struct Position {
  uint32_t line = 1;
  uint32_t column = 1;
  bool operator==(const Position &) const = default;
};

/// Owns a text and knows its lines. Immutable, so any thread may read it.
class Source {
public:
  Source(std::string name, std::string text);

  /// Reads the file at `path` ("-" is standard input). It never reads more than
  /// `limit` + 1 bytes: a longer file is refused by the parser, which sees that
  /// the text is over the limit. On failure returns nullopt and says in `error`
  /// what the operating system said.
  static std::optional<Source> read(const std::string &path, size_t limit, std::string &error);

  std::string_view name() const { return fileName; }
  std::string_view text() const { return content; }

  /// Takes O(1) steps plus a scan of at most one block (1 KiB). Offsets past
  /// the end are taken as the end.
  Position position(size_t offset) const;

  /// The reverse of position(), for places that come back from elsewhere. A
  /// line or column that does not exist is moved to the nearest that does.
  size_t offset(Position position) const;

  /// Offset of the first byte of the line that holds `offset`.
  size_t lineBegin(size_t offset) const;

  /// Offset just past the last byte of that line, without its line break.
  size_t lineEnd(size_t offset) const;

private:
  /// What is true at the first byte of a block.
  struct Block {
    uint32_t line;    ///< its line number
    size_t lineBegin; ///< where that line begins
  };
  Block locate(size_t offset) const;

  std::string fileName;
  std::string content;
  std::vector<Block> blocks;
};

} // namespace tez::json

#endif // TEZ_JSON_SOURCE_H
