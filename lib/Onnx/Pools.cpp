//===- Pools.cpp -----------------------------------------------------------===//

#include "Emitters.h"

using namespace mlir;
using namespace tez;
using namespace tez::onnx;
using namespace tez::esper;

static Name maxPool(MaxPoolOp op, Graph &g) {
  if (!isBatched(op.getInput(), op.getKernelSize()))
    return refuse(op, "an input without a batch");
  return g.node("MaxPool", {g(op.getInput())},
                {{"kernel_shape", op.getKernelSize()},
                 {"strides", op.getStride()},
                 {"pads", bothEnds(op.getPadding())},
                 {"dilations", op.getDilation()},
                 {"ceil_mode", int64_t(op.getCeilMode())}});
}

static Name avgPool(AvgPoolOp op, Graph &g) {
  if (!isBatched(op.getInput(), op.getKernelSize()))
    return refuse(op, "an input without a batch");
  bool ownDivisor = op.getDivisorOverride().has_value();
  if (op.getCeilMode() && (ownDivisor || op.getCountIncludePad()))
    return refuse(op, "windows over the end, which ONNX and torch count differently");
  bool countsPads = ownDivisor || op.getCountIncludePad();
  Name mean = g.node("AveragePool", {g(op.getInput())},
                     {{"kernel_shape", op.getKernelSize()},
                      {"strides", op.getStride()},
                      {"pads", bothEnds(op.getPadding())},
                      {"ceil_mode", int64_t(op.getCeilMode())},
                      {"count_include_pad", int64_t(countsPads)}});
  if (!ownDivisor)
    return mean;
  double elements = 1;
  for (int64_t size : op.getKernelSize())
    elements *= double(size);
  return g.multiply(mean, g.number(elements / double(*op.getDivisorOverride())));
}

/// The windows of adaptive pools, where they are all of one size and side by side; or empty.
static SmallVector<int64_t> evenWindows(ArrayRef<int64_t> input, ArrayRef<int64_t> output) {
  SmallVector<int64_t> windows;
  for (auto [in, out] : llvm::zip(input, output)) {
    if (ShapedType::isDynamic(in) || out < 1 || in < out || in % out)
      return {};
    windows.push_back(in / out);
  }
  return windows;
}

/// Windows of different sizes along one dimension, as torch has them: each by itself.
static Name unevenWindows(Name x, StringRef reduction, int64_t axis, int64_t in, int64_t out,
                          Graph &g) {
  Names parts;
  for (int64_t o = 0; o < out; ++o) {
    int64_t begin = o * in / out, end = ((o + 1) * in + out - 1) / out;
    Name window = g.node("Slice", {x, g.integers({begin}), g.integers({end}), g.integers({axis})});
    parts.push_back(g.reduce(reduction, window, {axis}, true));
  }
  return g.node("Concat", parts, {{"axis", axis}});
}

/// A mean of means and a maximum of maxima are those of the whole window.
template <typename Op>
static Name adaptivePool(Op op, StringRef pool, StringRef reduction, Graph &g) {
  constexpr int64_t mostWindows = 64; // nodes, for each dimension
  ArrayRef<int64_t> output = op.getOutputSize();
  auto type = cast<RankedTensorType>(op.getInput().getType());
  ArrayRef<int64_t> input = type.getShape().take_back(output.size());
  Name x = g(op.getInput());
  if (!isBatched(op.getInput(), output))
    return refuse(op, "an input without a batch");
  if (llvm::all_of(output, [](int64_t size) { return size == 1; }))
    return g.reduce(reduction, x, range(2, type.getRank()), true);
  SmallVector<int64_t> windows = evenWindows(input, output);
  if (!windows.empty())
    return g.node(pool, {x}, {{"kernel_shape", windows}, {"strides", windows}});
  if (llvm::any_of(input, ShapedType::isDynamic))
    return refuse(op, "windows of sizes that only the run tells");
  for (auto [i, in, out] : llvm::enumerate(input, output)) {
    if (out < 1 || out > mostWindows)
      return refuse(op, "more than 64 windows of different sizes in a dimension, or none");
    x = unevenWindows(x, reduction, int64_t(i) + 2, in, out, g);
  }
  return x;
}

void Emitters::addPools() {
  add<MaxPoolOp>(maxPool);
  add<AvgPoolOp>(avgPool);
  add<AdaptiveAvgPoolOp>([](AdaptiveAvgPoolOp op, Graph &g) {
    return adaptivePool(op, "AveragePool", "ReduceMean", g);
  });
  add<AdaptiveMaxPoolOp>(
      [](AdaptiveMaxPoolOp op, Graph &g) { return adaptivePool(op, "MaxPool", "ReduceMax", g); });
}
