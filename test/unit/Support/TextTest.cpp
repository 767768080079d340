//===- TextTest.cpp - Numbers and tables as people read them --------------===//

#include "tez/Support/NumberText.h"
#include "tez/Support/TextTable.h"
#include "gtest/gtest.h"

using namespace tez;

TEST(NumberText, Grouped) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1234567), "1,234,567");
}

TEST(NumberText, ByteSize) {
  EXPECT_EQ(byteSize(1023), "1023 B");
  EXPECT_EQ(byteSize(1536), "1.5 KiB");
  EXPECT_EQ(byteSize(INT64_MAX), "8.0 EiB");
}

static std::string printed(const TextTable &table) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  table.print(stream);
  return text;
}

TEST(TextTable, TextsToTheLeftNumbersToTheRight) {
  EXPECT_EQ(printed({1, {{"name", "size"}, {"a", "10"}}}), "  name  size\n"
                                                           "  a       10\n");
  EXPECT_EQ(printed({}), "");
}

TEST(TextTable, WidthIsWhatIsSeen) {
  // An accent and a colour take no column.
  EXPECT_EQ(printed({1, {{"\xC3\xA4", "1"}, {"\x1b[32mab\x1b[0m", "2"}, {"abc", "3"}}}),
            "  \xC3\xA4    1\n"
            "  \x1b[32mab\x1b[0m   2\n"
            "  abc  3\n");
}
