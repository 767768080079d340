//===- ChannelNorm.cpp - Batch and instance norms -------------------------===//

#include "Linear.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

namespace {
enum class NormKind { Batch, Instance };

/// A row of the closed list.
struct NormRow {
  const char *name;
  NormKind kind;
  int64_t spatial;
};

constexpr NormRow rows[] = {
    {"BatchNorm1d", NormKind::Batch, 1},       {"BatchNorm2d", NormKind::Batch, 2},
    {"BatchNorm3d", NormKind::Batch, 3},       {"InstanceNorm1d", NormKind::Instance, 1},
    {"InstanceNorm2d", NormKind::Instance, 2}, {"InstanceNorm3d", NormKind::Instance, 3}};

struct NormArguments {
  int64_t features = 1;
  double eps = 1e-5, momentum = 0.1;
  bool affine = true, tracks = true, bias = true;
  bool cumulative = false; ///< the running statistics are means of all batches
};

/// Running statistics; null ones when they are not tracked.
struct Statistics {
  Value mean, var, count;
};

class ChannelNorm : public UnaryLayer {
public:
  ChannelNorm(json::Fields &f, const NormRow &row, const NormArguments &a)
      : UnaryLayer(placeOf(f, "num_features")), row(row), a(a) {}

  /// BatchNorm1d takes (batch, features) too, and most often is given it.
  std::vector<Input> inputs(MLIRContext *context) const override {
    bool flat = row.kind == NormKind::Batch && row.spatial == 1;
    return {{"input", image(context, a.features, flat ? 0 : row.spatial)}};
  }
  RankedTensorType inputFor(RankedTensorType output) const override {
    return llvm::is_contained(ranks(), output.getRank()) ? output : RankedTensorType();
  }
  Value apply(NetBuilder &net, StringRef path, Value input) const override;

private:
  /// A batch norm has no meaning without a batch: (batch, features) is all
  /// that its input may lack.
  SmallVector<int64_t> ranks() const {
    int64_t full = row.spatial + 2;
    bool mayLack = row.spatial == 1 || row.kind == NormKind::Instance;
    return mayLack ? SmallVector<int64_t>{full - 1, full} : SmallVector<int64_t>{full};
  }
  Value normalize(NetBuilder &net, StringRef path, Value input, const ScaleState &scale,
                  const Statistics &running) const;
  template <typename Op> Value update(NetBuilder &net, StringRef path, Op op) const;

  const NormRow &row;
  NormArguments a;
};
} // namespace

/// False after an error.
static bool createStatistics(NetBuilder &net, StringRef path, int64_t features,
                             Statistics &running) {
  running.mean = net.buffer(path, "running_mean", {features}, 0);
  running.var = running.mean ? net.buffer(path, "running_var", {features}, 1) : Value();
  running.count = running.var ? net.buffer(path, "num_batches_tracked", {}, 0,
                                           IntegerType::get(net.context(), 64))
                              : Value();
  return bool(running.count);
}

Value ChannelNorm::apply(NetBuilder &net, StringRef path, Value input) const {
  ScaleState scale;
  Statistics running;
  if (!scale.create(net, path, {a.features}, a.affine, a.bias) ||
      (a.tracks && !createStatistics(net, path, a.features, running)))
    return {};
  if (!requireRank(net, input, ranks(), row.name))
    return {};
  if (row.kind == NormKind::Batch)
    return normalize(net, path, input, scale, running);
  net.fixRank(input); // without a batch, the channels are another dimension
  return asBatch(net, input, row.spatial + 2,
                 [&](Value batch) { return normalize(net, path, batch, scale, running); });
}

/// torch counts the batches in batch norms only; an instance norm has the
/// counter and leaves it alone.
Value ChannelNorm::normalize(NetBuilder &net, StringRef path, Value input, const ScaleState &scale,
                             const Statistics &running) const {
  Value flag =
      a.tracks ? net.training(path) : esper::FlagOp::create(net.ops(), net.loc(), true).getResult();
  llvm::APFloat momentum(a.momentum), eps(a.eps);
  if (row.kind == NormKind::Instance)
    return update(net, path,
                  net.create<esper::InstanceNormOp>(input, scale.weight, scale.bias, running.mean,
                                                    running.var, flag, momentum, eps));
  Value count = a.cumulative ? running.count : Value();
  Value result =
      update(net, path,
             net.create<esper::BatchNormOp>(input, scale.weight, scale.bias, running.mean,
                                            running.var, flag, count, momentum, eps));
  if (result && a.tracks)
    net.update(path, "num_batches_tracked",
               esper::IncrementOp::create(net.ops(), net.loc(), running.count.getType(),
                                          running.count, net.training(path)));
  return result;
}

/// What becomes of the statistics; the norm's result, null after an error.
template <typename Op> Value ChannelNorm::update(NetBuilder &net, StringRef path, Op op) const {
  if (!op)
    return {};
  if (a.tracks) {
    net.update(path, "running_mean", op.getNewMean());
    net.update(path, "running_var", op.getNewVar());
  }
  return op.getOutput();
}

static LayerPtr readNorm(json::Fields &f, const NormRow &row) {
  bool batch = row.kind == NormKind::Batch;
  auto features = f.integer("num_features", json::kLayerSize);
  NormArguments a;
  // torch refuses to train a batch norm without a positive eps.
  a.eps = batch ? f.numberOr("eps", a.eps, {.above = 0}) : f.numberOr("eps", a.eps, {.min = 0});
  std::optional<json::Value> momentum = f.raw("momentum");
  bool counts = momentum && momentum->isNull();
  a.momentum = counts ? 0 : f.numberOr("momentum", a.momentum);
  a.affine = f.booleanOr("affine", batch);
  a.tracks = f.booleanOr("track_running_stats", batch);
  // To an instance norm, torch makes no momentum 0.
  a.cumulative = counts && batch && a.tracks;
  a.bias = f.booleanOr("bias", true);
  refuseFactoryArguments(f);
  a.features = features.value_or(1);
  return f.ok() ? std::make_unique<ChannelNorm>(f, row, a) : nullptr;
}

LayerTable tez::blueprint::channelNormLayers() { return tableOf<rows, readNorm>(); }
