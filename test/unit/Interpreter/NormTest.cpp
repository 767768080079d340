//===- NormTest.cpp -------------------------------------------------------===//

#include "CoreTesting.h"

using namespace tez::interp;

TEST(Norm, Gradients) {
  for (auto [shape, dims] : {std::pair(Shape{4, 5}, Dims{0}),
                             {Shape{4, 5}, Dims{-1}},
                             {Shape{2, 3, 4}, Dims{0, 2}},
                             {Shape{2, 3, 4}, Dims{1, 2}},
                             {Shape{1, 3}, Dims{0}},
                             {Shape{0, 3}, Dims{1}}}) {
    // A large eps keeps the unit extents, whose variance is zero, well behaved.
    expectGradient([&dims = dims](auto &v) { return normalize(v[0], dims, 0.1).output; }, {shape});
    expectGradient([&dims = dims](auto &v) { return rmsNorm(v[0], dims, 0.1); }, {shape});
  }
}

TEST(Norm, KnownValues) {
  Tensor x = tensor({2, 2}, {1, 3, 10, 10});
  Normalized y = normalize(x, {1}, 0.25);
  double slope = 1 / std::sqrt(1.25);
  expectClose(y.output.value(), {-slope, slope, 0, 0});
  expectClose(y.mean, {2, 10});
  expectClose(y.variance, {1, 0});
  EXPECT_EQ(y.mean.shape(), (Shape{2, 1}));
  expectClose(rmsNorm(tensor({2}, {3, 4}), {0}, 0).value(),
              {3 / std::sqrt(12.5), 4 / std::sqrt(12.5)});
}
