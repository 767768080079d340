//===- MomentsTest.cpp ----------------------------------------------------===//

#include "tez/Analysis/Moments.h"
#include "NormalQuadrature.h"
#include "Parsed.h"
#include <cmath>
#include <numbers>

using namespace tez;
using namespace tez::test;

namespace {

Moments momentsOf(const std::string &body) {
  Parsed parsed(kernelText(body));
  return MomentMap(parsed.kernel()).of(parsed.result());
}

void expectNear(Moments found, Moments expected, double tolerance) {
  EXPECT_NEAR(found.mean, expected.mean, tolerance);
  EXPECT_NEAR(found.square, expected.square, tolerance);
  EXPECT_NEAR(found.signal, expected.signal, tolerance);
}

/// relu of a standard normal: mean 1/sqrt(2 pi), mean square 1/2.
TEST(Moments, OfRelu) {
  double mean = std::numbers::inv_sqrtpi / std::numbers::sqrt2;
  expectNear(momentsOf("%y = esper.activation \"relu\" %x : tensor<?x8xf32>"),
             {mean, 0.5, 0.5 - mean * mean}, 0.02);
}

/// The arc-cosine kernel (Cho and Saul 2009): E[relu(a) relu(b)] for
/// correlation c is (sqrt(1 - c^2) + c (pi - acos c)) / (2 pi).
TEST(Moments, SignalOfReluFollowsTheArcCosineKernel) {
  for (double shared : {0.0, 0.25, 0.5, 0.9}) {
    Moments y = throughFunction({0, 1, 1 - shared}, [](double x) { return std::max(x, 0.0); });
    double kernel =
        (std::sqrt(1 - shared * shared) + shared * (std::numbers::pi - std::acos(shared))) /
        (2 * std::numbers::pi);
    EXPECT_NEAR(y.signal, 0.5 - kernel, 0.01) << shared;
  }
}

/// A small signal is not lost beside what the weights alone give.
TEST(Moments, SmallSignalsSurviveTheQuadrature) {
  Moments y = throughFunction({0, 1, 1e-14}, [](double x) { return std::tanh(x); });
  // E[(1 - tanh^2)^2] of a standard normal, times the signal.
  EXPECT_NEAR(y.signal / 1e-14, 0.4645, 0.005);
}

TEST(Moments, OfLinearLayers) {
  std::string weight = "%w = esper.param \"w\" <uniform, -0.5, 0.5> : tensor<8x8xf32>\n"
                       "%b = esper.param \"b\" <constant, 3.0> : tensor<8xf32>\n";
  Moments y = momentsOf(weight + "%y = esper.linear %x, %w, %b : (tensor<?x8xf32>, "
                                 "tensor<8x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>");
  // 8 products with variance 1/12 each; a constant bias adds to the mean only.
  expectNear(y, {3, 8.0 / 12 + 9, 8.0 / 12}, 1e-12);
}

TEST(Moments, NormalisationRestoresTheSignal) {
  Moments y =
      momentsOf("%t = esper.training \"\"\n"
                "%s = esper.scale %x, 1.0e-02 : tensor<?x8xf32>\n"
                "%y = esper.batch_norm %s training(%t) {momentum = 0.1 : f64, eps = 0.0 : f64} "
                ": (tensor<?x8xf32>, i1) -> tensor<?x8xf32>");
  expectNear(y, {0, 1, 1}, 1e-12);
}

/// An eps that is large beside the variance swallows it.
TEST(Moments, EpsilonLimitsNormalisation) {
  Moments y =
      momentsOf("%s = esper.scale %x, 1.0e-03 : tensor<?x8xf32>\n"
                "%y = esper.layer_norm %s {normalized_shape = array<i64: 8>, eps = 9.9e-05 : f64} "
                ": (tensor<?x8xf32>) -> tensor<?x8xf32>");
  EXPECT_NEAR(y.signal, 0.01, 1e-9);
}

} // namespace
