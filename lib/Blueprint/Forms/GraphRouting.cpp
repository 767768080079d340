//===- GraphRouting.cpp - Attention, noise and mixtures of experts --------===//

#include "../Layers/Attention.h"
#include "Graph.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

static Values listOf(Value value) { return value ? Values{value} : Values{}; }

static std::unique_ptr<Layer> readNoise(json::Fields &f) {
  auto std = f.number("std", {.min = 0});
  bool trainingOnly = f.booleanOr("training_only", true);
  if (!f.ok())
    return nullptr;
  return std::make_unique<LocalOp>(f, 1, 1, [=](NetBuilder &net, StringRef path, ValueRange in) {
    return listOf(
        make<esper::NoiseOp>(net, in[0], net.training(path), llvm::APFloat(*std), trainingOnly));
  });
}

static std::unique_ptr<Layer> readRotaryEmbedding(json::Fields &f) {
  double base = f.numberOr("base", 10000, {.above = 0});
  int64_t heads = f.integerOr("num_heads", 1, json::kLayerSize);
  if (!f.ok())
    return nullptr;
  return std::make_unique<LocalOp>(f, 1, 1, [=](NetBuilder &net, StringRef, ValueRange in) {
    return listOf(make<esper::RotaryEmbeddingOp>(net, in[0], llvm::APFloat(base), heads));
  });
}

static std::unique_ptr<Layer> readTopkGating(json::Fields &f) {
  auto k = f.integer("k", json::kLayerSize);
  double capacity = f.numberOr("capacity_factor", 1, {.above = 0});
  if (!f.ok())
    return nullptr;
  json::Value place = placeOf(f, "k");
  return std::make_unique<LocalOp>(f, 1, 1, [=](NetBuilder &net, StringRef, ValueRange in) {
    At at(net, place);
    auto op = net.create<esper::TopkGatingOp>(in[0], *k, llvm::APFloat(capacity));
    return op ? Values{op.getGates(), op.getIndices()} : Values{};
  });
}

/// The operands are the gates, the indices if the second operand holds
/// integers, then one output of each expert.
static std::unique_ptr<Layer> readMoeCombine(json::Fields &f) {
  auto experts = f.integer("num_experts", {1, 4096}), top = f.integer("top_k", json::kLayerSize);
  if (experts && top && *top > *experts)
    f.error("top_k", "expected at most num_experts (" + std::to_string(*experts) + "), found " +
                         std::to_string(*top));
  if (!f.ok())
    return nullptr;
  return std::make_unique<LocalOp>(
      f, size_t(*experts) + 1, size_t(*experts) + 2,
      [=](NetBuilder &net, StringRef, ValueRange in) {
        bool indexed = in.size() > size_t(*experts) + 1;
        Value indices = indexed ? in[1] : Value();
        if (indexed && !isa<IntegerType>(typeOf(indices).getElementType())) {
          emitError(net.loc()) << "expected the second operand to be the indices, found "
                               << indices.getType();
          return Values{};
        }
        return listOf(make<esper::MoeCombineOp>(net, in[0], indices, in.drop_front(1 + indexed),
                                                *experts, *top));
      });
}

static std::unique_ptr<Layer> readMoeAuxLoss(json::Fields &f) {
  auto coefficient = f.number("loss_coef");
  if (!f.ok())
    return nullptr;
  return std::make_unique<LocalOp>(f, 1, 1, [=](NetBuilder &net, StringRef, ValueRange in) {
    return listOf(make<esper::MoeAuxLossOp>(net, in[0], llvm::APFloat(*coefficient)));
  });
}

llvm::ArrayRef<GraphOp> tez::blueprint::routingGraphOps() {
  static constexpr GraphOp kOps[] = {
      {"attention", readGraphAttention},
      {"rotary_embedding", readRotaryEmbedding},
      {"noise", readNoise},
      {"topk_gating", readTopkGating},
      {"moe_combine", readMoeCombine},
      {"moe_aux_loss", readMoeAuxLoss},
  };
  return kOps;
}
