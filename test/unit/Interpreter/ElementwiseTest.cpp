//===- ElementwiseTest.cpp ------------------------------------------------===//

#include "CoreTesting.h"

#include <limits>

using namespace tez::interp;

namespace {
constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();
using Binary = Variable (*)(const Variable &, const Variable &);
using Unary = Variable (*)(const Variable &);

/// A and b of these shapes broadcast.
std::vector<std::pair<Shape, Shape>> shapes() {
  return {
      {{}, {}},         {{3}, {}},     {{2, 3}, {3}},    {{2, 1, 4}, {3, 1}},
      {{5}, {5}},       {{0, 3}, {3}}, {{1, 0}, {3, 1}}, {{2, 3, 4, 5}, {3, 1, 5}},
      {{4, 1}, {1, 6}},
  };
}
} // namespace

TEST(Elementwise, BinaryGradients) {
  for (Binary f : {add, subtract, multiply, maximum, minimum})
    for (const auto &[a, b] : shapes()) {
      expectGradient([f](auto &v) { return f(v[0], v[1]); }, std::vector<Shape>{a, b});
      expectGradient([f](auto &v) { return f(v[0], v[1]); }, std::vector<Shape>{b, a});
    }
}

TEST(Elementwise, DivideGradient) {
  for (const auto &[a, b] : shapes())
    expectGradient([](auto &v) { return divide(v[0], addScalar(v[1], 2)); },
                   std::vector<Shape>{a, b});
}

TEST(Elementwise, Broadcasts) {
  Tensor sum = add(tensor({2, 1}, {10, 20}), tensor({3}, {1, 2, 3})).value();
  EXPECT_EQ(sum.shape(), (Shape{2, 3}));
  EXPECT_EQ(list(sum), (std::vector<double>{11, 12, 13, 21, 22, 23}));
}

TEST(Elementwise, TiesShareTheGradient) {
  Tape tape;
  Variable a = tape.leaf(tensor({3}, {1, 2, 3})), b = tape.leaf(tensor({3}, {2, 2, 2}));
  tape.backward({{maximum(a, b), Tensor::full({3}, 1)}});
  EXPECT_EQ(list(gradientIn(tape, a)), (std::vector<double>{0, 0.5, 1}));
  EXPECT_EQ(list(gradientIn(tape, b)), (std::vector<double>{1, 0.5, 0}));
}

TEST(Elementwise, ExtremaKeepNaN) {
  Tensor a = tensor({2}, {notANumber, 1}), b = tensor({2}, {1, notANumber});
  for (Binary f : {maximum, minimum})
    for (double value : list(f(a, b).value()))
      EXPECT_TRUE(std::isnan(value));
}

TEST(Elementwise, WhereTakesSides) {
  Tensor mask = tensor({2, 1}, {1, 0});
  expectGradient([&](auto &v) { return where(mask, v[0], v[1]); }, {Shape{3}, Shape{2, 3}});
  Tensor chosen = where(mask, tensor({2}, {1, 2}), Tensor::scalar(9)).value();
  EXPECT_EQ(list(chosen), (std::vector<double>{1, 2, 9, 9}));
}

TEST(Elementwise, UnaryGradients) {
  for (Unary f : {Unary(neg), Unary(exp), Unary(abs), Unary(square)})
    for (const Shape &shape : {Shape{}, Shape{3, 1, 5}, Shape{0, 2}})
      expectGradient([f](auto &v) { return f(v[0]); }, {shape});
  for (Unary f : {Unary(log), Unary(sqrt), Unary(rsqrt), Unary(reciprocal)})
    expectGradient([f](auto &v) { return f(addScalar(v[0], 2)); }, {Shape{3, 5}});
}

TEST(Elementwise, ScalarOperands) {
  expectGradient([](auto &v) { return scale(v[0], -2.5); }, {Shape{3}});
  for (double exponent : {0.0, 1.0, 2.0, 3.0, 0.5, -0.5, -1.0, 1.7})
    expectGradient([=](auto &v) { return power(addScalar(v[0], 2), exponent); }, {Shape{4}});
}

TEST(Elementwise, SubgradientsAtZero) {
  EXPECT_EQ(gradientOfSum(Unary(tez::interp::abs), Tensor::scalar(0))[0], 0);
  EXPECT_EQ(gradientOfSum([](const Variable &x) { return power(x, 0); }, Tensor::scalar(0))[0], 0);
}

TEST(Elementwise, RoundIsHalfToEvenWithZeroGradient) {
  Tensor x = tensor({4}, {0.5, 1.5, -2.5, 2.6});
  EXPECT_EQ(list(tez::interp::round(x).value()), (std::vector<double>{0, 2, -2, 3}));
  Unary f = tez::interp::round;
  EXPECT_EQ(list(gradientOfSum(f, x)), (std::vector<double>(4, 0)));
}
