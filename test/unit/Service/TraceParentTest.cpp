//===- TraceParentTest.cpp ------------------------------------------------===//

#include "tez/Service/TraceParent.h"
#include <gtest/gtest.h>

using namespace tez::service;

static const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736", span = "00f067aa0ba902b7";

TEST(TraceParent, IsReadAndWritten) {
  auto parent = parseTraceParent("00-" + trace + "-" + span + "-00");
  ASSERT_TRUE(parent);
  EXPECT_EQ(parent->trace, trace);
  EXPECT_EQ(parent->span, span);
  EXPECT_EQ(parent->text(), "00-" + trace + "-" + span + "-01");
}

TEST(TraceParent, OfALaterVersionIsReadAsFarAsItIsKnown) {
  EXPECT_TRUE(parseTraceParent("cc-" + trace + "-" + span + "-01-more"));
  EXPECT_FALSE(parseTraceParent("cc-" + trace + "-" + span + "-01more"));
  EXPECT_FALSE(parseTraceParent("00-" + trace + "-" + span + "-01-more"));
}

TEST(TraceParent, WhatIsNoneIsIgnored) {
  std::string zeros(32, '0'), large = trace;
  large[0] = 'A';
  for (const std::string &text :
       {std::string(), std::string("00"), "ff-" + trace + "-" + span + "-01",
        "00-" + zeros + "-" + span + "-01", "00-" + trace + "-" + zeros.substr(16) + "-01",
        "00-" + large + "-" + span + "-01", "00-" + trace + "-" + span + "-0x",
        "00_" + trace + "-" + span + "-01", "00-" + trace + span + "-01"})
    EXPECT_FALSE(parseTraceParent(text)) << text;
}

TEST(TraceParent, SpansAreUnlikeEachOther) {
  EXPECT_NE(newSpan(), newSpan());
  EXPECT_EQ(newSpan().size(), 16u);
  EXPECT_EQ(traceIdOf("a").size(), 32u);
}
