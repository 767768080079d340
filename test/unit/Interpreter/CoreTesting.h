//===- CoreTesting.h - Helpers of the tests of lib/Interpreter/core -------===//

#ifndef TEZ_TEST_UNIT_INTERPRETER_CORETESTING_H
#define TEZ_TEST_UNIT_INTERPRETER_CORETESTING_H

#include "tez/Interpreter/Functions.h"
#include "gtest/gtest.h"

#include <cmath>

namespace tez::interp {

inline Tensor tensor(Shape shape, std::vector<double> values) {
  return Tensor(std::move(shape), values);
}

/// 0, 1, 2, ...
inline Tensor counting(Shape shape) {
  Tensor result(std::move(shape));
  for (int64_t i = 0; i < result.size(); ++i)
    result.mutableData()[i] = double(i);
  return result;
}

/// Reproducible values in [-1, 1) (SplitMix64).
inline Tensor randomTensor(Shape shape, uint64_t seed) {
  Tensor result(std::move(shape));
  for (int64_t i = 0; i < result.size(); ++i) {
    uint64_t z = (seed * 1000003 + uint64_t(i) + 1) * 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    result.mutableData()[i] = double((z ^ (z >> 31)) >> 11) * 0x1p-52 - 1;
  }
  return result;
}

inline std::vector<double> list(const Tensor &x) {
  return std::vector<double>(x.values().begin(), x.values().end());
}

inline double dot(const Tensor &a, const Tensor &b) {
  double sum = 0;
  for (int64_t i = 0; i < a.size(); ++i)
    sum += a[i] * b[i];
  return sum;
}

/// a + factor * b.
inline Tensor moved(const Tensor &a, double factor, const Tensor &b) {
  Tensor result = a.clone();
  for (int64_t i = 0; i < a.size(); ++i)
    result.mutableData()[i] += factor * b[i];
  return result;
}

/// Undefined if there is none.
inline Tensor gradientIn(const Tape &tape, const Variable &variable) {
  return tape.gradient(variable).value_or(Tensor());
}

using Function = std::function<Variable(const std::vector<Variable> &)>;

/// dot(upstream, f(inputs + factor * directions)).
inline double valueAlong(const Function &f, const std::vector<Tensor> &inputs,
                         const std::vector<Tensor> &directions, double factor,
                         const Tensor &upstream) {
  std::vector<Variable> at;
  for (size_t i = 0; i < inputs.size(); ++i)
    at.emplace_back(moved(inputs[i], factor, directions[i]));
  return dot(f(at).value(), upstream);
}

/// The gradients of all inputs for a random upstream gradient, which is
/// returned through `upstream`.
inline std::vector<Tensor> gradients(const Function &f, const std::vector<Tensor> &inputs,
                                     Tensor &upstream) {
  Tape tape;
  std::vector<Variable> leaves;
  for (const Tensor &input : inputs)
    leaves.push_back(tape.leaf(input));
  Variable y = f(leaves);
  upstream = randomTensor(y.shape(), 77);
  tape.backward({{y, upstream}});
  std::vector<Tensor> result;
  for (const Variable &leaf : leaves)
    result.push_back(gradientIn(tape, leaf));
  return result;
}

/// Compares the gradients of `f` with central differences along random
/// directions; every input must be connected.
inline void expectGradient(const Function &f, const std::vector<Tensor> &inputs) {
  Tensor upstream;
  std::vector<Tensor> slopes = gradients(f, inputs, upstream);
  for (size_t i = 0; i < inputs.size(); ++i)
    ASSERT_EQ(slopes[i].shape(), inputs[i].shape()) << "gradient of input " << i;
  for (uint64_t trial = 0; trial < 3; ++trial) {
    std::vector<Tensor> directions;
    double expected = 0;
    for (size_t i = 0; i < inputs.size(); ++i) {
      directions.push_back(randomTensor(inputs[i].shape(), 1000 + 10 * trial + i));
      expected += dot(slopes[i], directions.back());
    }
    constexpr double h = 1e-5;
    double difference = (valueAlong(f, inputs, directions, h, upstream) -
                         valueAlong(f, inputs, directions, -h, upstream)) /
                        (2 * h);
    EXPECT_NEAR(expected, difference, 1e-7 * (1 + std::fabs(expected))) << "trial " << trial;
  }
}

/// The same for one random input per shape.
inline void expectGradient(const Function &f, const std::vector<Shape> &shapes) {
  std::vector<Tensor> inputs;
  for (size_t i = 0; i < shapes.size(); ++i)
    inputs.push_back(randomTensor(shapes[i], i + 1));
  expectGradient(f, inputs);
}

/// The gradient of sum(f(x)).
inline Tensor gradientOfSum(const std::function<Variable(const Variable &)> &f, const Tensor &x) {
  Tape tape;
  Variable leaf = tape.leaf(x);
  Variable y = f(leaf);
  tape.backward({{y, Tensor::full(y.shape(), 1)}});
  return gradientIn(tape, leaf);
}

inline void expectClose(const Tensor &actual, const std::vector<double> &expected) {
  ASSERT_EQ(actual.size(), int64_t(expected.size()));
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(actual[int64_t(i)], expected[i], 1e-12) << "element " << i;
}

} // namespace tez::interp

#endif // TEZ_TEST_UNIT_INTERPRETER_CORETESTING_H
