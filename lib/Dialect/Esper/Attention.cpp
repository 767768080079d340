//===- Attention.cpp - Attention and its parts ----------------------------===//
//
// What attention computes is in AttentionDecompose.cpp.
//
//===----------------------------------------------------------------------===//

#include "Draws.h"
#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/Esper/ShapeRules.h"

using namespace mlir;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// attention
//===----------------------------------------------------------------------===//

namespace {
/// Sizes in the order of `batch_first`.
struct AttentionSizes {
  int64_t batch, keyBatch, valueBatch, queries, keys, values;
};
} // namespace

static AttentionSizes sizesOf(AttentionOp::Adaptor op) {
  unsigned b = op.getBatchFirst() ? 0 : 1, s = 1 - b;
  ArrayRef<int64_t> q = shapeOf(op.getQuery()), k = shapeOf(op.getKey()),
                    v = shapeOf(op.getValue());
  return {q[b], k[b], v[b], q[s], k[s], v[s]};
}

static LogicalResult checkInputs(std::optional<Location> location, AttentionOp::Adaptor op) {
  for (Value input : {op.getQuery(), op.getKey(), op.getValue()})
    if (shapeOf(input).size() != 3) // C1
      return emitOptionalError(location, "query, key and value must have rank 3, found ",
                               dimsToString(shapeOf(input)));
  AttentionSizes n = sizesOf(op);
  if (!dimsAgree(n.batch, n.keyBatch) || !dimsAgree(n.batch, n.valueBatch) ||
      !dimsAgree(n.keyBatch, n.valueBatch) || !dimsAgree(n.keys, n.values)) // C2
    return emitOptionalError(location,
                             "batch sizes, and positions of key and value, must agree, "
                             "found query ",
                             dimsToString(shapeOf(op.getQuery())), ", key ",
                             dimsToString(shapeOf(op.getKey())), ", value ",
                             dimsToString(shapeOf(op.getValue())));
  double dropout = op.getDropout().convertToDouble();
  if (!(dropout >= 0 && dropout <= 1)) // C9
    return emitOptionalError(location, "dropout must be in [0, 1], found ", dropout);
  return success();
}

static LogicalResult checkMask(std::optional<Location> location, AttentionOp::Adaptor op) {
  if (!op.getMask())
    return success();
  AttentionSizes n = sizesOf(op);
  ArrayRef<int64_t> mask = shapeOf(op.getMask());
  Dims whole = {n.batch, int64_t(op.getNumHeads()), n.queries, n.keys};
  bool fits = mask.size() == whole.size() && llvm::all_of(llvm::zip(mask, whole), [](auto pair) {
                auto [size, other] = pair;
                return size == 1 || dimsAgree(size, other);
              });
  if (fits) // C10
    return success();
  return emitOptionalError(location, "mask must have sizes of 1 or of ", dimsToString(whole),
                           " (batch, heads, queries, keys), found ", dimsToString(mask));
}

/// (batch, queries, keys) with what the mask tells of them.
static Dims maskedSizes(AttentionOp::Adaptor op, Dims sizes) {
  if (!op.getMask())
    return sizes;
  ArrayRef<int64_t> mask = shapeOf(op.getMask());
  return *broadcastDims(sizes, {mask[0], mask[2], mask[3]});
}

/// The size of the embedding, E; nullopt after an error.
static std::optional<int64_t> checkEmbedding(std::optional<Location> location,
                                             AttentionOp::Adaptor op) {
  ArrayRef<int64_t> out = shapeOf(op.getOutProjWeight());
  int64_t e = shapeOf(op.getQuery()).back(), heads = op.getNumHeads();
  if (isDynamic(e) && out.size() == 2)
    e = out[1];
  if (isDynamic(e)) // C3
    (void)emitOptionalError(location, "the last dimension of query must be known");
  else if (heads < 1 || e % heads) // C3
    (void)emitOptionalError(location, "num_heads (", heads,
                            ") must be >= 1 and divide the last dimension of query (", e, ")");
  else if (!multiplyDims({3, e}))
    (void)emitOptionalError(location, "three times the last dimension of query (", e,
                            ") does not fit in 64 bits");
  else
    return e;
  return std::nullopt;
}

