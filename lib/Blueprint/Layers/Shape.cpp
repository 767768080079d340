//===- Shape.cpp - The same elements in another arrangement ---------------===//

#include "Support.h"
#include "tez/Dialect/Esper/ShapeRules.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

using Sizes = std::vector<int64_t>;

static constexpr json::IntegerRange kDim{-64, 63};

namespace {
class FlattenLayer : public UnaryLayer {
public:
  FlattenLayer(json::Fields &f, int64_t start, int64_t end)
      : UnaryLayer(placeOf(f, "start_dim")), endPlace(placeOf(f, "end_dim")), start(start),
        end(end) {}

  /// Any rank may come; images are flattened most often.
  std::vector<Input> inputs(MLIRContext *context) const override {
    int64_t rank = std::max({int64_t(4), start + 1, end + 1, -start, -end});
    return {{"input", floats(context, SmallVector<int64_t>(rank, kAnySize))}};
  }
  RankedTensorType inputFor(RankedTensorType output) const override;
  Value apply(NetBuilder &net, StringRef, Value input) const override {
    bool started = esper::normalizeDim(start, typeOf(input).getRank()).has_value();
    At at(net, started ? endPlace : place);
    return make<esper::FlattenOp>(net, input, start, end);
  }

private:
  json::Value endPlace;
  int64_t start, end;
};

class UnflattenLayer : public UnaryLayer {
public:
  UnflattenLayer(json::Fields &f, int64_t dim, Sizes sizes)
      : UnaryLayer(placeOf(f, "unflattened_size")), dim(dim), sizes(std::move(sizes)) {}

  std::vector<Input> inputs(MLIRContext *context) const override;
  RankedTensorType inputFor(RankedTensorType output) const override;
  Value apply(NetBuilder &net, StringRef, Value input) const override {
    return make<esper::UnflattenOp>(net, input, dim, sizes);
  }

private:
  int64_t dim;
  Sizes sizes;
};

/// A layer that moves elements between channels and pixels, known by one
/// number that divides some of its sizes.
template <typename Op> class ShuffleLayer : public UnaryLayer {
public:
  ShuffleLayer(const json::Value &place, int64_t factor) : UnaryLayer(place), factor(factor) {}

  std::vector<Input> inputs(MLIRContext *context) const override {
    return {{"input", image(context, kAnySize, 2)}};
  }
  RankedTensorType inputFor(RankedTensorType) const override { return {}; }
  Value apply(NetBuilder &net, StringRef, Value input) const override {
    return make<Op>(net, input, factor);
  }

private:
  int64_t factor;
};
} // namespace

/// Behind Flatten(1) stands a width, before it (width, 1, 1): the rank is an
/// example, any other is taken at run time.
RankedTensorType FlattenLayer::inputFor(RankedTensorType output) const {
  if (start != 1 || end != -1 || output.getRank() != 2)
    return {};
  return RankedTensorType::get({output.getDimSize(0), output.getDimSize(1), 1, 1},
                               output.getElementType());
}

std::vector<Input> UnflattenLayer::inputs(MLIRContext *context) const {
  SmallVector<int64_t> shape(std::max<int64_t>(2, dim < 0 ? -dim : dim + 1), kAnySize);
  Sizes known;
  llvm::copy_if(sizes, std::back_inserter(known), [](int64_t size) { return size > 0; });
  std::optional<int64_t> width = esper::multiplyDims(known);
  return {{"input", resized(floats(context, shape), dim, width.value_or(kAnySize))}};
}

RankedTensorType UnflattenLayer::inputFor(RankedTensorType output) const {
  int64_t rank = output.getRank() - int64_t(sizes.size()) + 1;
  std::optional<int64_t> first = esper::normalizeDim(dim, rank);
  if (!first || output.getRank() < int64_t(sizes.size()))
    return {};
  SmallVector<int64_t> shape(output.getShape());
  SmallVector<int64_t> parts(ArrayRef(shape).slice(*first, sizes.size()));
  for (auto [part, size] : llvm::zip(parts, sizes))
    part = size > 0 ? size : part;
  shape.erase(shape.begin() + *first, shape.begin() + *first + sizes.size());
  shape.insert(shape.begin() + *first, esper::multiplyDims(parts).value_or(kAnySize));
  return output.clone(shape);
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

static LayerPtr readFlatten(json::Fields &f) {
  int64_t start = f.integerOr("start_dim", 1, kDim), end = f.integerOr("end_dim", -1, kDim);
  return f.ok() ? std::make_unique<FlattenLayer>(f, start, end) : nullptr;
}

static LayerPtr readUnflatten(json::Fields &f) {
  auto dim = f.integer("dim", kDim);
  auto sizes = f.integers("unflattened_size", {-1, json::kLayerSize.max}, {.min = 1, .max = 64});
  if (sizes && llvm::count(*sizes, -1) > 1)
    f.error("unflattened_size", "expected at most one -1");
  return f.ok() ? std::make_unique<UnflattenLayer>(f, *dim, *sizes) : nullptr;
}

/// `name` is what torch calls the factor.
template <typename Op> static LayerPtr readShuffle(json::Fields &f, const char *name) {
  auto factor = f.integer(name, json::kLayerSize);
  return f.ok() ? std::make_unique<ShuffleLayer<Op>>(placeOf(f, name), *factor) : nullptr;
}

LayerTable tez::blueprint::shapeLayers() {
  return {
      {"Flatten", readFlatten},
      {"Unflatten", readUnflatten},
      {"PixelShuffle",
       [](json::Fields &f) { return readShuffle<esper::PixelShuffleOp>(f, "upscale_factor"); }},
      {"PixelUnshuffle",
       [](json::Fields &f) { return readShuffle<esper::PixelUnshuffleOp>(f, "downscale_factor"); }},
      {"ChannelShuffle",
       [](json::Fields &f) { return readShuffle<esper::ChannelShuffleOp>(f, "groups"); }}};
}
