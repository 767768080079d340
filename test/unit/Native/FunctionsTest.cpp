//===- FunctionsTest.cpp - Functions of machine code against the C library's ------===//

#include "NativeTesting.h"
#include "tez/Native/Runner.h"
#include <cmath>

using namespace tez;
using namespace tez::test;

namespace {

struct Function {
  const char *name;
  double (*truth)(double);
  double absolute, relative; ///< error that is allowed
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double gelu(double x) { return x * std::erfc(-x * M_SQRT1_2) / 2; }
double silu(double x) { return x * sigmoid(x); }

/// Where functions bend, far out, where fp32 has a last number, and small ones.
HostTensor arguments() {
  std::vector<double> points;
  for (int i = -24000; i <= 24000; ++i)
    points.push_back(i / 2000.0);
  for (double far : {30.0, 87.0, 104.0, 1e4, 1e30, 1e-4, 1e-10, 1e-38})
    points.insert(points.end(), {far, -far});
  return HostTensor::fromDoubles(DType::f32, {int64_t(points.size()), 1}, points);
}

class NativeFunctions : public testing::TestWithParam<Function> {};

TEST_P(NativeFunctions, IsAsCloseAsStated) {
  const auto &[name, truth, absolute, relative] = GetParam();
  std::string text = "esper.kernel @net(%x: tensor<?x1xf32>) -> tensor<?x1xf32> attributes "
                     "{esper.infer, leading_any} {\n"
                     "%y = esper.activation \"" +
                     std::string(name) +
                     "\" %x : tensor<?x1xf32>\n"
                     "esper.return %y : tensor<?x1xf32> }";
  auto code = compileText(text.c_str(), WeightStore());
  ASSERT_TRUE(code && *code);
  auto runner = native::Runner::create(**code);
  ASSERT_TRUE(bool(runner));
  HostTensor x = arguments();
  auto outputs = (*runner)->run({x}, native::Guard::End);
  ASSERT_TRUE(bool(outputs));
  std::vector<double> points = x.toDoubles(), found = outputs->front().toDoubles();
  for (size_t i = 0; i < points.size(); ++i) {
    double expected = truth(points[i]);
    ASSERT_NEAR(found[i], expected, absolute + relative * std::fabs(expected))
        << name << " of " << points[i];
  }
}

INSTANTIATE_TEST_SUITE_P(All, NativeFunctions,
                         testing::Values(Function{"gelu", gelu, 8e-7, 4e-7},
                                         Function{"silu", silu, 2e-7, 4e-7},
                                         Function{"tanh", std::tanh, 2e-7, 4e-7},
                                         Function{"sigmoid", sigmoid, 1e-7, 4e-7}),
                         [](const auto &info) { return std::string(info.param.name); });

} // namespace
