//===- ShapedNorm.cpp - Layer, root mean square, group, response norms ----===//

#include "Linear.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

using Sizes = std::vector<int64_t>;

/// A batch of `shape`.
static RankedTensorType batchOf(MLIRContext *context, ArrayRef<int64_t> shape) {
  SmallVector<int64_t> sizes{kAnySize};
  sizes.append(shape.begin(), shape.end());
  return floats(context, sizes);
}

namespace {
class LayerNorm : public UnaryLayer {
public:
  LayerNorm(json::Fields &f, Sizes shape, double eps, bool affine, bool bias)
      : UnaryLayer(placeOf(f, "normalized_shape")), shape(std::move(shape)), eps(eps),
        affine(affine), bias(bias) {}

  std::vector<Input> inputs(MLIRContext *context) const override {
    return {{"input", batchOf(context, shape)}};
  }
  Value apply(NetBuilder &net, StringRef path, Value input) const override {
    ScaleState scale;
    if (!scale.create(net, path, shape, affine, bias))
      return {};
    return make<esper::LayerNormOp>(net, input, scale.weight, scale.bias, shape,
                                    llvm::APFloat(eps));
  }

private:
  Sizes shape;
  double eps;
  bool affine, bias;
};

class RmsNorm : public UnaryLayer {
public:
  RmsNorm(json::Fields &f, Sizes shape, std::optional<double> eps, bool affine)
      : UnaryLayer(placeOf(f, "normalized_shape")), shape(std::move(shape)), eps(eps),
        affine(affine) {}

  std::vector<Input> inputs(MLIRContext *context) const override {
    return {{"input", batchOf(context, shape)}};
  }
  Value apply(NetBuilder &net, StringRef path, Value input) const override {
    ScaleState scale;
    if (!scale.create(net, path, shape, affine, /*hasBias=*/false))
      return {};
    FloatAttr epsilon = eps ? net.ops().getF64FloatAttr(*eps) : FloatAttr();
    return make<esper::RmsNormOp>(net, input, scale.weight, net.ops().getDenseI64ArrayAttr(shape),
                                  epsilon);
  }

private:
  Sizes shape;
  std::optional<double> eps;
  bool affine;
};

class GroupNorm : public UnaryLayer {
public:
  GroupNorm(json::Fields &f, int64_t groups, int64_t channels, double eps, bool affine, bool bias)
      : UnaryLayer(placeOf(f, "num_channels")), groups(groups), channels(channels), eps(eps),
        affine(affine), bias(bias) {}

  /// Any number of dimensions may follow the channels; images have two.
  std::vector<Input> inputs(MLIRContext *context) const override {
    return {{"input", image(context, channels, 2)}};
  }
  Value apply(NetBuilder &net, StringRef path, Value input) const override;

private:
  int64_t groups, channels;
  double eps;
  bool affine, bias;
};

class LocalResponseNorm : public UnaryLayer {
public:
  LocalResponseNorm(json::Fields &f, int64_t size, double alpha, double beta, double k)
      : UnaryLayer(placeOf(f, "size")), size(size), alpha(alpha), beta(beta), k(k) {}

  std::vector<Input> inputs(MLIRContext *context) const override {
    return {{"input", image(context, kAnySize, 2)}};
  }
  Value apply(NetBuilder &net, StringRef, Value input) const override {
    net.fixRank(input); // the op becomes a pool over that many dimensions
    return make<esper::LocalResponseNormOp>(net, input, size, llvm::APFloat(alpha),
                                            llvm::APFloat(beta), llvm::APFloat(k));
  }

private:
  int64_t size;
  double alpha, beta, k;
};
} // namespace

Value GroupNorm::apply(NetBuilder &net, StringRef path, Value input) const {
  ScaleState scale;
  if (!scale.create(net, path, {channels}, affine, bias))
    return {};
  return make<esper::GroupNormOp>(net, input, scale.weight, scale.bias, groups, llvm::APFloat(eps));
}

static std::optional<Sizes> readShape(json::Fields &f) {
  return f.integerOrAnyList("normalized_shape", json::kLayerSize);
}

static LayerPtr readLayerNorm(json::Fields &f) {
  auto shape = readShape(f);
  double eps = f.numberOr("eps", 1e-5, {.min = 0});
  bool affine = f.booleanOr("elementwise_affine", true);
  bool bias = f.booleanOr("bias", true);
  refuseFactoryArguments(f);
  return f.ok() ? std::make_unique<LayerNorm>(f, *shape, eps, affine, bias) : nullptr;
}

static LayerPtr readRmsNorm(json::Fields &f) {
  auto shape = readShape(f);
  auto eps = f.optionalNumber("eps", {.min = 0});
  bool affine = f.booleanOr("elementwise_affine", true);
  refuseFactoryArguments(f);
  return f.ok() ? std::make_unique<RmsNorm>(f, *shape, eps, affine) : nullptr;
}

static LayerPtr readGroupNorm(json::Fields &f) {
  auto groups = f.integer("num_groups", json::kLayerSize);
  auto channels = f.integer("num_channels", json::kLayerSize);
  double eps = f.numberOr("eps", 1e-5, {.min = 0});
  bool affine = f.booleanOr("affine", true);
  bool bias = f.booleanOr("bias", true);
  refuseFactoryArguments(f);
  checkDivides(f, "num_groups", groups, "num_channels", channels);
  return f.ok() ? std::make_unique<GroupNorm>(f, *groups, *channels, eps, affine, bias) : nullptr;
}

static LayerPtr readLocalResponseNorm(json::Fields &f) {
  auto size = f.integer("size", json::kLayerSize);
  double alpha = f.numberOr("alpha", 1e-4), beta = f.numberOr("beta", 0.75);
  double k = f.numberOr("k", 1.0);
  return f.ok() ? std::make_unique<LocalResponseNorm>(f, *size, alpha, beta, k) : nullptr;
}

LayerTable tez::blueprint::shapedNormLayers() {
  return {{"LayerNorm", readLayerNorm},
          {"RMSNorm", readRmsNorm},
          {"GroupNorm", readGroupNorm},
          {"LocalResponseNorm", readLocalResponseNorm}};
}
