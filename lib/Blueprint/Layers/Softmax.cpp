//===- Softmax.cpp - Functions along one dimension ------------------------===//

#include "Support.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

namespace {
constexpr json::IntegerRange kDim{-64, 63};

/// A row of the closed list.
struct SoftmaxRow {
  const char *name;
  bool negates, logarithm;
};

constexpr SoftmaxRow rows[] = {
    {"Softmax", false, false}, {"Softmin", true, false}, {"LogSoftmax", false, true}};

class SoftmaxLayer : public UnaryLayer {
public:
  SoftmaxLayer(json::Fields &f, const SoftmaxRow &row, std::optional<int64_t> dim)
      : UnaryLayer(placeOf(f, "dim")), row(row), dim(dim) {}

  std::vector<Input> inputs(MLIRContext *context) const override;
  Value apply(NetBuilder &net, StringRef, Value input) const override {
    if (row.negates)
      input = make<esper::ActivationOp>(net, "neg", ArrayRef<double>{}, input);
    if (!input)
      return {};
    if (!dim)
      net.fixRank(input);
    int64_t over = dim.value_or(impliedDim(typeOf(input).getRank()));
    // A number alone is one entry to torch.
    return asBatch(net, input, 1, [&](Value entries) {
      return row.logarithm ? make<esper::LogSoftmaxOp>(net, entries, over)
                           : make<esper::SoftmaxOp>(net, entries, over);
    });
  }

private:
  /// torch's choice when no dimension is stated.
  static int64_t impliedDim(int64_t rank) { return rank == 0 || rank == 1 || rank == 3 ? 0 : 1; }

  const SoftmaxRow &row;
  std::optional<int64_t> dim;
};

class Softmax2d : public UnaryLayer {
public:
  explicit Softmax2d(json::Fields &f) : UnaryLayer(f.place()) {}
  std::vector<Input> inputs(MLIRContext *context) const override {
    return {{"input", image(context, kAnySize, 2)}};
  }
  Value apply(NetBuilder &net, StringRef, Value input) const override {
    if (!requireRank(net, input, {3, 4}, "Softmax2d"))
      return {};
    return make<esper::SoftmaxOp>(net, input, -3);
  }
};

class GluLayer : public UnaryLayer {
public:
  GluLayer(json::Fields &f, int64_t dim) : UnaryLayer(placeOf(f, "dim")), dim(dim) {}

  std::vector<Input> inputs(MLIRContext *context) const override;
  RankedTensorType inputFor(RankedTensorType output) const override;
  Value apply(NetBuilder &net, StringRef, Value input) const override {
    return make<esper::GluOp>(net, input, dim);
  }

private:
  int64_t dim;
};
} // namespace

/// The least rank, but 2, that has dimension `dim`.
static int64_t rankWith(int64_t dim) { return std::max<int64_t>(2, dim < 0 ? -dim : dim + 1); }

std::vector<Input> SoftmaxLayer::inputs(MLIRContext *context) const {
  return {{"input", floats(context, SmallVector<int64_t>(rankWith(dim.value_or(1)), kAnySize))}};
}

std::vector<Input> GluLayer::inputs(MLIRContext *context) const {
  return {{"input", floats(context, SmallVector<int64_t>(rankWith(dim), kAnySize))}};
}

/// Twice as wide; a width beyond all limits is found by the op's rule.
RankedTensorType GluLayer::inputFor(RankedTensorType output) const {
  int64_t rank = output.getRank(), index = dim < 0 ? dim + rank : dim;
  if (index < 0 || index >= rank || output.isDynamicDim(index))
    return output;
  return resized(output, index, output.getDimSize(index) * 2);
}

static LayerPtr readSoftmax(json::Fields &f, const SoftmaxRow &row) {
  auto dim = f.optionalInteger("dim", kDim);
  if (!f.has("dim"))
    f.warning("dim", "no dimension stated: torch takes 0 for inputs of rank 0, 1 and 3, else 1; "
                     "decided for the declared rank, and the kernel refuses others");
  return f.ok() ? std::make_unique<SoftmaxLayer>(f, row, dim) : nullptr;
}

static LayerPtr readSoftmax2d(json::Fields &f) {
  return f.ok() ? std::make_unique<Softmax2d>(f) : nullptr;
}

static LayerPtr readGlu(json::Fields &f) {
  int64_t dim = f.integerOr("dim", -1, kDim);
  return f.ok() ? std::make_unique<GluLayer>(f, dim) : nullptr;
}

LayerTable tez::blueprint::softmaxLayers() {
  LayerTable table = tableOf<rows, readSoftmax>();
  table.push_back({"Softmax2d", readSoftmax2d});
  table.push_back({"GLU", readGlu});
  return table;
}
