//===- TensorTest.cpp -----------------------------------------------------===//

#include "CoreTesting.h"

#include <stdexcept>

using namespace tez::interp;

TEST(Tensor, CountsElements) {
  EXPECT_EQ(checkedCount(Shape{}), 1);
  EXPECT_EQ(checkedCount(Shape{2, 3, 4}), 24);
  EXPECT_EQ(checkedCount(Shape{5, 0, 7}), 0);
}

TEST(Tensor, RefusesWhatOverflows) {
  constexpr int64_t big = int64_t(1) << 31;
  EXPECT_EQ(checkedCount(Shape{big, big}), std::nullopt);
  EXPECT_EQ(checkedCount(Shape{0, big, big}), std::nullopt) << "its strides would overflow";
  EXPECT_EQ(checkedCount(Shape{2, -1}), std::nullopt);
  EXPECT_THROW(Tensor(Shape{big, big}), std::length_error);
}

TEST(Tensor, RankZeroHasOneElement) {
  Tensor x = Tensor::scalar(3);
  EXPECT_EQ(x.rank(), 0);
  EXPECT_EQ(x.size(), 1);
  EXPECT_EQ(x[0], 3);
}

TEST(Tensor, ReshapingSharesStorage) {
  Tensor x = counting({2, 3}), y = x.reshaped({3, 2});
  EXPECT_EQ(x.data(), y.data());
  EXPECT_EQ(y.dim(-2), 3);
  EXPECT_NE(x.clone().data(), x.data());
}

TEST(Tensor, UndefinedUntilAssigned) {
  EXPECT_FALSE(Tensor().defined());
  EXPECT_TRUE(Tensor(Shape{0}).defined());
}
