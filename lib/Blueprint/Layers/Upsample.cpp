//===- Upsample.cpp - Spatial dimensions resized --------------------------===//

#include "Support.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

namespace {
/// A mode of Upsample; `spatial` 0: 1 to 3 dimensions.
struct ModeRow {
  const char *name;
  esper::UpsampleMode mode;
  int64_t spatial;

  bool interpolates() const {
    return mode != esper::UpsampleMode::Nearest && mode != esper::UpsampleMode::NearestExact;
  }
};

constexpr ModeRow modes[] = {{"nearest", esper::UpsampleMode::Nearest, 0},
                             {"nearest-exact", esper::UpsampleMode::NearestExact, 0},
                             {"linear", esper::UpsampleMode::Linear, 1},
                             {"bilinear", esper::UpsampleMode::Bilinear, 2},
                             {"trilinear", esper::UpsampleMode::Trilinear, 3},
                             {"bicubic", esper::UpsampleMode::Bicubic, 2}};

/// New sizes or factors, one for each spatial dimension or one for all.
struct Target {
  std::vector<int64_t> sizes;
  std::vector<double> factors;

  size_t count() const { return std::max(sizes.size(), factors.size()); }
};

class UpsampleLayer : public UnaryLayer {
public:
  UpsampleLayer(const json::Value &place, const ModeRow &mode, Target target,
                std::optional<bool> corners)
      : UnaryLayer(place), mode(mode), target(std::move(target)), corners(corners) {}

  std::vector<Input> inputs(MLIRContext *context) const override {
    int64_t listed = target.count() > 1 ? target.count() : 2;
    return {{"input", image(context, kAnySize, mode.spatial ? mode.spatial : listed)}};
  }
  RankedTensorType inputFor(RankedTensorType output) const override { return anySpatial(output); }
  Value apply(NetBuilder &net, StringRef, Value input) const override;

private:
  const ModeRow &mode;
  Target target;
  std::optional<bool> corners;
};
} // namespace

/// One number stands for as many as the input has spatial dimensions.
template <typename T> static std::vector<T> spread(const std::vector<T> &list, int64_t count) {
  return list.size() == 1 && count > 1 ? std::vector<T>(count, list[0]) : list;
}

Value UpsampleLayer::apply(NetBuilder &net, StringRef, Value input) const {
  net.fixRank(input); // each rank has an operator of its own
  int64_t spatial = typeOf(input).getRank() - 2;
  DenseI64ArrayAttr sizes;
  DenseF64ArrayAttr factors;
  if (!target.sizes.empty())
    sizes = net.ops().getDenseI64ArrayAttr(spread(target.sizes, spatial));
  else
    factors = net.ops().getDenseF64ArrayAttr(spread(target.factors, spatial));
  BoolAttr align = corners ? net.ops().getBoolAttr(*corners) : BoolAttr();
  auto kind = esper::UpsampleModeAttr::get(net.context(), mode.mode);
  return make<esper::UpsampleOp>(net, input, kind, sizes, factors, align);
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// One number or a list of up to three, whose length the op checks.
static Target readTarget(json::Fields &f) {
  Target target;
  constexpr json::NumberRange positive{.above = 0};
  if (f.has("size") == f.has("scale_factor"))
    f.error("size", "expected exactly one of size and scale_factor");
  target.sizes = f.optionalIntegerOrAnyList("size", json::kLayerSize, {.min = 1, .max = 3})
                     .value_or(std::vector<int64_t>());
  size_t count = 1;
  if (f.kind("scale_factor") == json::Kind::Array) {
    auto list = f.array("scale_factor", {.min = 1, .max = 3});
    count = list ? list->size() : 1;
  }
  target.factors =
      f.optionalNumberOrList("scale_factor", count, positive).value_or(std::vector<double>());
  return target;
}

static json::Value targetPlace(json::Fields &f) {
  return placeOf(f, f.has("size") ? "size" : "scale_factor");
}

static LayerPtr readUpsample(json::Fields &f) {
  Target target = readTarget(f);
  auto name =
      f.oneOf("mode", {"nearest", "nearest-exact", "linear", "bilinear", "trilinear", "bicubic"},
              "nearest");
  const ModeRow &mode = *llvm::find_if(modes, [&](const ModeRow &row) { return row.name == name; });
  auto corners = f.optionalBoolean("align_corners");
  if (corners && !mode.interpolates())
    f.error("align_corners", "the mode \"" + std::string(mode.name) + "\" has no corners to align");
  if (!corners && mode.interpolates())
    corners = false;
  if (target.count() == 1 && mode.spatial == 0)
    f.warning(f.has("size") ? "size" : "scale_factor",
              "one number for all spatial dimensions leaves their number open: decided for the "
              "declared rank (4 where no other layer tells), and the kernel refuses others");
  if (f.booleanOr("recompute_scale_factor", false))
    f.error("recompute_scale_factor", "expected false, found true (not supported)");
  return f.ok() ? std::make_unique<UpsampleLayer>(targetPlace(f), mode, target, corners) : nullptr;
}

static LayerPtr readUpsampling2d(json::Fields &f, const ModeRow &mode,
                                 std::optional<bool> corners) {
  Target target = readTarget(f);
  if (target.count() == 1) {
    target.sizes = spread(target.sizes, 2);
    target.factors = spread(target.factors, 2);
  }
  return f.ok() ? std::make_unique<UpsampleLayer>(targetPlace(f), mode, target, corners) : nullptr;
}

static LayerPtr readUpsamplingNearest2d(json::Fields &f) {
  return readUpsampling2d(f, modes[0], std::nullopt);
}
static LayerPtr readUpsamplingBilinear2d(json::Fields &f) {
  return readUpsampling2d(f, modes[3], true);
}

LayerTable tez::blueprint::upsampleLayers() {
  return {{"Upsample", readUpsample},
          {"UpsamplingNearest2d", readUpsamplingNearest2d},
          {"UpsamplingBilinear2d", readUpsamplingBilinear2d}};
}
