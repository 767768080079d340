//===- ReduceTest.cpp -----------------------------------------------------===//

#include "CoreTesting.h"

using namespace tez::interp;

namespace {
using Reduce = std::function<Variable(const Variable &, const Dims &, bool)>;

std::vector<Reduce> reductions() {
  return {
      sum,
      mean,
      amax,
      amin,
      [](const Variable &x, const Dims &dims, bool keep) { return variance(x, dims, 0, keep); },
      [](const Variable &x, const Dims &dims, bool keep) { return variance(x, dims, 1, keep); },
  };
}
} // namespace

TEST(Reduce, Gradients) {
  for (const Reduce &f : reductions())
    for (bool keep : {false, true})
      for (const Dims &dims : {Dims{}, Dims{0}, Dims{1}, Dims{-1, 0}, Dims{0, 1, 2}})
        expectGradient([&](auto &v) { return f(v[0], dims, keep); }, {Shape{3, 4, 5}});
}

TEST(Reduce, ShapesOfUnitAndEmptyDimensions) {
  EXPECT_EQ(sum(Tensor({2, 1, 3}), {1, 2}).shape(), (Shape{2}));
  EXPECT_EQ(sum(Tensor({2, 1, 3}), {1, 2}, true).shape(), (Shape{2, 1, 1}));
  EXPECT_EQ(sum(Tensor({0, 3}), {1}).shape(), (Shape{0}));
  EXPECT_EQ(list(sum(Tensor({3, 0}), {1}).value()), (std::vector<double>(3, 0)));
  EXPECT_EQ(sum(Tensor::scalar(4), {-1}).value()[0], 4);
}

TEST(Reduce, UndefinedIsNaN) {
  EXPECT_TRUE(std::isnan(mean(Tensor({0})).value()[0]));
  EXPECT_TRUE(std::isnan(variance(Tensor({1})).value()[0])) << "no degree of freedom";
}

TEST(Reduce, KnownValues) {
  Tensor x = tensor({2, 3}, {1, 2, 6, 4, 4, 4});
  expectClose(mean(x, {1}).value(), {3, 4});
  expectClose(variance(x, {1}).value(), {7, 0});
  expectClose(variance(x, {1}, 0).value(), {14. / 3, 0});
  expectClose(amax(x, {0}).value(), {4, 4, 6});
}

TEST(Reduce, TiesShareEvenly) {
  Tensor x = tensor({4}, {7, 1, 7, 7});
  expectClose(gradientOfSum([](auto &x) { return amax(x); }, x), {1. / 3, 0, 1. / 3, 1. / 3});
  expectClose(gradientOfSum([](auto &x) { return amin(x); }, x), {0, 1, 0, 0});
}

TEST(Reduce, ExtremaKeepNaN) {
  Tensor x = tensor({3}, {1, std::nan(""), 2});
  EXPECT_TRUE(std::isnan(amax(x).value()[0]));
  EXPECT_TRUE(std::isnan(amin(x).value()[0]));
}

TEST(TopK, ValuesIndicesGradient) {
  Tensor x = tensor({2, 4}, {3, 9, 3, 1, 0, -1, 5, 5});
  TopK best = topK(x, 2);
  EXPECT_EQ(list(best.values.value()), (std::vector<double>{9, 3, 5, 5}));
  EXPECT_EQ(list(best.indices), (std::vector<double>{1, 0, 2, 3}));
  EXPECT_EQ(list(topK(x, 1, false).indices), (std::vector<double>{3, 1}));
  for (const Shape &shape : {Shape{5}, Shape{3, 5}, Shape{0, 5}})
    for (int64_t k : {0, 2, 5})
      expectGradient([k](auto &v) { return topK(v[0], k).values; }, {shape});
}

TEST(TopK, NaNIsGreatest) {
  Tensor x = tensor({3}, {1, std::nan(""), 2});
  EXPECT_EQ(topK(x, 1).indices[0], 1);
  EXPECT_EQ(topK(x, 3, false).indices[2], 1);
}
