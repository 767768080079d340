//===- AttentionDecompose.cpp - What attention computes -------------------===//
//
// The order of torch.nn.functional.multi_head_attention_forward, with heads as
// a dimension of their own: (B, H, positions, D) has the elements of torch's
// (B * H, positions, D) in the same order, so dropout draws the same numbers.
//
//===----------------------------------------------------------------------===//

#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace tez::esper;

namespace {
struct AttentionBuilder {
  AttentionBuilder(AttentionOp op, OpBuilder &builder)
      : op(op), builder(builder), loc(op.getLoc()), embedding(shapeOf(op.getQuery()).back()),
        heads(op.getNumHeads()) {
    if (isDynamic(embedding))
      embedding = shapeOf(op.getOutProjWeight())[1];
  }

  SmallVector<Value> build();

private:
  struct Projected {
    Value query, key, value;
  };
  Projected project();
  Projected projectPacked();
  Projected projectSeparate();
  void appendPositions(Projected &p);
  Value appendBias(Value sequence, Value bias);
  Value splitHeads(Value sequence);
  Value joinHeads(Value sequence);
  Value maskLater(Value scores);
  Value addMask(Value scores);
  Value softmax(Value scores);
  Value attend(Value query, Value key);

  Value linear(Value input, Value weight, Value bias) {
    return LinearOp::create(builder, loc, input, weight, bias);
  }
  Value transpose(Value input, int64_t dim0, int64_t dim1) {
    return TransposeOp::create(builder, loc, input, dim0, dim1);
  }
  Value slice(Value input, int64_t start, std::optional<int64_t> end) {
    IntegerAttr endAttr = end ? builder.getI64IntegerAttr(*end) : IntegerAttr();
    return SliceOp::create(builder, loc, input, builder.getI64IntegerAttr(-1),
                           builder.getI64IntegerAttr(start), endAttr, builder.getI64IntegerAttr(1));
  }
  /// Parts along `dim`; absent parts of an absent value.
  SmallVector<Value> split(Value value, ArrayRef<int64_t> sizes, int64_t dim) {
    if (!value)
      return SmallVector<Value>(sizes.size());
    return llvm::to_vector_of<Value>(SplitOp::create(builder, loc, value, sizes, dim).getOutputs());
  }

  AttentionOp op;
  OpBuilder &builder;
  Location loc;
  int64_t embedding, heads;
};
} // namespace

/// One product for what is one value.
AttentionBuilder::Projected AttentionBuilder::projectPacked() {
  Value query = op.getQuery(), key = op.getKey(), value = op.getValue();
  Value weight = op.getInProjWeight(), bias = op.getInProjBias();
  int64_t e = embedding;
  if (query == key && key == value) {
    SmallVector<Value> all = split(linear(query, weight, bias), {e, e, e}, -1);
    return {all[0], all[1], all[2]};
  }
  if (key == value) {
    SmallVector<Value> w = split(weight, {e, 2 * e}, 0), b = split(bias, {e, 2 * e}, 0);
    Value projected = linear(query, w[0], b[0]);
    SmallVector<Value> pair = split(linear(key, w[1], b[1]), {e, e}, -1);
    return {projected, pair[0], pair[1]};
  }
  SmallVector<Value> w = split(weight, {e, e, e}, 0), b = split(bias, {e, e, e}, 0);
  return {linear(query, w[0], b[0]), linear(key, w[1], b[1]), linear(value, w[2], b[2])};
}

AttentionBuilder::Projected AttentionBuilder::projectSeparate() {
  int64_t e = embedding;
  SmallVector<Value> b = split(op.getInProjBias(), {e, e, e}, 0);
  return {linear(op.getQuery(), op.getQProjWeight(), b[0]),
          linear(op.getKey(), op.getKProjWeight(), b[1]),
          linear(op.getValue(), op.getVProjWeight(), b[2])};
}

/// Projections as (batch, positions, E).
AttentionBuilder::Projected AttentionBuilder::project() {
  Projected p = op.getInProjWeight() ? projectPacked() : projectSeparate();
  if (op.getBatchFirst())
    return p;
  return {transpose(p.query, 0, 1), transpose(p.key, 0, 1), transpose(p.value, 0, 1)};
}

/// `bias` is (1, 1, E); a sum over the positions has the shape (B, 1, E) even
/// when there is no position.
Value AttentionBuilder::appendBias(Value sequence, Value bias) {
  Value like = ReduceOp::create(builder, loc, sequence, ReduceKind::Sum, ArrayRef<int64_t>(1),
                                /*keepdim=*/true);
  Value expanded = ExpandAsOp::create(builder, loc, bias, like);
  return ConcatOp::create(builder, loc, ValueRange{sequence, expanded}, 1);
}

