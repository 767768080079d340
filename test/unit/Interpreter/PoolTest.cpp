//===- PoolTest.cpp -------------------------------------------------------===//

#include "CoreTesting.h"

#include <limits>

using namespace tez::interp;

namespace {
PoolOptions options(std::vector<int64_t> kernel, std::vector<int64_t> stride = {},
                    std::vector<int64_t> padding = {}, bool ceilMode = false) {
  PoolOptions result;
  result.kernel = std::move(kernel);
  result.stride = std::move(stride);
  result.padding = std::move(padding);
  result.ceilMode = ceilMode;
  return result;
}

std::vector<std::pair<Shape, PoolOptions>> cases() {
  return {
      {{2, 3, 7}, options({2})},
      {{2, 3, 7}, options({3}, {2}, {1}, true)},
      {{1, 2, 5, 6}, options({2, 3}, {2, 1}, {1, 0})},
      {{1, 1, 4, 5, 3}, options({2, 2, 2}, {2, 2, 2}, {0, 1, 1}, true)},
      {{0, 2, 4, 4}, options({2, 2})},
      {{3, 1, 1}, options({1, 1})},
  };
}
} // namespace

TEST(Pool, Gradients) {
  for (const auto &[shape, o] : cases()) {
    expectGradient([&o = o](auto &v) { return maxPool(v[0], o); }, {shape});
    for (bool countPad : {false, true}) {
      PoolOptions average = o;
      average.countIncludePad = countPad;
      expectGradient([&](auto &v) { return avgPool(v[0], average); }, {shape});
    }
  }
}

TEST(Pool, AdaptiveGradients) {
  for (auto [shape, out] : {std::pair(Shape{2, 3, 7}, Shape{3}),
                            {Shape{2, 5, 6}, Shape{2, 4}},
                            {Shape{1, 4, 3, 5}, Shape{1, 3, 2}},
                            {Shape{2, 2}, Shape{5}},
                            {Shape{0, 4, 4}, Shape{2, 1}}}) {
    expectGradient([&out = out](auto &v) { return adaptiveAvgPool(v[0], out); }, {shape});
    expectGradient([&out = out](auto &v) { return adaptiveMaxPool(v[0], out); }, {shape});
  }
}

TEST(Pool, AdaptiveWindowsOverlap) {
  Tensor x = tensor({1, 5}, {1, 2, 3, 4, 5});
  expectClose(adaptiveAvgPool(x, {3}).value(), {1.5, 3, 4.5});
  expectClose(adaptiveMaxPool(x, {2}).value(), {3, 5});
}

TEST(Pool, CeilModeStartsWithinTheInput) {
  // Size 5, kernel 2, stride 3: the third window would start at 6.
  EXPECT_EQ(maxPool(Tensor({1, 5}), options({2}, {3}, {}, true)).shape(), (Shape{1, 2}));
  EXPECT_EQ(maxPool(Tensor({1, 7}), options({2}, {3}, {}, true)).shape(), (Shape{1, 3}));
  EXPECT_EQ(maxPool(Tensor({1, 7}), options({2}, {3})).shape(), (Shape{1, 2}));
}

TEST(Pool, DivisorCountsPaddingButNotWhatIsBehindIt) {
  Tensor x = tensor({1, 4}, {1, 2, 3, 4});
  PoolOptions o = options({3}, {2}, {1}, true); // windows (0 1 2), (2 3 4), (4 0)
  expectClose(avgPool(x, o).value(), {1, 3, 2});
  o.countIncludePad = false;
  expectClose(avgPool(x, o).value(), {1.5, 3, 4});
  o.divisorOverride = 5;
  expectClose(avgPool(x, o).value(), {0.6, 1.8, 0.8});
}

TEST(Pool, FirstMaximumTakesTheGradient) {
  auto pool = [](const Variable &x) { return maxPool(x, options({3})); };
  EXPECT_EQ(list(gradientOfSum(pool, tensor({1, 3}, {1, 2, 2}))), (std::vector<double>{0, 1, 0}));
}

TEST(Pool, PaddingNeverWins) {
  Tensor y = maxPool(tensor({1, 2}, {-5, -6}), options({2}, {1}, {1})).value();
  EXPECT_EQ(list(y), (std::vector<double>{-5, -5, -6}));
}

TEST(Pool, NaNWins) {
  Tensor y = maxPool(tensor({1, 4}, {1, std::nan(""), 3, 4}), options({2})).value();
  EXPECT_TRUE(std::isnan(y[0]));
  EXPECT_EQ(y[1], 4);
}

TEST(Pool, WindowWithoutElements) {
  PoolOptions o = options({2}, {1}, {1});
  o.dilation = {2};
  EXPECT_EQ(maxPool(Tensor({1, 1}), o).value()[0], -std::numeric_limits<double>::infinity());
}

TEST(Pool, DilationSkips) {
  PoolOptions o = options({2}, {1});
  o.dilation = {2};
  EXPECT_EQ(list(maxPool(tensor({1, 4}, {1, 9, 3, 4}), o).value()), (std::vector<double>{3, 9}));
}
