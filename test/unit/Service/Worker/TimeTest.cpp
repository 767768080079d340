//===- TimeTest.cpp - Times as registries write them ----------------------===//

#include "tez/Service/Worker/Time.h"
#include "tez/Service/Worker/Json.h"
#include <gtest/gtest.h>

using namespace tez::worker;

TEST(Time, IsReadWithAndWithoutOffset) {
  constexpr int64_t instant = 1'795'744'800'000'000; // 2026-11-27T02:00:00Z
  for (const char *text :
       {"2026-11-27T02:00:00Z", "2026-11-27T02:00:00", "2026-11-27 02:00:00",
        "2026-11-27T02:00:00+00:00", "2026-11-27T04:30:00+02:30", "2026-11-27T04:30:00+0230",
        "2026-11-26T21:00:00-05:00", "2026-11-27T02:00:00.000000Z"})
    EXPECT_EQ(parseTime(text), instant) << text;
  EXPECT_EQ(parseTime("2026-11-27T02:00:00.25"), instant + 250'000);
  EXPECT_EQ(parseTime("2026-11-27T02:00:00.123456789+00:00"), instant + 123'456);
  EXPECT_EQ(timeText(instant), "2026-11-27T02:00:00Z");
}

TEST(Time, IsNotGuessed) {
  for (const char *text :
       {"", "yesterday", "2026-11-27", "2026-11-27T02:00", "1795744800", "2026-11-27T02:00:00 CET",
        "2026-11-27T02:00:00+2", "2026-11-27T02:00:00+99:00", "2026-11-27T02:00:00Zulu"})
    EXPECT_FALSE(parseTime(text)) << text;
}

TEST(Json, DeepTextIsNoJson) {
  auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parseJson(nested(200)));
  EXPECT_FALSE(parseJson(nested(300)));
  EXPECT_FALSE(parseJson(std::string(1'000'000, '[')));
  EXPECT_TRUE(parseJson("\"" + std::string(300, '[') + "\\\"[\""));
  EXPECT_FALSE(parseJson("{"));
}

TEST(Json, WritesNoNaN) {
  EXPECT_EQ(toText({{"drop", std::numeric_limits<double>::quiet_NaN()}}), R"({"drop":null})");
}
