//===- ScaleTest.cpp - Places on axes and in rows -------------------------===//

#include "LogScale.h"
#include "Separation.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace tez::report;

TEST(LogScale, PlacesByRatio) {
  LogScale scale(10, 100);
  for (double value : {1.0, 100.0, 0.0, -3.0, double(NAN), double(INFINITY)})
    scale.include(value);
  EXPECT_DOUBLE_EQ(scale.at(1), 10);
  EXPECT_DOUBLE_EQ(scale.at(10), 60);
  EXPECT_DOUBLE_EQ(scale.at(100), 110);
}

TEST(LogScale, TicksAreRoundAndApart) {
  LogScale scale(0, 100);
  EXPECT_TRUE(scale.isEmpty());
  EXPECT_TRUE(scale.ticks(6).empty());
  scale.include(0.95);
  scale.include(5.5);
  EXPECT_EQ(scale.ticks(12), (std::vector<double>{1, 2, 3, 4, 5}));
  EXPECT_EQ(scale.ticks(15), (std::vector<double>{1, 1.5, 2, 3, 5}));
  EXPECT_EQ(scale.ticks(30), (std::vector<double>{1, 2, 5}));
  scale.include(1e-12);
  std::vector<double> few = scale.ticks(20);
  ASSERT_GE(few.size(), 2u);
  for (size_t i = 1; i < few.size(); ++i)
    EXPECT_GE(scale.at(few[i]) - scale.at(few[i - 1]), 20);
}

TEST(LogScale, OneValueStandsInTheMiddle) {
  LogScale scale(0, 100);
  scale.include(7);
  EXPECT_DOUBLE_EQ(scale.at(7), 50);
}

TEST(Separation, WishesComeTrueWhereTheyCan) {
  EXPECT_EQ(separate({{0, 10, 1}, {50, 10, 1}}, 5), (std::vector<double>{0, 50}));
  EXPECT_TRUE(separate({}, 5).empty());
}

TEST(Separation, CrowdedNeighboursShareTheLoss) {
  // 15 apart, with the same loss on both sides.
  EXPECT_EQ(separate({{0, 10, 1}, {0, 10, 1}}, 5), (std::vector<double>{-7.5, 7.5}));
  // The heavier one moves less.
  EXPECT_EQ(separate({{0, 10, 3}, {0, 10, 1}}, 2), (std::vector<double>{-3, 9}));
}
