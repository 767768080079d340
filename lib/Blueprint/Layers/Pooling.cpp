//===- Pooling.cpp - Windows reduced to one value -------------------------===//

#include "Support.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

using Sizes = std::vector<int64_t>;

namespace {
constexpr json::IntegerRange kPadding{0, json::kLayerSize.max};

/// A row of the closed list.
struct PoolRow {
  const char *name;
  int64_t spatial;
};

/// The windows that several pools share.
struct Window {
  Sizes kernel, stride, padding;
  bool ceil = false;
};

/// An input without a batch is taken as a batch of one, as torch does.
class PoolLayer : public UnaryLayer {
public:
  PoolLayer(const json::Value &place, int64_t spatial) : UnaryLayer(place), spatial(spatial) {}

  std::vector<Input> inputs(MLIRContext *context) const override {
    return {{"input", image(context, kAnySize, spatial)}};
  }
  RankedTensorType inputFor(RankedTensorType output) const override {
    return output.getRank() == spatial + 2 ? anySpatial(output) : RankedTensorType();
  }
  Value apply(NetBuilder &net, StringRef, Value input) const final {
    return asBatch(net, input, spatial + 2, [&](Value batch) { return pool(net, batch); });
  }

protected:
  virtual Value pool(NetBuilder &net, Value input) const = 0;
  int64_t spatial;
};

/// The windows of both max pools.
class MaxWindows {
public:
  MaxWindows(json::Fields &f, int64_t spatial, Window window, Sizes dilation)
      : place(placeOf(f, "kernel_size")), spatial(spatial), window(std::move(window)),
        dilation(std::move(dilation)),
        dilationPlace(f.has("dilation") ? placeOf(f, "dilation") : place) {}
  template <typename Op> Operation *pool(NetBuilder &net, Value input) const {
    At at(net, fitsPlainly(input) ? dilationPlace : place);
    return net.create<Op>(input, window.kernel, window.stride, window.padding, dilation,
                          window.ceil);
  }

  json::Value place;
  int64_t spatial;

private:
  /// Whether the windows have room without their dilation.
  bool fitsPlainly(Value input) const {
    RankedTensorType type = typeOf(input);
    if (type.getRank() != spatial + 2)
      return false;
    for (int64_t i = 0; i < spatial; ++i)
      if (!type.isDynamicDim(i + 2) &&
          type.getDimSize(i + 2) + 2 * window.padding[i] < window.kernel[i])
        return false;
    return true;
  }

  Window window;
  Sizes dilation;
  json::Value dilationPlace;
};

class MaxPool : public PoolLayer {
public:
  explicit MaxPool(MaxWindows windows)
      : PoolLayer(windows.place, windows.spatial), windows(std::move(windows)) {}
  Value pool(NetBuilder &net, Value input) const override {
    return resultOf(windows.pool<esper::MaxPoolOp>(net, input));
  }

private:
  MaxWindows windows;
};

/// Two results: the maxima and where they stand.
class MaxPoolWithIndices : public Layer {
public:
  explicit MaxPoolWithIndices(MaxWindows windows) : windows(std::move(windows)) {}
  std::vector<Input> inputs(MLIRContext *context) const override {
    return {{"input", image(context, kAnySize, windows.spatial)}};
  }
  Values build(NetBuilder &net, StringRef path, ValueRange inputs) const override;

private:
  MaxWindows windows;
};

class AvgPool : public PoolLayer {
public:
  AvgPool(json::Fields &f, int64_t spatial, Window window, bool countsPadding,
          std::optional<int64_t> divisor)
      : PoolLayer(placeOf(f, "kernel_size"), spatial), window(std::move(window)),
        countsPadding(countsPadding), divisor(divisor) {}
  Value pool(NetBuilder &net, Value input) const override {
    IntegerAttr override = divisor ? net.ops().getI64IntegerAttr(*divisor) : IntegerAttr();
    return make<esper::AvgPoolOp>(
        net, input, ArrayRef<int64_t>(window.kernel), ArrayRef<int64_t>(window.stride),
        ArrayRef<int64_t>(window.padding), window.ceil, countsPadding, override);
  }

private:
  Window window;
  bool countsPadding;
  std::optional<int64_t> divisor;
};

class LpPool : public PoolLayer {
public:
  LpPool(json::Fields &f, int64_t spatial, double norm, Window window)
      : PoolLayer(placeOf(f, "kernel_size"), spatial), norm(norm), window(std::move(window)) {}
  Value pool(NetBuilder &net, Value input) const override {
    return make<esper::LpPoolOp>(net, input, llvm::APFloat(norm), window.kernel, window.stride,
                                 window.ceil);
  }

private:
  double norm;
  Window window;
};

template <typename Op> class AdaptivePool : public PoolLayer {
public:
  AdaptivePool(json::Fields &f, int64_t spatial, Sizes output)
      : PoolLayer(placeOf(f, "output_size"), spatial), output(std::move(output)) {}
  Value pool(NetBuilder &net, Value input) const override { return make<Op>(net, input, output); }

private:
  Sizes output;
};
} // namespace