static LogicalResult checkInProjection(std::optional<Location> location, AttentionOp::Adaptor op,
                                       int64_t e) {
  int present = bool(op.getQProjWeight()) + bool(op.getKProjWeight()) + bool(op.getVProjWeight());
  if (present != (op.getInProjWeight() ? 0 : 3)) // C4
    return emitOptionalError(location, "either in_proj or all of q_proj, k_proj and v_proj must "
                                       "be given");
  int64_t key = shapeOf(op.getKey()).back(), value = shapeOf(op.getValue()).back();
  if (op.getInProjWeight() && (!dimsAgree(key, e) || !dimsAgree(value, e))) // C5
    return emitOptionalError(location, "in_proj needs key and value of ", e, " features, found ",
                             dimToString(key), " and ", dimToString(value));
  if (failed(checkShape(location, "in_proj_weight", op.getInProjWeight(), {3 * e, e})) || // C5
      failed(checkShape(location, "q_proj_weight", op.getQProjWeight(), {e, e})) ||
      failed(checkShape(location, "k_proj_weight", op.getKProjWeight(), {e, key})) ||
      failed(checkShape(location, "v_proj_weight", op.getVProjWeight(), {e, value})))
    return failure();
  return checkShape(location, "in_proj_bias", op.getInProjBias(), {3 * e}); // C6
}

static LogicalResult checkRest(std::optional<Location> location, AttentionOp::Adaptor op,
                               int64_t e) {
  if (bool(op.getBiasK()) != bool(op.getBiasV())) // C7
    return emitOptionalError(location, "bias_k and bias_v must both be given or both be absent");
  if (failed(checkShape(location, "bias_k", op.getBiasK(), {1, 1, e})) ||
      failed(checkShape(location, "bias_v", op.getBiasV(), {1, 1, e})) ||
      failed(checkShape(location, "out_proj_weight", op.getOutProjWeight(), {e, e}))) // C8
    return failure();
  return checkShape(location, "out_proj_bias", op.getOutProjBias(), {e});
}

LogicalResult AttentionOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                            Adaptor op, SmallVectorImpl<Type> &types) {
  if (failed(checkInputs(location, op)))
    return failure();
  std::optional<int64_t> e = checkEmbedding(location, op);
  if (!e || failed(checkInProjection(location, op, *e)) || failed(checkRest(location, op, *e)) ||
      failed(checkMask(location, op)))
    return failure();
  // Batch sizes merge in the order in which the decomposition broadcasts them.
  AttentionSizes n = sizesOf(op);
  int64_t scores = broadcastDims(n.batch, n.keyBatch)->front();
  Dims weights = maskedSizes(op, {scores, n.queries, n.keys});
  int64_t batch = broadcastDims(weights[0], n.valueBatch)->front();
  Dims output = {batch, weights[1], shapeOf(op.getOutProjWeight())[0]};
  if (!op.getBatchFirst())
    std::swap(output[0], output[1]);
  (void)inferred(output, op.getQuery(), types);
  if (!op.getNeedWeights())
    return success();
  if (!isDynamic(weights[2]))
    weights[2] += (op.getBiasK() ? 1 : 0) + (op.getAddZeroAttn() ? 1 : 0);
  return inferred(weights, op.getQuery(), types);
}

void AttentionOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {
  addDrawEffects(getDropout().isZero(), effects);
}

/// Without training nothing is dropped, so nothing is drawn.
LogicalResult AttentionOp::fold(FoldAdaptor adaptor, SmallVectorImpl<OpFoldResult> &) {
  return foldDropout(*this, adaptor.getTraining());
}

double AttentionOp::getProjectionFlops() {
  double e = getOutProjWeight().getType().getDimSize(0);
  // Two products of the query's size (its own and the output's), one each of
  // key and value.
  return 2 * e *
         (2 * countElements(getQuery().getType()) + countElements(getKey().getType()) +
          countElements(getValue().getType()));
}

double AttentionOp::getProductFlops() {
  AttentionSizes n = sizesOf(AttentionOp::Adaptor(*this));
  double e = getOutProjWeight().getType().getDimSize(0), heads = getNumHeads();
  double scores = double(n.batch) * n.queries * (n.keys + getExtraPositions());
  return scores * (4 * e + 5 * heads);
}

