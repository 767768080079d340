//===- RandomDrawsTest.cpp - Replayed draws against ATen ------------------===//

#include "TorchTesting.h"
#include <ATen/ATen.h>

using namespace tez;
using namespace tez::test;
using Kind = RandomRequest::Kind;

namespace {

constexpr uint64_t kSeed = 1234567890123;

/// What ATen's operator makes of ones (of zeros, when it adds noise).
at::Tensor applied(const RandomRequest &request, at::ScalarType type) {
  at::Tensor ones = at::ones(request.shape, type);
  switch (request.kind) {
  case Kind::Dropout:
    return at::dropout(ones, request.p, true);
  case Kind::FeatureDropout:
    return at::feature_dropout(ones, request.p, true);
  case Kind::AlphaDropout:
    return at::alpha_dropout(ones, request.p, true);
  case Kind::FeatureAlphaDropout:
    return at::feature_alpha_dropout(ones, request.p, true);
  case Kind::Normal:
    return at::randn_like(ones);
  case Kind::Slopes: // hang on the numbers: a test of their own
    break;
  }
  return ones;
}

/// Alpha dropout maps what it keeps to positive, what it drops to negative
/// numbers; with p = 1 it returns zeros.
at::Tensor comparable(const RandomRequest &request, at::Tensor result) {
  bool alpha = request.kind == Kind::AlphaDropout || request.kind == Kind::FeatureAlphaDropout;
  result = result.to(at::kDouble).contiguous();
  return alpha ? result.gt(0).to(at::kDouble) : result;
}

class Draws : public testing::TestWithParam<DType> {};

TEST_P(Draws, AreThoseOfTheOperatorsInSequence) {
  at::ScalarType type = GetParam() == DType::f64 ? at::kDouble : at::kFloat;
  std::vector<RandomRequest> requests;
  for (Kind kind : {Kind::Normal, Kind::Dropout, Kind::FeatureDropout, Kind::AlphaDropout,
                    Kind::FeatureAlphaDropout})
    for (double p : {0.0, 0.3, 0.5, 1.0})
      for (std::vector<int64_t> shape :
           {std::vector<int64_t>{3, 5}, {2, 3, 4, 5}, {4, 0}, {1, 1000}})
        requests.push_back({kind, shape, p});
  std::unique_ptr<RandomSource> source = runtime().randomSource(kSeed, GetParam());
  at::manual_seed(kSeed);
  for (const RandomRequest &request : requests) {
    SCOPED_TRACE("kind " + std::to_string(request.kind) + ", p " + std::to_string(request.p));
    at::Tensor expected = comparable(request, applied(request, type));
    HostTensor drawn = source->draw(request);
    EXPECT_EQ(drawn.shape(), request.shape);
    EXPECT_EQ(drawn.toDoubles(),
              Doubles(expected.data_ptr<double>(), expected.data_ptr<double>() + expected.numel()));
  }
}

INSTANTIATE_TEST_SUITE_P(, Draws, testing::Values(DType::f32, DType::f64));

TEST(VectorDraws, DropByElement) {
  std::unique_ptr<RandomSource> source = runtime().randomSource(kSeed, DType::f32);
  at::manual_seed(kSeed);
  at::Tensor expected = at::dropout(at::ones({100}), 0.5, true).to(at::kDouble);
  EXPECT_EQ(source->draw({Kind::Dropout, {100}, 0.5}).toDoubles(),
            Doubles(expected.data_ptr<double>(), expected.data_ptr<double>() + 100));
}

// rrelu draws for what is not above 0, row by row also where the input does not lie so.
TEST_P(Draws, AreSlopesOfWhatIsNotAboveZero) {
  at::ScalarType type = GetParam() == DType::f64 ? at::kDouble : at::kFloat;
  at::manual_seed(kSeed + 1);
  for (at::Tensor input : {at::randn({7, 5}, type), at::randn({5, 7}, type).t(),
                           at::randn({2, 3, 4, 5}, type).relu(), at::zeros({0, 3}, type)}) {
    std::unique_ptr<RandomSource> source = runtime().randomSource(kSeed, GetParam());
    at::manual_seed(kSeed);
    at::Tensor leaf = input.clone().requires_grad_();
    at::rrelu(leaf, -0.5, 2, true).sum().backward();
    at::Tensor expected = leaf.grad().to(at::kDouble).contiguous();
    RandomRequest request{Kind::Slopes, input.sizes().vec(), -0.5, {}, 2};
    at::Tensor below = input.le(0).contiguous();
    request.where.assign(below.data_ptr<bool>(), below.data_ptr<bool>() + below.numel());
    EXPECT_EQ(source->draw(request).toDoubles(),
              Doubles(expected.data_ptr<double>(), expected.data_ptr<double>() + expected.numel()));
  }
}

// An operator draws in the order of its input's memory.
TEST(VectorDraws, FollowTheOrderOfMemory) {
  for (Kind kind : {Kind::Dropout, Kind::Normal}) {
    std::unique_ptr<RandomSource> source = runtime().randomSource(kSeed, DType::f32);
    at::manual_seed(kSeed);
    at::Tensor transposed = at::ones({2, 5, 3}).transpose(1, 2);
    at::Tensor expected =
        kind == Kind::Normal ? at::randn_like(transposed) : at::dropout(transposed, 0.5, true);
    expected = expected.to(at::kDouble).contiguous();
    EXPECT_EQ(source->draw({kind, {2, 3, 5}, 0.5, {0, 2, 1}}).toDoubles(),
              Doubles(expected.data_ptr<double>(), expected.data_ptr<double>() + 30));
  }
}

} // namespace
