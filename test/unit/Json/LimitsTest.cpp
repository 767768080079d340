//===- LimitsTest.cpp - Size and depth ------------------------------------===//

#include "Parsed.h"

using namespace tez::json;

static std::string nested(size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(Limits, depth) {
  EXPECT_NE(Parsed(nested(256)).document, nullptr);
  Parsed deeper(nested(257));
  EXPECT_EQ(deeper.document, nullptr);
  EXPECT_EQ(deeper.sink.all()[0].column, 257u);
  EXPECT_EQ(deeper.sink.all()[0].message,
            "nesting deeper than 256: expected at most that many open brackets");
}

TEST(Limits, hundredThousandBrackets) {
  for (const char *open : {"[", "{\"a\":", "[{\"a\":"}) {
    std::string text;
    for (int i = 0; i < 100000; ++i)
      text += open;
    Parsed parsed(std::move(text));
    EXPECT_EQ(parsed.document, nullptr);
    EXPECT_EQ(parsed.sink.all()[0].message.substr(0, 23), "nesting deeper than 256");
  }
}

TEST(Limits, depthIsAnOption) {
  EXPECT_NE(Parsed(nested(3), {.maxDepth = 3}).document, nullptr);
  EXPECT_EQ(Parsed(nested(4), {.maxDepth = 3}).document, nullptr);
  EXPECT_EQ(Parsed("[]", {.maxDepth = 0}).document, nullptr);
}

TEST(Limits, siblingsAreNotDepth) {
  std::string text = "[";
  for (int i = 0; i < 1000; ++i)
    text += "[[]],";
  EXPECT_NE(Parsed(text + "1]", {.maxDepth = 3}).document, nullptr);
}

TEST(Limits, bytes) {
  EXPECT_NE(Parsed("[1]", {.maxBytes = 3}).document, nullptr);
  EXPECT_EQ(Parsed("[1] ", {.maxBytes = 3}).finding(),
            "1:1 : expected a file of at most 3 bytes, found a larger one");
  EXPECT_EQ(Parsed(std::string((16 << 20) + 1, ' ')).finding(),
            "1:1 : expected a file of at most 16777216 bytes, found a larger one");
}

TEST(Limits, manyKeysAndTheLastTwice) {
  std::string text = "{";
  for (int i = 0; i < 200000; ++i)
    text += "\"k" + std::to_string(i) + "\":0,";
  Parsed parsed(text + "\"k7\":0}");
  EXPECT_EQ(parsed.document, nullptr);
  EXPECT_EQ(parsed.sink.all()[0].path, "k7");
  EXPECT_EQ(parsed.sink.all()[1].column, 51u);
}
