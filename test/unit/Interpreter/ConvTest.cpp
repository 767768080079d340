//===- ConvTest.cpp -------------------------------------------------------===//

#include "CoreTesting.h"

using namespace tez::interp;

namespace {
struct Case {
  Shape x, weight;
  ConvOptions options;
  Shape result;
};

std::vector<Case> convolutions() {
  return {
      {{2, 3, 7}, {4, 3, 3}, {}, {2, 4, 5}},
      {{2, 4, 7}, {6, 2, 3}, {{2}, {1}, {2}, {}, 2}, {2, 6, 3}},
      {{1, 2, 5, 6}, {3, 2, 3, 2}, {{2, 1}, {1, 0}, {1, 2}, {}, 1}, {1, 3, 3, 4}},
      {{2, 3, 4, 4}, {3, 1, 3, 3}, {{}, {1, 1}, {}, {}, 3}, {2, 3, 4, 4}},
      {{1, 2, 3, 4, 5}, {2, 2, 2, 3, 1}, {{1, 2, 3}, {1, 1, 0}, {}, {}, 1}, {1, 2, 4, 2, 2}},
      {{0, 2, 5}, {3, 2, 2}, {}, {0, 3, 4}},
      {{2, 1, 1, 1}, {1, 1, 1, 1}, {}, {2, 1, 1, 1}},
  };
}

std::vector<Case> transposed() {
  return {
      {{2, 3, 4}, {3, 2, 3}, {{2}, {1}, {}, {1}, 1}, {2, 2, 8}},
      {{2, 4, 3, 2}, {4, 1, 2, 3}, {{1, 2}, {0, 1}, {2, 1}, {}, 2}, {2, 2, 5, 3}},
      {{1, 2, 2, 2, 2}, {2, 3, 2, 1, 2}, {{2, 1, 2}, {}, {}, {1, 0, 0}, 1}, {1, 3, 5, 2, 4}},
      {{0, 2, 5}, {2, 3, 2}, {}, {0, 3, 6}},
  };
}
} // namespace

TEST(Conv, ShapesAndGradients) {
  for (const Case &c : convolutions()) {
    EXPECT_EQ(conv(Tensor(c.x), Tensor(c.weight), {}, c.options).shape(), c.result);
    expectGradient([&](auto &v) { return conv(v[0], v[1], v[2], c.options); },
                   {c.x, c.weight, Shape{c.weight[0]}});
    expectGradient([&](auto &v) { return conv(v[0], v[1], {}, c.options); }, {c.x, c.weight});
  }
}

TEST(Conv, TransposedShapesAndGradients) {
  for (const Case &c : transposed()) {
    EXPECT_EQ(convTransposed(Tensor(c.x), Tensor(c.weight), {}, c.options).shape(), c.result);
    Shape bias{c.weight[1] * c.options.groups};
    expectGradient([&](auto &v) { return convTransposed(v[0], v[1], v[2], c.options); },
                   {c.x, c.weight, bias});
  }
}

TEST(Conv, CorrelatesAndDoesNotFlip) {
  Tensor y = conv(tensor({1, 1, 4}, {1, 2, 3, 4}), tensor({1, 1, 2}, {1, 10})).value();
  EXPECT_EQ(list(y), (std::vector<double>{21, 32, 43}));
}

TEST(Conv, PaddingAndStride) {
  ConvOptions options{{2}, {1}, {}, {}, 1};
  Tensor y = conv(tensor({1, 1, 3}, {1, 2, 3}), tensor({1, 1, 2}, {1, 10}), {}, options).value();
  EXPECT_EQ(list(y), (std::vector<double>{10, 32}));
}

TEST(Conv, TransposedSpreadsTheKernel) {
  ConvOptions options{{2}, {}, {}, {1}, 1};
  Tensor y =
      convTransposed(tensor({1, 1, 2}, {1, 2}), tensor({1, 1, 2}, {3, 4}), {}, options).value();
  EXPECT_EQ(list(y), (std::vector<double>{3, 4, 6, 8, 0}));
}

TEST(Conv, GroupsSeeOnlyTheirChannels) {
  ConvOptions options;
  options.groups = 2;
  Tensor y = conv(tensor({1, 2, 1}, {1, 2}), tensor({2, 1, 1}, {10, 100}), {}, options).value();
  EXPECT_EQ(list(y), (std::vector<double>{10, 200}));
}
