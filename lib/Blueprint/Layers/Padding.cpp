//===- Padding.cpp - Layers that add elements at the ends -----------------===//

#include "Support.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

using Sizes = std::vector<int64_t>;

namespace {
/// A row of the closed list.
struct PadRow {
  const char *name;
  int64_t spatial;
  esper::PadMode mode;
  bool takesValue = false;
};

using esper::PadMode;
constexpr PadRow rows[] = {
    {"ConstantPad1d", 1, PadMode::Constant, true}, {"ConstantPad2d", 2, PadMode::Constant, true},
    {"ConstantPad3d", 3, PadMode::Constant, true}, {"ZeroPad1d", 1, PadMode::Constant},
    {"ZeroPad2d", 2, PadMode::Constant},           {"ZeroPad3d", 3, PadMode::Constant},
    {"ReflectionPad1d", 1, PadMode::Reflect},      {"ReflectionPad2d", 2, PadMode::Reflect},
    {"ReflectionPad3d", 3, PadMode::Reflect},      {"ReplicationPad1d", 1, PadMode::Replicate},
    {"ReplicationPad2d", 2, PadMode::Replicate},   {"ReplicationPad3d", 3, PadMode::Replicate},
    {"CircularPad1d", 1, PadMode::Circular},       {"CircularPad2d", 2, PadMode::Circular},
    {"CircularPad3d", 3, PadMode::Circular},
};

class PadLayer : public UnaryLayer {
public:
  PadLayer(json::Fields &f, const PadRow &row, Sizes pads, double value)
      : UnaryLayer(placeOf(f, "padding")), row(row), pads(std::move(pads)), value(value) {}

  std::vector<Input> inputs(MLIRContext *context) const override {
    return {{"input", image(context, kAnySize, row.spatial)}};
  }
  RankedTensorType inputFor(RankedTensorType output) const override;
  Value apply(NetBuilder &net, StringRef, Value input) const override {
    // A constant pads inputs of any rank; torch's others know a batch or none.
    if (row.mode != PadMode::Constant &&
        !requireRank(net, input, {row.spatial + 1, row.spatial + 2}, row.name))
      return {};
    return make<esper::PadOp>(net, input, pads, row.mode, llvm::APFloat(value));
  }

private:
  const PadRow &row;
  Sizes pads;
  double value;
};
} // namespace

RankedTensorType PadLayer::inputFor(RankedTensorType output) const {
  for (int64_t i = 0; i < row.spatial && i < output.getRank(); ++i) {
    int64_t dim = output.getRank() - 1 - i;
    if (!output.isDynamicDim(dim))
      output =
          resized(output, dim,
                  std::max<int64_t>(0, output.getDimSize(dim) - pads[2 * i] - pads[2 * i + 1]));
  }
  return output;
}

static LayerPtr readPad(json::Fields &f, const PadRow &row) {
  constexpr json::IntegerRange range{-json::kLayerSize.max, json::kLayerSize.max};
  auto pads = f.integerOrList("padding", 2 * row.spatial, range);
  double value = row.takesValue ? f.number("value").value_or(0) : 0;
  return f.ok() ? std::make_unique<PadLayer>(f, row, *pads, value) : nullptr;
}

LayerTable tez::blueprint::paddingLayers() { return tableOf<rows, readPad>(); }
