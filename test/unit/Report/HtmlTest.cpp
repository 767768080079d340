//===- HtmlTest.cpp - Markup that cannot be broken out of -----------------===//

#include "Html.h"
#include "Units.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace tez::report;

TEST(Html, TextsAndAttributesAreEscaped) {
  Html html;
  html.element("p", {{"title", "\"onload='x'>"}}, "<script>&");
  EXPECT_EQ(html.take(), "<p title=\"&quot;onload=&#39;x&#39;&gt;\">&lt;script&gt;&amp;</p>\n");
}

TEST(Html, NestingIsItsOwn) {
  Html html;
  html.open("ul").open("li").element("b", "x").close().close();
  EXPECT_EQ(html.take(), "<ul><li><b>x</b></li>\n</ul>\n");
}

TEST(Html, WhatDeceivesTheEyeIsReplaced) {
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(escape(std::string("a\0b\x1b\x7f", 5)), "a" + mark + "b" + mark + mark);
  EXPECT_EQ(escape("line\n\ttab"), "line\n\ttab");
  EXPECT_EQ(escape("x\xE2\x80\xAEy\xE2\x81\xA6z"), "x" + mark + "y" + mark + "z");
  EXPECT_EQ(escape("\xE2\x80\xA6 \xE2\x80\xA9"),
            "\xE2\x80\xA6 \xE2\x80\xA9"); // neighbours of those
  EXPECT_EQ(escape("\xC3("), mark + "("); // not UTF-8
}

TEST(Html, CoordinatesAreShort) {
  EXPECT_EQ(coordinate(3), "3");
  EXPECT_EQ(coordinate(2.5), "2.5");
  EXPECT_EQ(coordinate(-0.001), "0");
  EXPECT_EQ(coordinate(100), "100");
  EXPECT_EQ(coordinate(NAN), "0"); // a drawing is not lost by one number
}

TEST(Units, NumbersAreShort) {
  EXPECT_EQ(numberText(2.961e-7), "2.96e-7");
  EXPECT_EQ(numberText(0), "0");
  EXPECT_EQ(numberText(17), "17");
  EXPECT_EQ(numberText(0.03125), "0.0312");
  EXPECT_EQ(numberText(1e300), "1.00e+300");
  EXPECT_EQ(numberText(NAN), "not a number");
  EXPECT_EQ(numberText(-INFINITY), "-infinite");
  EXPECT_EQ(percentText(0.0195), "1.9 %");
  EXPECT_EQ(percentText(0.0000195), "< 0.1 %");
  EXPECT_EQ(percentText(3.5), "350 %");
  EXPECT_EQ(timeText(0.0183), "18.3 \xC2\xB5s");
  EXPECT_EQ(timeText(2500), "2.50 s");
}

TEST(Units, ShorteningCountsCharacters) {
  EXPECT_EQ(shortened("abcdefg", 7), "abcdefg");
  EXPECT_EQ(shortened("abcdefgh", 5), "ab\xE2\x80\xA6gh");
  EXPECT_EQ(shortened("\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F", 3), "\xC3\xA4\xE2\x80\xA6\xC3\x9F");
  EXPECT_EQ(lengthOf("\xC3\xA4x"), 2u);
}
