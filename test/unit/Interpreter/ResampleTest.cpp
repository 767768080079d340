//===- ResampleTest.cpp ---------------------------------------------------===//

#include "CoreTesting.h"

using namespace tez::interp;

namespace {
std::vector<double> resampled(const Tensor &x, int64_t size, ResampleMode mode,
                              bool alignCorners = false, std::vector<double> scales = {}) {
  return list(resample(x, {size}, {mode, alignCorners, std::move(scales)}).value());
}
} // namespace

TEST(Resample, Gradients) {
  for (ResampleMode mode : {ResampleMode::Nearest, ResampleMode::NearestExact, ResampleMode::Linear,
                            ResampleMode::Cubic})
    for (bool align : {false, true})
      for (const auto &[shape, out] : {std::pair(Shape{2, 1, 5}, Shape{8}),
                                       {Shape{1, 2, 4, 3}, Shape{3, 7}},
                                       {Shape{1, 1, 2, 3, 2}, Shape{4, 1, 5}},
                                       {Shape{0, 2, 3}, Shape{6}},
                                       {Shape{2, 1}, Shape{3}}})
        expectGradient([=, &out = out](auto &v) { return resample(v[0], out, {mode, align, {}}); },
                       {shape});
}

TEST(Resample, Nearest) {
  Tensor x = tensor({1, 3}, {1, 2, 3});
  EXPECT_EQ(resampled(x, 6, ResampleMode::Nearest), (std::vector<double>{1, 1, 2, 2, 3, 3}));
  EXPECT_EQ(resampled(x, 2, ResampleMode::Nearest), (std::vector<double>{1, 2}));
  EXPECT_EQ(resampled(x, 2, ResampleMode::NearestExact), (std::vector<double>{1, 3}));
}

TEST(Resample, NearestByScaleOrBySize) {
  // floor(2 * 1.3) = 2 elements: a sequence reads at floor(i / 1.3), while an
  // image and every gradient go by the sizes. All three as torch does.
  Tensor x = tensor({1, 2}, {1, 2});
  EXPECT_EQ(resampled(x, 2, ResampleMode::Nearest, false, {1.3}), (std::vector<double>{1, 1}));
  ResampleOptions options{ResampleMode::Nearest, false, {1, 1.3}};
  EXPECT_EQ(list(resample(x, {1, 2}, options).value()), (std::vector<double>{1, 2}));
  auto sequence = [](const Variable &x) {
    return resample(x, {2}, {ResampleMode::Nearest, false, {1.3}});
  };
  EXPECT_EQ(list(gradientOfSum(sequence, x)), (std::vector<double>{1, 1}));
}

TEST(Resample, LinearCorners) {
  Tensor x = tensor({1, 2}, {0, 4});
  EXPECT_EQ(resampled(x, 4, ResampleMode::Linear), (std::vector<double>{0, 1, 3, 4}));
  expectClose(resample(x, {4}, {ResampleMode::Linear, true, {}}).value(), {0, 4. / 3, 8. / 3, 4});
  EXPECT_EQ(resampled(x, 1, ResampleMode::Linear, true), (std::vector<double>{0}));
}

TEST(Resample, GivenScaleDecidesPositions) {
  Tensor x = tensor({1, 3}, {0, 1, 2});
  // floor(3 * 1.5) = 4 elements, whose positions are (i + 0.5) / 1.5 - 0.5.
  expectClose(resample(x, {4}, {ResampleMode::Linear, false, {1.5}}).value(),
              {0, 0.5, 1.5 - 1. / 3, 1.5 + 1. / 3});
}

TEST(Resample, CubicReproducesLines) {
  Tensor x = counting({1, 9});
  Tensor y = resample(x, {17}, {ResampleMode::Cubic, true, {}}).value();
  for (int64_t i = 4; i < 13; ++i)
    EXPECT_NEAR(y[i], double(i) / 2, 1e-12);
}
