//===- ActivationTest.cpp -------------------------------------------------===//

#include "CoreTesting.h"

#include <limits>

using namespace tez::interp;

namespace {
constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

struct Row {
  const char *name;
  std::function<Variable(const Variable &)> f;
  double atOne;    ///< f(1), by hand
  double slopeAt0; ///< torch's choice at the kink
};

std::vector<Row> rows() {
  return {
      {"tanh", tez::interp::tanh, 0.7615941559557649, 1},
      {"sigmoid", sigmoid, 0.7310585786300049, 0.25},
      {"gelu", gelu, 0.8413447460685429, 0.5},
      {"geluTanh", geluTanh, 0.8411919906082768, 0.5},
      {"silu", silu, 0.7310585786300049, 0.5},
      {"mish", mish, 0.8650983882673103, 0.6},
      {"logSigmoid", logSigmoid, -0.3132616875182228, 0.5},
      {"softplus", [](auto &x) { return softplus(x, 2, 1.5); }, 1, 0.5},
      {"softsign", softsign, 0.5, 1},
      {"tanhshrink", tanhshrink, 0.2384058440442351, 0},
      {"relu", relu, 1, 0},
      {"relu6", relu6, 1, 0},
      {"leakyRelu", [](auto &x) { return leakyRelu(x, 0.25); }, 1, 0.25},
      {"elu", [](auto &x) { return elu(x, 0.5); }, 1, 0.5},
      {"selu", selu, 1.0507009873554805, 1.7580993408473766},
      {"celu", [](auto &x) { return celu(x, 0.5); }, 1, 1},
      {"hardtanh", [](auto &x) { return hardtanh(x, -1, 0.75); }, 0.75, 1},
      {"hardswish", hardswish, 2. / 3, 0.5},
      {"hardsigmoid", hardsigmoid, 2. / 3, 1. / 6},
      {"hardshrink", [](auto &x) { return hardshrink(x, 0.5); }, 1, 0},
      {"softshrink", [](auto &x) { return softshrink(x, 0.25); }, 0.75, 0},
      {"threshold", [](auto &x) { return threshold(x, 0, -3); }, 1, 0},
  };
}
} // namespace

TEST(Activation, GradientsMatchDifferences) {
  for (const Row &row : rows()) {
    SCOPED_TRACE(row.name);
    for (const Shape &shape : {Shape{}, Shape{5, 7}, Shape{0, 3}})
      expectGradient([&](auto &v) { return row.f(scale(v[0], 5)); }, {shape});
  }
}

TEST(Activation, KnownValues) {
  for (const Row &row : rows())
    EXPECT_NEAR(row.f(Tensor::scalar(1)).value()[0], row.atOne, 1e-14) << row.name;
}

TEST(Activation, SubgradientsAtZero) {
  for (const Row &row : rows())
    EXPECT_NEAR(gradientOfSum(row.f, Tensor::scalar(0))[0], row.slopeAt0, 1e-14) << row.name;
}

TEST(Activation, NaNStaysNaN) {
  for (const Row &row : rows())
    EXPECT_TRUE(std::isnan(row.f(Tensor::scalar(notANumber)).value()[0])) << row.name;
}

TEST(Activation, KinksOfTheHardOnes) {
  EXPECT_EQ(list(gradientOfSum(hardswish, tensor({2}, {-3, 3}))), (std::vector<double>{0, 1}));
  EXPECT_EQ(list(gradientOfSum(hardsigmoid, tensor({2}, {-3, 3}))), (std::vector<double>{0, 0}));
  EXPECT_EQ(list(gradientOfSum(relu6, tensor({2}, {0, 6}))), (std::vector<double>{0, 0}));
}

TEST(Activation, LargeInputsDoNotOverflow) {
  EXPECT_EQ(mish(Tensor::scalar(800)).value()[0], 800);
  EXPECT_EQ(logSigmoid(Tensor::scalar(-800)).value()[0], -800);
  EXPECT_EQ(softplus(Tensor::scalar(800)).value()[0], 800);
}

TEST(Activation, PreluWeightPerChannel) {
  for (const Shape &weight : {Shape{1}, Shape{3}})
    for (const Shape &shape : {Shape{2, 3}, Shape{2, 3, 4}, Shape{2, 3, 2, 2}, Shape{0, 3}})
      expectGradient([](auto &v) { return prelu(v[0], v[1]); }, {shape, weight});
  expectGradient([](auto &v) { return prelu(v[0], v[1]); }, {Shape{4}, Shape{1}});
  Tensor y = prelu(tensor({1, 2}, {-1, -1}), tensor({2}, {0.25, 0.5})).value();
  EXPECT_EQ(list(y), (std::vector<double>{-0.25, -0.5}));
}

TEST(Softmax, Gradients) {
  for (const auto &[shape, dim] : {std::pair(Shape{3}, 0),
                                   {Shape{2, 5}, -1},
                                   {Shape{2, 5}, 0},
                                   {Shape{2, 3, 4}, 1},
                                   {Shape{0, 3}, 1},
                                   {Shape{3, 0}, 1},
                                   {Shape{}, 0},
                                   {Shape{4, 1}, 1}}) {
    expectGradient([dim = dim](auto &v) { return softmax(scale(v[0], 4), dim); }, {shape});
    expectGradient([dim = dim](auto &v) { return logSoftmax(scale(v[0], 4), dim); }, {shape});
  }
}

TEST(Softmax, SurvivesLargeAndMaskedInputs) {
  expectClose(softmax(tensor({3}, {1000, 1000, -inf}), 0).value(), {0.5, 0.5, 0});
  expectClose(logSoftmax(tensor({2}, {1000, 1000}), 0).value(), {-std::log(2), -std::log(2)});
  EXPECT_TRUE(std::isnan(softmax(tensor({2}, {-inf, -inf}), 0).value()[0])) << "all masked";
}
