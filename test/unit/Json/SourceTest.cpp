//===- SourceTest.cpp - Lines, columns and files --------------------------===//

#include "tez/Json/Source.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

using namespace tez::json;

TEST(Source, positions) {
  Source source("s", "ab\n\ncd");
  EXPECT_EQ(source.position(0), (Position{1, 1}));
  EXPECT_EQ(source.position(2), (Position{1, 3}));
  EXPECT_EQ(source.position(3), (Position{2, 1}));
  EXPECT_EQ(source.position(4), (Position{3, 1}));
  EXPECT_EQ(source.position(6), (Position{3, 3}));
  EXPECT_EQ(source.position(99), (Position{3, 3}));
}

TEST(Source, emptyText) {
  Source source("s", "");
  EXPECT_EQ(source.position(0), (Position{1, 1}));
  EXPECT_EQ(source.offset({1, 1}), 0u);
  EXPECT_EQ(source.offset({7, 7}), 0u);
}

/// Lines of all lengths from 0 to 100, so that they begin anywhere in a block,
/// and a line longer than several blocks.
static std::string manyLines() {
  std::string text;
  for (int i = 0; i < 300; ++i)
    text += std::string(i % 101, 'x') + "\n";
  return text + std::string(5000, 'y') + "\nend";
}

TEST(Source, everyOffsetAcrossBlocks) {
  Source source("s", manyLines());
  Position expected;
  for (size_t offset = 0; offset <= source.text().size(); ++offset) {
    ASSERT_EQ(source.position(offset), expected) << offset;
    ASSERT_EQ(source.offset(expected), offset);
    ASSERT_EQ(source.lineBegin(offset), offset - (expected.column - 1));
    ++expected.column;
    if (offset < source.text().size() && source.text()[offset] == '\n')
      expected = {expected.line + 1, 1};
  }
}

TEST(Source, placesThatDoNotExist) {
  Source source("s", "ab\ncd\n");
  EXPECT_EQ(source.offset({1, 99}), 2u);
  EXPECT_EQ(source.offset({0, 0}), 0u);
  EXPECT_EQ(source.offset({99, 1}), 6u);
}

TEST(Source, lineEndLeavesOutTheBreak) {
  Source source("s", "ab\r\ncd");
  EXPECT_EQ(source.lineEnd(0), 2u);
  EXPECT_EQ(source.lineEnd(4), 6u);
}

TEST(Source, readsAtMostOneByteOverTheLimit) {
  auto path = std::filesystem::temp_directory_path() / "tez-source-test.json";
  std::ofstream(path) << "0123456789";
  std::string error;
  EXPECT_EQ(Source::read(path.string(), 10, error)->text(), "0123456789");
  EXPECT_EQ(Source::read(path.string(), 4, error)->text(), "01234");
  EXPECT_EQ(Source::read(path.string(), 4, error)->name(), path.string());
  std::filesystem::remove(path);
}

TEST(Source, readReportsTheSystemsReason) {
  std::string error;
  EXPECT_FALSE(Source::read("/nonexistent/file", 10, error));
  EXPECT_EQ(error, "No such file or directory");
  EXPECT_FALSE(Source::read("/", 10, error));
  EXPECT_EQ(error, "Is a directory");
}
