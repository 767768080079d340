//===- Dropout.cpp - Layers that drop at random ---------------------------===//

#include "Support.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

namespace {
/// A row of the closed list.
struct DropoutRow {
  const char *name;
  esper::DropoutKind kind;
  int64_t rank;   ///< of the declared input; 0: any shape
  bool addsBatch; ///< an input of lower rank is a batch of one
};

constexpr DropoutRow rows[] = {
    {"Dropout", esper::DropoutKind::Element, 0, false},
    {"Dropout1d", esper::DropoutKind::Feature, 3, true},
    {"Dropout2d", esper::DropoutKind::Feature, 4, false},
    {"Dropout3d", esper::DropoutKind::Feature, 5, true},
    {"AlphaDropout", esper::DropoutKind::Alpha, 0, false},
    {"FeatureAlphaDropout", esper::DropoutKind::FeatureAlpha, 3, false},
};

class DropoutLayer : public UnaryLayer {
public:
  DropoutLayer(json::Fields &f, const DropoutRow &row, double p)
      : UnaryLayer(f.place()), row(row), p(p) {}

  std::vector<Input> inputs(MLIRContext *context) const override {
    return {{"input", row.rank ? image(context, kAnySize, row.rank - 2) : RankedTensorType()}};
  }
  RankedTensorType inputFor(RankedTensorType output) const override {
    bool fits = !row.addsBatch || output.getRank() == row.rank || output.getRank() == row.rank - 1;
    return fits ? output : RankedTensorType();
  }
  Value apply(NetBuilder &net, StringRef path, Value input) const override {
    auto drop = [&](Value value) {
      return make<esper::DropoutOp>(net, value, net.training(path), llvm::APFloat(p), row.kind);
    };
    if (!row.addsBatch)
      return drop(input);
    net.fixRank(input); // without a batch, the channels are another dimension
    return requireRank(net, input, {row.rank - 1, row.rank}, row.name)
               ? asBatch(net, input, row.rank, drop)
               : Value();
  }

private:
  const DropoutRow &row;
  double p;
};
} // namespace

static LayerPtr readDropout(json::Fields &f, const DropoutRow &row) {
  double p = f.numberOr("p", 0.5, json::kProbability);
  ignoreInplace(f);
  return f.ok() ? std::make_unique<DropoutLayer>(f, row, p) : nullptr;
}

LayerTable tez::blueprint::dropoutLayers() { return tableOf<rows, readDropout>(); }
