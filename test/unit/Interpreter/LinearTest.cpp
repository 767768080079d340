//===- LinearTest.cpp - Matrix products -----------------------------------===//

#include "CoreTesting.h"

using namespace tez::interp;

namespace {
/// The product by definition, both operands of rank 2.
std::vector<double> naiveProduct(const Tensor &a, const Tensor &b) {
  std::vector<double> result;
  for (int64_t i = 0; i < a.dim(0); ++i)
    for (int64_t j = 0; j < b.dim(1); ++j) {
      double sum = 0;
      for (int64_t k = 0; k < a.dim(1); ++k)
        sum += a[i * a.dim(1) + k] * b[k * b.dim(1) + j];
      result.push_back(sum);
    }
  return result;
}
} // namespace

TEST(Matmul, BlocksAndRemaindersAgreeWithTheDefinition) {
  // Around the sizes of the register block and of the cache blocks.
  for (auto [m, k, n] : {std::array<int64_t, 3>{1, 1, 1},
                         {4, 3, 4},
                         {5, 7, 9},
                         {63, 255, 5},
                         {65, 257, 6},
                         {3, 600, 513},
                         {130, 20, 1}}) {
    Tensor a = randomTensor({m, k}, 1), b = randomTensor({k, n}, 2);
    expectClose(matmul(a, b).value(), naiveProduct(a, b));
  }
}

TEST(Linear, FewRowsAndFewTermsAgreeWithTheDefinition) {
  // On either side of where packing begins to pay, and around the partial sums of a dot product.
  for (auto [rows, in, out] : {std::array<int64_t, 3>{1, 16, 3},
                               {2, 15, 8},
                               {8, 33, 7},
                               {9, 33, 7},
                               {3, 1, 20},
                               {40, 4, 20},
                               {40, 5, 20},
                               {1, 700, 1}}) {
    Tensor x = randomTensor({rows, in}, 1), weight = randomTensor({out, in}, 2);
    Tensor transposed = permute(weight, {1, 0}).value();
    expectClose(linear(x, weight, {}).value(), naiveProduct(x, transposed));
    expectGradient([](auto &v) { return linear(v[0], v[1], {}); }, {x, weight});
  }
}

TEST(Matmul, ShapesAndGradients) {
  struct Case {
    Shape a, b, result;
  };
  for (const Case &c : std::vector<Case>{{{3}, {3}, {}},
                                         {{3}, {3, 4}, {4}},
                                         {{2, 3}, {3}, {2}},
                                         {{5, 2, 3}, {3, 4}, {5, 2, 4}},
                                         {{5, 2, 3}, {3}, {5, 2}},
                                         {{3}, {5, 3, 4}, {5, 4}},
                                         {{2, 3}, {5, 3, 4}, {5, 2, 4}},
                                         {{1, 2, 3}, {5, 3, 4}, {5, 2, 4}},
                                         {{6, 1, 2, 3}, {5, 3, 4}, {6, 5, 2, 4}},
                                         {{0, 2, 3}, {3, 4}, {0, 2, 4}},
                                         {{2, 0}, {0, 4}, {2, 4}},
                                         {{5, 2, 0}, {0, 4}, {5, 2, 4}},
                                         {{0}, {0}, {}}}) {
    Tensor a = randomTensor(c.a, 1), b = randomTensor(c.b, 2);
    EXPECT_EQ(matmul(a, b).shape(), c.result);
    expectGradient([](auto &v) { return matmul(v[0], v[1]); }, {a, b});
  }
}

TEST(Linear, AnyLeadingDimensions) {
  for (const Shape &lead : {Shape{}, Shape{2}, Shape{2, 4}, Shape{2, 1, 3}, Shape{0}}) {
    Shape in = lead, out = lead;
    in.push_back(3);
    out.push_back(5);
    EXPECT_EQ(linear(Tensor(in), Tensor({5, 3})).shape(), out);
    expectGradient([](auto &v) { return linear(v[0], v[1], v[2]); }, {in, Shape{5, 3}, Shape{5}});
    expectGradient([](auto &v) { return linear(v[0], v[1]); }, {in, Shape{5, 3}});
  }
}

TEST(Linear, KnownValue) {
  Tensor y =
      linear(tensor({2}, {1, 2}), tensor({2, 2}, {3, 4, 5, 6}), tensor({2}, {10, 20})).value();
  EXPECT_EQ(list(y), (std::vector<double>{21, 37}));
}

TEST(Linear, WithoutInputsOnlyTheBiasRemains) {
  Tensor y = linear(Tensor({2, 0}), Tensor({3, 0}), tensor({3}, {1, 2, 3})).value();
  EXPECT_EQ(list(y), (std::vector<double>{1, 2, 3, 1, 2, 3}));
}

TEST(Linear, PropagatesNaNThroughZeroWeights) {
  double nan = std::nan("");
  EXPECT_TRUE(std::isnan(linear(tensor({1}, {nan}), tensor({1, 1}, {0})).value()[0]));
}

TEST(Bilinear, Gradients) {
  for (const Shape &lead : {Shape{}, Shape{4}, Shape{2, 3}, Shape{0}}) {
    Shape left = lead, right = lead;
    left.push_back(2);
    right.push_back(3);
    expectGradient([](auto &v) { return bilinear(v[0], v[1], v[2], v[3]); },
                   {left, right, Shape{5, 2, 3}, Shape{5}});
  }
}

TEST(Bilinear, KnownValue) {
  Tensor y = bilinear(tensor({1, 2}, {1, 2}), tensor({1, 2}, {3, 4}),
                      tensor({1, 2, 2}, {1, 10, 100, 1000}))
                 .value();
  EXPECT_EQ(y[0], 3 + 40 + 600 + 8000);
}