void AttentionBuilder::appendPositions(Projected &p) {
  if (op.getBiasK()) {
    p.key = appendBias(p.key, op.getBiasK());
    p.value = appendBias(p.value, op.getBiasV());
  }
  if (!op.getAddZeroAttn())
    return;
  for (Value *sequence : {&p.key, &p.value})
    *sequence = PadOp::create(builder, loc, *sequence, ArrayRef<int64_t>{0, 0, 0, 1},
                              PadMode::Constant, APFloat(0.0));
}

/// (B, positions, E) to (B, H, positions, D).
Value AttentionBuilder::splitHeads(Value sequence) {
  Value split =
      UnflattenOp::create(builder, loc, sequence, -1, ArrayRef<int64_t>{heads, embedding / heads});
  return transpose(split, -3, -2);
}
/// (B, H, positions, D) to (positions, B, E), in which torch lays its result
/// out whatever the caller asks for: a dropout behind it draws in that order.
Value AttentionBuilder::joinHeads(Value sequence) {
  Value heads = PermuteOp::create(builder, loc, sequence, ArrayRef<int64_t>{2, 0, 1, 3});
  return FlattenOp::create(builder, loc, heads, -2, -1);
}

/// Appended positions are seen by all.
Value AttentionBuilder::maskLater(Value scores) {
  int64_t extra = op.getExtraPositions();
  if (!op.getCausal())
    return scores;
  if (extra == 0)
    return CausalMaskOp::create(builder, loc, scores);
  Value masked = CausalMaskOp::create(builder, loc, slice(scores, 0, -extra));
  return ConcatOp::create(builder, loc, ValueRange{masked, slice(scores, -extra, std::nullopt)},
                          -1);
}

/// Appended positions are seen by all.
Value AttentionBuilder::addMask(Value scores) {
  Value mask = op.getMask();
  if (!mask)
    return scores;
  int64_t extra = op.getExtraPositions();
  if (extra && shapeOf(mask).back() == 1) { // one number for all keys, but not for those
    Value zeros =
        FullOp::create(builder, loc, slice(scores, 0, -extra), APFloat(0.0), DenseI64ArrayAttr());
    mask = AddOp::create(builder, loc, zeros, mask);
  }
  if (extra)
    mask = PadOp::create(builder, loc, mask, ArrayRef<int64_t>{0, extra}, PadMode::Constant,
                         APFloat(0.0));
  return AddOp::create(builder, loc, scores, mask);
}

/// torch's scaled_dot_product_attention, which it calls where nobody wants the weights, gives a
/// query that sees no position zeros, and no NaN in values or gradients.
Value AttentionBuilder::softmax(Value scores) {
  if (!op.getMask() || op.getNeedWeights())
    return SoftmaxOp::create(builder, loc, scores, -1);
  auto number = [&](double value) -> Value {
    return FullOp::create(builder, loc, scores, APFloat(value), builder.getDenseI64ArrayAttr({}));
  };
  Value most = ReduceOp::create(builder, loc, scores, ReduceKind::Max, ArrayRef<int64_t>(-1),
                                /*keepdim=*/true);
  Value blind = CompareOp::create(builder, loc, CompareKind::Eq, most,
                                  number(-std::numeric_limits<double>::infinity()));
  Value zero = number(0);
  Value finite = WhereOp::create(builder, loc, blind, zero, scores);
  return WhereOp::create(builder, loc, blind, zero, SoftmaxOp::create(builder, loc, finite, -1));
}

/// (B, H, queries, keys), after dropout.
Value AttentionBuilder::attend(Value query, Value key) {
  double scale = std::sqrt(1.0 / (double(embedding) / double(heads)));
  Value scaled = ScaleOp::create(builder, loc, query, APFloat(scale));
  Value scores = MatmulOp::create(builder, loc, scaled, transpose(key, -2, -1));
  Value weights = softmax(maskLater(addMask(scores)));
  if (op.getDropout().isZero())
    return weights;
  return DropoutOp::create(builder, loc, weights, op.getTraining(), op.getDropout(),
                           DropoutKind::Element);
}

SmallVector<Value> AttentionBuilder::build() {
  Projected p = project();
  appendPositions(p);
  Value query = splitHeads(p.query), key = splitHeads(p.key);
  Value weights = attend(query, key);
  Value joined = joinHeads(MatmulOp::create(builder, loc, weights, splitHeads(p.value)));
  Value output = linear(joined, op.getOutProjWeight(), op.getOutProjBias());
  SmallVector<Value> results = {op.getBatchFirst() ? transpose(output, 0, 1) : output};
  if (op.getNeedWeights())
    results.push_back(ReduceOp::create(builder, loc, weights, ReduceKind::Mean,
                                       ArrayRef<int64_t>(-3), /*keepdim=*/false));
  return results;
}

SmallVector<Value> AttentionOp::decompose(OpBuilder &builder) {
  return AttentionBuilder(*this, builder).build();
}
