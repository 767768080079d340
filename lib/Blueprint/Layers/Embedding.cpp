//===- Embedding.cpp - Tables of rows -------------------------------------===//

#include "Support.h"
#include <limits>

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

namespace {
struct Table {
  int64_t rows = 1, width = 1, padding = -1;
  bool scalesGradient = false;

  Value look(NetBuilder &net, StringRef path, Value indices) const {
    Value weight = net.parameter(path, "weight", {rows, width}, net.normal(0, 1, padding));
    return weight ? make<esper::EmbeddingOp>(net, indices, weight, padding, scalesGradient)
                  : Value();
  }
};

/// Indices of any shape may come; the declared one is (batch, positions).
class EmbeddingLayer : public UnaryLayer {
public:
  EmbeddingLayer(const json::Value &place, const Table &table) : UnaryLayer(place), table(table) {}

  std::vector<Input> inputs(MLIRContext *context) const override {
    return {{"input", RankedTensorType::get({kAnySize, kAnySize}, IntegerType::get(context, 64))}};
  }
  RankedTensorType inputFor(RankedTensorType) const override { return {}; }
  Value apply(NetBuilder &net, StringRef path, Value input) const override {
    return table.look(net, path, input);
  }

protected:
  Table table;
};

/// The form with bags of equal size: (bags, indices of each).
class EmbeddingBagLayer : public EmbeddingLayer {
public:
  EmbeddingBagLayer(const json::Value &place, const Table &table, esper::ReduceKind kind)
      : EmbeddingLayer(place, table), kind(kind) {}
  Value apply(NetBuilder &net, StringRef path, Value input) const override {
    net.fixRank(input); // torch takes another rank with offsets, or not at all
    Value looked =
        requireRank(net, input, {2}, "EmbeddingBag") ? table.look(net, path, input) : Value();
    if (looked && table.padding >= 0)
      return reduceKept(net, input, looked);
    return looked ? reduce(net, looked, kind) : Value();
  }

private:
  static Value reduce(NetBuilder &net, Value rows, esper::ReduceKind kind) {
    return make<esper::ReduceOp>(net, rows, kind, ArrayRef<int64_t>{1});
  }
  Value reduceKept(NetBuilder &net, Value indices, Value rows) const;

  esper::ReduceKind kind;
};

/// One number of the element type of `like`.
Value single(NetBuilder &net, Value like, double number) {
  return make<esper::FullOp>(net, like, llvm::APFloat(number), net.ops().getDenseI64ArrayAttr({}));
}
} // namespace

/// Without the rows of the index `padding`; a bag of nothing else is zeros, as in torch.
Value EmbeddingBagLayer::reduceKept(NetBuilder &net, Value indices, Value rows) const {
  bool greatest = kind == esper::ReduceKind::Max;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Value padding = single(net, indices, double(table.padding));
  Value kept = make<esper::CompareOp>(net, esper::CompareKind::Ne, indices, padding);
  Value mask = make<esper::UnsqueezeOp>(net, kept, -1);
  rows = make<esper::WhereOp>(net, mask, rows, single(net, rows, greatest ? -kInfinity : 0));
  Value result = reduce(net, rows, greatest ? kind : esper::ReduceKind::Sum);
  if (kind == esper::ReduceKind::Sum)
    return result;
  Value count = make<esper::ReduceOp>(net, make<esper::TypeAsOp>(net, mask, rows),
                                      esper::ReduceKind::Sum, ArrayRef<int64_t>{1});
  if (kind == esper::ReduceKind::Mean)
    return make<esper::DivideOp>(net, result,
                                 make<esper::MaximumOp>(net, count, single(net, count, 1)));
  Value empty = make<esper::CompareOp>(net, esper::CompareKind::Eq, count, single(net, count, 0));
  return make<esper::WhereOp>(net, empty, single(net, result, 0), result);
}

/// The arguments of both whose other values have no counterpart in a kernel.
static void refuseUnsupported(json::Fields &f) {
  f.refuse("max_norm", "max_norm rewrites the table during forward: not supported");
  (void)f.numberOr("norm_type", 2.0); // of max_norm
  if (f.booleanOr("sparse", false))
    f.error("sparse", "expected false, found true (sparse gradients are not supported)");
  f.refuse("_weight", "weights are given by --weights, not in the blueprint");
  refuseFactoryArguments(f);
}

/// A negative row counts from the end.
static Table readTable(json::Fields &f) {
  Table table;
  table.rows = f.integer("num_embeddings", json::kLayerSize).value_or(1);
  table.width = f.integer("embedding_dim", json::kLayerSize).value_or(1);
  if (auto row = f.optionalInteger("padding_idx", {-table.rows, table.rows - 1}))
    table.padding = *row < 0 ? *row + table.rows : *row;
  return table;
}

static LayerPtr readEmbedding(json::Fields &f) {
  Table table = readTable(f);
  refuseUnsupported(f);
  if (f.booleanOr("_freeze", false))
    f.error("_freeze", "expected false, found true (a kernel's parameters are trainable)");
  table.scalesGradient = f.booleanOr("scale_grad_by_freq", false);
  return f.ok() ? std::make_unique<EmbeddingLayer>(placeOf(f, "num_embeddings"), table) : nullptr;
}

static LayerPtr readEmbeddingBag(json::Fields &f) {
  Table table = readTable(f);
  refuseUnsupported(f);
  auto mode = f.oneOf("mode", {"sum", "mean", "max"}, "mean");
  if (f.booleanOr("scale_grad_by_freq", false))
    f.error("scale_grad_by_freq", "expected false, found true (not supported for bags)");
  if (f.booleanOr("include_last_offset", false))
    f.error("include_last_offset", "expected false, found true (bags are the rows of the input)");
  auto kind = mode == "sum"    ? esper::ReduceKind::Sum
              : mode == "mean" ? esper::ReduceKind::Mean
                               : esper::ReduceKind::Max;
  return f.ok() ? std::make_unique<EmbeddingBagLayer>(placeOf(f, "num_embeddings"), table, kind)
                : nullptr;
}

LayerTable tez::blueprint::embeddingLayers() {
  return {{"Embedding", readEmbedding}, {"EmbeddingBag", readEmbeddingBag}};
}