//===----------------------------------------------------------------------===//
// sdpa
//===----------------------------------------------------------------------===//

LogicalResult SdpaOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, Adaptor op,
                                       SmallVectorImpl<Type> &types) {
  ArrayRef<int64_t> q = shapeOf(op.getQuery()), k = shapeOf(op.getKey()),
                    v = shapeOf(op.getValue());
  auto leadingAgree = [&](ArrayRef<int64_t> other) {
    return llvm::all_of(llvm::zip(q.drop_back(2), other.drop_back(2)),
                        [](auto pair) { return dimsAgree(std::get<0>(pair), std::get<1>(pair)); });
  };
  if (q.size() < 3 || k.size() != q.size() || v.size() != q.size() || !leadingAgree(k) ||
      !leadingAgree(v)) // C1
    return emitOptionalError(location, "query ", dimsToString(q), ", key ", dimsToString(k),
                             " and value ", dimsToString(v),
                             " must have one rank >= 3 and equal leading dimensions");
  if (!dimsAgree(q.back(), k.back())) // C2
    return emitOptionalError(location, "query has ", dimToString(q.back()), " features, key ",
                             dimToString(k.back()));
  if (!dimsAgree(k[k.size() - 2], v[v.size() - 2])) // C3
    return emitOptionalError(location, "key has ", dimToString(k[k.size() - 2]),
                             " positions, value ", dimToString(v[v.size() - 2]));
  Type element = elementOf(op.getQuery());
  if (elementOf(op.getKey()) != element || elementOf(op.getValue()) != element) // C4
    return emitOptionalError(location, "the element types of query, key and value differ");
  Dims output(q);
  for (size_t i = 0; i + 2 < q.size(); ++i)
    output[i] = mergeDims(q[i], mergeDims(k[i], v[i]));
  output.back() = v.back();
  return inferred(output, op.getQuery(), types);
}

double SdpaOp::getScoreCount() {
  ArrayRef<int64_t> query = shapeOf(getQuery()), key = shapeOf(getKey());
  double count = double(key[key.size() - 2]);
  for (int64_t dim : query.drop_back())
    count *= double(dim);
  return count;
}

SmallVector<Value> SdpaOp::decompose(OpBuilder &builder) {
  Location loc = getLoc();
  Value query = ScaleOp::create(builder, loc, getQuery(), getScale());
  Value key = TransposeOp::create(builder, loc, getKey(), -2, -1);
  Value scores = MatmulOp::create(builder, loc, query, key);
  if (getCausal())
    scores = CausalMaskOp::create(builder, loc, scores);
  Value weights = SoftmaxOp::create(builder, loc, scores, -1);
  return {MatmulOp::create(builder, loc, weights, getValue())};
}

//===----------------------------------------------------------------------===//
// causal_mask, rotary_embedding
//===----------------------------------------------------------------------===//

LogicalResult CausalMaskOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                             Adaptor op, SmallVectorImpl<Type> &types) {
  if (shapeOf(op.getScores()).size() < 2) // C1
    return emitOptionalError(location, "scores must have rank >= 2, found ",
                             dimsToString(shapeOf(op.getScores())));
  return inferred(shapeOf(op.getScores()), op.getScores(), types);
}

LogicalResult RotaryEmbeddingOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                                  Adaptor op, SmallVectorImpl<Type> &types) {
  ArrayRef<int64_t> input = shapeOf(op.getInput());
  if (input.size() < 2 || isDynamic(input.back())) // C1
    return emitOptionalError(location,
                             "input must have rank >= 2 and a known last dimension, "
                             "found ",
                             dimsToString(input));
  int64_t heads = op.getNumHeads();
  if (heads < 1 || input.back() % heads || input.back() / heads % 2) // C2
    return emitOptionalError(location, "num_heads (", heads, ") must divide the last dimension (",
                             input.back(), ") into heads of even size");
  double base = op.getBase().convertToDouble();
  if (!(base > 0) || !std::isfinite(base)) // C3
    return emitOptionalError(location, "base must be positive and finite, found ", base);
  return inferred(input, op.getInput(), types);
}

#define GET_OP_CLASSES
#include "tez/Dialect/Esper/Attention.cpp.inc"
