//===- Linear.cpp - Linear, Bilinear, Identity ----------------------------===//

#include "Linear.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

//===----------------------------------------------------------------------===//
// Shared state
//===----------------------------------------------------------------------===//

double tez::blueprint::kaimingBound(double fanIn) { return 1.0 / std::sqrt(fanIn); }

double tez::blueprint::xavierBound(double fanIn, double fanOut) {
  return std::sqrt(6.0 / (fanIn + fanOut));
}

LinearState LinearState::create(NetBuilder &net, StringRef path, int64_t in, int64_t out,
                                bool hasBias, LinearInit init) {
  double bound = kaimingBound(in);
  double weightBound = init == LinearInit::Kaiming ? bound : xavierBound(in, out);
  LinearState state;
  state.weight = net.parameter(path, "weight", {out, in}, net.uniform(-weightBound, weightBound));
  if (state.weight && hasBias) {
    state.bias = net.parameter(path, "bias", {out}, net.uniform(-bound, bound));
    if (!state.bias)
      state.weight = {};
  }
  return state;
}

bool ScaleState::create(NetBuilder &net, StringRef path, ArrayRef<int64_t> shape, bool affine,
                        bool hasBias) {
  if (!affine)
    return true;
  weight = net.parameter(path, "weight", shape, net.constant(1));
  if (!weight || !hasBias)
    return bool(weight);
  bias = net.parameter(path, "bias", shape, net.constant(0));
  return bool(bias);
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

namespace {
class LinearLayer : public UnaryLayer {
public:
  LinearLayer(json::Fields &f, int64_t in, int64_t out, bool bias)
      : UnaryLayer(placeOf(f, "in_features")),
        larger(placeOf(f, out > in ? "out_features" : "in_features")), in(in), out(out),
        bias(bias) {}

  std::vector<Input> inputs(MLIRContext *context) const override {
    return {{"input", floats(context, {kAnySize, in})}};
  }
  RankedTensorType inputFor(RankedTensorType output) const override {
    return resized(output, -1, in);
  }
  Value apply(NetBuilder &net, StringRef path, Value input) const override {
    LinearState state;
    {
      At at(net, larger);
      state = LinearState::create(net, path, in, out, bias);
    }
    return state ? state.apply(net, input) : Value();
  }

private:
  json::Value larger; ///< what to blame for too many parameters
  int64_t in, out;
  bool bias;
};

class BilinearLayer : public Layer {
public:
  BilinearLayer(json::Fields &f, int64_t in1, int64_t in2, int64_t out, bool bias)
      : place(placeOf(f, "in1_features")), in1(in1), in2(in2), out(out), bias(bias) {}

  std::vector<Input> inputs(MLIRContext *context) const override {
    return {{"input1", floats(context, {kAnySize, in1})},
            {"input2", floats(context, {kAnySize, in2})}};
  }
  size_t minInputs() const override { return 2; }
  Values build(NetBuilder &net, StringRef path, ValueRange inputs) const override;

private:
  json::Value place;
  int64_t in1, in2, out;
  bool bias;
};

class IdentityLayer : public UnaryLayer {
public:
  explicit IdentityLayer(json::Fields &f) : UnaryLayer(f.place()) {}
  Value apply(NetBuilder &, StringRef, Value input) const override { return input; }
};
} // namespace

Values BilinearLayer::build(NetBuilder &net, StringRef path, ValueRange inputs) const {
  At at(net, place);
  double bound = kaimingBound(in1);
  Value weight = net.parameter(path, "weight", {out, in1, in2}, net.uniform(-bound, bound));
  Value offset =
      weight && bias ? net.parameter(path, "bias", {out}, net.uniform(-bound, bound)) : Value();
  if (!weight || (bias && !offset))
    return {};
  Value result = make<esper::BilinearOp>(net, inputs[0], inputs[1], weight, offset);
  return result ? Values{result} : Values{};
}

static LayerPtr readLinear(json::Fields &f) {
  auto in = f.integer("in_features", json::kLayerSize);
  auto out = f.integer("out_features", json::kLayerSize);
  bool bias = f.booleanOr("bias", true);
  refuseFactoryArguments(f);
  return f.ok() ? std::make_unique<LinearLayer>(f, *in, *out, bias) : nullptr;
}

static LayerPtr readBilinear(json::Fields &f) {
  auto in1 = f.integer("in1_features", json::kLayerSize);
  auto in2 = f.integer("in2_features", json::kLayerSize);
  auto out = f.integer("out_features", json::kLayerSize);
  bool bias = f.booleanOr("bias", true);
  refuseFactoryArguments(f);
  return f.ok() ? std::make_unique<BilinearLayer>(f, *in1, *in2, *out, bias) : nullptr;
}

/// torch's Identity takes and ignores any argument; a blueprint's is exact.
static LayerPtr readIdentity(json::Fields &f) {
  return f.ok() ? std::make_unique<IdentityLayer>(f) : nullptr;
}

LayerTable tez::blueprint::linearLayers() {
  return {{"Linear", readLinear}, {"Bilinear", readBilinear}, {"Identity", readIdentity}};
}
