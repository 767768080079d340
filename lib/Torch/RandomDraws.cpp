//===- RandomDraws.cpp - What ATen's random operators draw ----------------===//
//
// Follows aten/src/ATen/native/Dropout.cpp: dropout draws nothing when p is 0
// or 1 or the input is empty, else Bernoulli(1 - p) numbers in the input's type
// for each element, or for each sample and channel. Activation.cpp there: rrelu draws a number for
// each element that is not above 0.
//
//===----------------------------------------------------------------------===//

#include "RandomDraws.h"
#include "Tensors.h"
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Functions.h>
#include <ATen/core/DistributionsHelper.h>
#include <c10/core/GradMode.h>

using namespace tez;

namespace {

class Draws : public RandomSource {
public:
  Draws(uint64_t seed, DType dtype)
      : generator(at::detail::createCPUGenerator(seed)), options(toScalarType(dtype)) {}

  HostTensor draw(const RandomRequest &request) override {
    c10::NoGradGuard noGradients;
    return toHost(drawn(request).to(at::kDouble));
  }

private:
  at::Tensor drawn(const RandomRequest &request) {
    switch (request.kind) {
    case RandomRequest::Normal:
      return emptyLike(request).normal_(0, 1, generator);
    case RandomRequest::Slopes:
      return slopes(request);
    default:
      return dropoutFactors(request);
    }
  }

  /// Row by row, whatever the layout, in double, then rounded.
  at::Tensor slopes(const RandomRequest &request) {
    at::Tensor drawn = at::ones(request.shape, at::kDouble);
    double *slope = drawn.data_ptr<double>();
    at::uniform_real_distribution<double> uniform(request.p, request.q);
    auto *numbers = at::check_generator<at::CPUGeneratorImpl>(generator);
    for (size_t i = 0; i < request.where.size(); ++i)
      if (request.where[i])
        slope[i] = uniform(numbers);
    return drawn.to(options);
  }

  /// In the layout of the tensor that the operator fills.
  at::Tensor emptyLike(const RandomRequest &request) {
    return request.order.empty() ? at::empty(request.shape, options)
                                 : at::empty_permuted(request.shape, request.order, options);
  }

  at::Tensor dropoutFactors(const RandomRequest &request) {
    double keep = 1 - request.p;
    at::IntArrayRef shape = request.shape;
    if (request.p == 0 || c10::multiply_integers(shape) == 0)
      return at::ones(shape, options);
    if (request.p == 1)
      return at::zeros(shape, options);
    bool alpha = request.kind == RandomRequest::AlphaDropout ||
                 request.kind == RandomRequest::FeatureAlphaDropout;
    bool feature = request.kind == RandomRequest::FeatureDropout ||
                   request.kind == RandomRequest::FeatureAlphaDropout;
    std::vector<int64_t> drawnShape = request.shape;
    if (feature)
      std::fill(drawnShape.begin() + std::min<size_t>(2, drawnShape.size()), drawnShape.end(), 1);
    at::Tensor noise = feature ? at::empty(drawnShape, options) : emptyLike(request);
    noise.bernoulli_(keep, generator);
    if (!alpha)
      noise.div_(keep);
    return noise.expand(shape);
  }

  at::Generator generator;
  at::TensorOptions options;
};

} // namespace

std::unique_ptr<RandomSource> tez::createRandomDraws(uint64_t seed, DType dtype) {
  return std::make_unique<Draws>(seed, dtype);
}
