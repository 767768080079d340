//===- TextTest.cpp - Words for messages ----------------------------------===//

#include "tez/Json/Text.h"

#include <gtest/gtest.h>

using namespace tez::json;

TEST(Text, quote) {
  EXPECT_EQ(quote("a\"\\\n\t\x01"), R"("a\"\\\n\t\u0001")");
  EXPECT_EQ(quote("\xC3\xA9\xF0\x9F\x98\x80"), "\"\xC3\xA9\xF0\x9F\x98\x80\"");
  EXPECT_EQ(quote("\xFFz\xE2\x82"), "\"\xEF\xBF\xBDz\xEF\xBF\xBD\"");
  EXPECT_EQ(quote("\xE2\x80\xAE"), "\"\\u202e\"");
}

TEST(Text, abbreviate) {
  EXPECT_EQ(abbreviate("abcdef", 6), "abcdef");
  EXPECT_EQ(abbreviate("abcdefg", 6), "abc...");
  EXPECT_EQ(abbreviate("a\xE2\x82\xAC"
                       "bcdefg",
                       6),
            "a...");
}

TEST(Text, trim) {
  EXPECT_EQ(trim(" \t\xC2\xA0"
                 "a b\xE3\x80\x80\n"),
            "a b");
  EXPECT_EQ(trim("  "), "");
  EXPECT_EQ(trim("\xC3\xA9"), "\xC3\xA9");
}

TEST(Text, countCharacters) { EXPECT_EQ(countCharacters("a\xE2\x82\xAC\xF0\x9F\x98\x80"), 3u); }

TEST(Text, quotedList) {
  static constexpr std::string_view kWords[] = {"a", "b", "c"};
  EXPECT_EQ(quotedList(kWords), "\"a\", \"b\", \"c\"");
  EXPECT_EQ(quotedList(kWords, 2), "\"a\", \"b\" and 1 more");
}

TEST(Text, nearest) {
  static constexpr std::string_view kNames[] = {"num_heads", "embed_dim", "dropout", "bias",
                                                "Linear",    "Conv2d",    "Conv1d",  "p"};
  EXPECT_EQ(nearest("num_head", kNames), "num_heads");
  EXPECT_EQ(nearest("numHeads", kNames), "num_heads");
  EXPECT_EQ(nearest("NUM-HEADS", kNames), "num_heads");
  EXPECT_EQ(nearest("droupot", kNames), "dropout");
  EXPECT_EQ(nearest("conv1D", kNames), "Conv1d");
  EXPECT_EQ(nearest("liner", kNames), "Linear");
  EXPECT_EQ(nearest("x", kNames), std::nullopt);
  EXPECT_EQ(nearest("", kNames), std::nullopt);
  EXPECT_EQ(nearest("momentum", kNames), std::nullopt);
  EXPECT_EQ(nearest(std::string(100000, 'a'), kNames), std::nullopt);
  EXPECT_EQ(didYouMean("bais", kNames), "did you mean \"bias\"?");
  EXPECT_EQ(didYouMean("momentum", kNames), "");
}
