//===- CheckedMathTest.cpp - Sizes that refuse to overflow ----------------===//

#include "tez/Support/CheckedMath.h"

#include <gtest/gtest.h>

using namespace tez;

TEST(CheckedMath, product) {
  EXPECT_EQ(checkedProduct({}), 1);
  EXPECT_EQ(checkedProduct({2, 3, 7}), 42);
  EXPECT_EQ(checkedProduct({INT64_MAX, 1}), INT64_MAX);
  EXPECT_EQ(checkedProduct({int64_t(1) << 32, int64_t(1) << 32}), std::nullopt);
  EXPECT_EQ(checkedProduct({int64_t(1) << 32, int64_t(1) << 32, int64_t(1) << 10}), std::nullopt);
}

TEST(CheckedMath, productWithZeroIsZeroInAnyOrder) {
  EXPECT_EQ(checkedProduct({0, INT64_MAX, INT64_MAX}), 0);
  EXPECT_EQ(checkedProduct({INT64_MAX, INT64_MAX, 0}), 0);
}

TEST(CheckedMath, sumsAndDifferences) {
  EXPECT_EQ(checkedSum({}), 0);
  EXPECT_EQ(checkedSum({1, 2, -4}), -1);
  EXPECT_EQ(checkedSum({INT64_MAX, 1}), std::nullopt);
  EXPECT_EQ(checkedAdd(INT64_MAX, 1), std::nullopt);
  EXPECT_EQ(checkedSub(INT64_MIN, 1), std::nullopt);
  EXPECT_EQ(checkedSub(5, 7), -2);
  EXPECT_EQ(checkedMul(INT64_MIN, -1), std::nullopt);
  EXPECT_EQ(checkedMul(-3, 4), -12);
}