Values MaxPoolWithIndices::build(NetBuilder &net, StringRef, ValueRange inputs) const {
  At at(net, windows.place);
  Value input = inputs.front();
  bool single = typeOf(input).getRank() == windows.spatial + 1;
  if (single)
    input = make<esper::UnsqueezeOp>(net, input, 0);
  Operation *op = input ? windows.pool<esper::MaxPoolWithIndicesOp>(net, input) : nullptr;
  if (!op)
    return {};
  Values results(op->getResults());
  for (Value &result : results)
    if (single)
      result = make<esper::SqueezeOp>(net, result, 0);
  return results;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// The stride is the kernel unless it is stated.
static Window readKernel(json::Fields &f, int64_t spatial) {
  Window window;
  auto kernel = f.integerOrList("kernel_size", spatial, json::kLayerSize);
  window.kernel = kernel.value_or(Sizes(spatial, 1));
  window.stride =
      f.optionalIntegerOrList("stride", spatial, json::kLayerSize).value_or(window.kernel);
  return window;
}

static void readPadding(json::Fields &f, int64_t spatial, Window &window) {
  window.padding = f.integerOrListOr("padding", spatial, 0, kPadding);
  for (auto [pad, kernel] : llvm::zip(window.padding, window.kernel))
    if (f.ok() && pad > kernel / 2) {
      f.error("padding", "expected at most half of the kernel's size (" + std::to_string(kernel) +
                             "), found " + std::to_string(pad));
      return;
    }
}

static void refuseIndices(json::Fields &f) {
  if (f.booleanOr("return_indices", false))
    f.error("return_indices", "expected false, found true (indices are not supported)");
}

static LayerPtr readMaxPool(json::Fields &f, const PoolRow &row) {
  Window window = readKernel(f, row.spatial);
  readPadding(f, row.spatial, window);
  Sizes dilation = f.integerOrListOr("dilation", row.spatial, 1, json::kLayerSize);
  bool indices = f.booleanOr("return_indices", false);
  window.ceil = f.booleanOr("ceil_mode", false);
  if (!f.ok())
    return nullptr;
  MaxWindows windows(f, row.spatial, window, dilation);
  if (indices)
    return std::make_unique<MaxPoolWithIndices>(windows);
  return std::make_unique<MaxPool>(windows);
}

static LayerPtr readAvgPool(json::Fields &f, const PoolRow &row) {
  Window window = readKernel(f, row.spatial);
  readPadding(f, row.spatial, window);
  window.ceil = f.booleanOr("ceil_mode", false);
  bool counts = f.booleanOr("count_include_pad", true);
  std::optional<int64_t> divisor;
  if (row.spatial > 1)
    divisor = f.optionalInteger("divisor_override");
  if (divisor == 0)
    f.error("divisor_override", "expected an integer other than 0, found 0");
  return f.ok() ? std::make_unique<AvgPool>(f, row.spatial, window, counts, divisor) : nullptr;
}

static LayerPtr readLpPool(json::Fields &f, const PoolRow &row) {
  auto norm = f.number("norm_type");
  if (norm == 0.0)
    f.error("norm_type", "expected a number other than 0, found 0");
  Window window = readKernel(f, row.spatial);
  window.ceil = f.booleanOr("ceil_mode", false);
  return f.ok() ? std::make_unique<LpPool>(f, row.spatial, *norm, window) : nullptr;
}

/// Sizes where null, in a list, keeps that of the input (-1 in esper).
static Sizes readOutputSize(json::Fields &f, int64_t spatial) {
  if (spatial == 1 || f.kind("output_size") != json::Kind::Array)
    return f.integerOrList("output_size", spatial, json::kLayerSize).value_or(Sizes(spatial, 1));
  Sizes sizes;
  auto list = f.array("output_size", {.min = size_t(spatial), .max = size_t(spatial)});
  if (!list)
    return Sizes(spatial, 1);
  for (json::Value element : *list) {
    auto size = element.isNull() ? -1 : json::readInteger(element, f.sink(), json::kLayerSize);
    if (!size)
      f.fail("output_size");
    sizes.push_back(size.value_or(1));
  }
  return sizes;
}

static LayerPtr readAdaptiveAvgPool(json::Fields &f, const PoolRow &row) {
  using Pool = AdaptivePool<esper::AdaptiveAvgPoolOp>;
  Sizes output = readOutputSize(f, row.spatial);
  return f.ok() ? std::make_unique<Pool>(f, row.spatial, output) : nullptr;
}

static LayerPtr readAdaptiveMaxPool(json::Fields &f, const PoolRow &row) {
  using Pool = AdaptivePool<esper::AdaptiveMaxPoolOp>;
  Sizes output = readOutputSize(f, row.spatial);
  refuseIndices(f);
  return f.ok() ? std::make_unique<Pool>(f, row.spatial, output) : nullptr;
}

static constexpr PoolRow maxRows[] = {{"MaxPool1d", 1}, {"MaxPool2d", 2}, {"MaxPool3d", 3}};
static constexpr PoolRow avgRows[] = {{"AvgPool1d", 1}, {"AvgPool2d", 2}, {"AvgPool3d", 3}};
static constexpr PoolRow lpRows[] = {{"LPPool1d", 1}, {"LPPool2d", 2}, {"LPPool3d", 3}};
static constexpr PoolRow adaptiveAvgRows[] = {
    {"AdaptiveAvgPool1d", 1}, {"AdaptiveAvgPool2d", 2}, {"AdaptiveAvgPool3d", 3}};
static constexpr PoolRow adaptiveMaxRows[] = {
    {"AdaptiveMaxPool1d", 1}, {"AdaptiveMaxPool2d", 2}, {"AdaptiveMaxPool3d", 3}};

LayerTable tez::blueprint::poolingLayers() {
  LayerTable table = tableOf<maxRows, readMaxPool>();
  llvm::append_range(table, tableOf<avgRows, readAvgPool>());
  llvm::append_range(table, tableOf<lpRows, readLpPool>());
  llvm::append_range(table, tableOf<adaptiveAvgRows, readAdaptiveAvgPool>());
  llvm::append_range(table, tableOf<adaptiveMaxRows, readAdaptiveMaxPool>());
  return table;
}
