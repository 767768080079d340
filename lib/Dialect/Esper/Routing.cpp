//===- Routing.cpp - Mixtures of experts ----------------------------------===//

#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include <cmath>

using namespace mlir;
using namespace tez::esper;

/// (values, indices) of `input` with `k` elements along `dim`.
static LogicalResult inferTopk(Value input, int64_t dim, int64_t k, SmallVectorImpl<Type> &types) {
  Dims output(shapeOf(input));
  output[dim] = k;
  (void)inferred(output, input, types);
  types.push_back(RankedTensorType::get(output, IntegerType::get(input.getContext(), 64)));
  return success();
}

LogicalResult TopkOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, Adaptor op,
                                       SmallVectorImpl<Type> &types) {
  std::optional<int64_t> dim = checkDim(location, op.getDim(), op.getInput()); // C1
  if (!dim)
    return failure();
  int64_t size = shapeOf(op.getInput())[*dim], k = op.getK();
  if (k < 0 || (!isDynamic(size) && k > size)) // C2
    return emitOptionalError(location, "k must be in [0, ", dimToString(size), "], found ", k);
  return inferTopk(op.getInput(), *dim, k, types);
}

LogicalResult OneHotOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                         Adaptor op, SmallVectorImpl<Type> &types) {
  if (!elementOf(op.getIndices()).isInteger(64)) // C1
    return emitOptionalError(location, "indices must be i64, found ", elementOf(op.getIndices()));
  int64_t classes = op.getNumClasses();
  if (classes < 1) // C2
    return emitOptionalError(location, "num_classes must be >= 1, found ", classes);
  Dims output(shapeOf(op.getIndices()));
  output.push_back(classes);
  return inferred(output, op.getIndices(), types);
}

LogicalResult TypeAsOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                         Adaptor op, SmallVectorImpl<Type> &types) {
  if (!isa<FloatType>(elementOf(op.getLike()))) // C1
    return emitOptionalError(location, "like must be floating, found ", elementOf(op.getLike()));
  types.push_back(RankedTensorType::get(shapeOf(op.getInput()), elementOf(op.getLike())));
  return success();
}

OpFoldResult TypeAsOp::fold(FoldAdaptor) {
  return getInput().getType() == getType() ? OpFoldResult(getInput()) : nullptr;
}

//===----------------------------------------------------------------------===//
// topk_gating
//===----------------------------------------------------------------------===//

static LogicalResult checkLogits(std::optional<Location> location, Value logits) {
  if (!shapeOf(logits).empty())
    return success();
  return emitOptionalError(location, "logits must have rank >= 1, found rank 0");
}

LogicalResult TopkGatingOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                             Adaptor op, SmallVectorImpl<Type> &types) {
  if (failed(checkLogits(location, op.getLogits()))) // C1
    return failure();
  int64_t experts = shapeOf(op.getLogits()).back(), k = op.getK();
  if (k < 1 || (!isDynamic(experts) && k > experts)) // C2
    return emitOptionalError(location, "k must be in [1, ", dimToString(experts), "], found ", k);
  double capacity = op.getCapacityFactor().convertToDouble();
  if (!(capacity > 0) || !std::isfinite(capacity)) // C3
    return emitOptionalError(location, "capacity_factor must be positive and finite, found ",
                             capacity);
  return inferTopk(op.getLogits(), shapeOf(op.getLogits()).size() - 1, k, types);
}

SmallVector<Value> TopkGatingOp::decompose(OpBuilder &builder) {
  auto topk = TopkOp::create(builder, getLoc(), getLogits(), getK(), -1);
  Value gates = SoftmaxOp::create(builder, getLoc(), topk.getValues(), -1);
  return {gates, topk.getIndices()};
}

//===----------------------------------------------------------------------===//
// moe_combine
//===----------------------------------------------------------------------===//

/// The shape of all experts; nullopt after an error.
static std::optional<Dims> checkExperts(std::optional<Location> location,
                                        MoeCombineOp::Adaptor op) {
  int64_t wanted = op.getNumExperts();
  if (wanted < 1 || wanted != int64_t(op.getExperts().size())) {
    (void)emitOptionalError(location, "num_experts (", wanted,
                            ") must be >= 1 and the number of "
                            "experts, found ",
                            op.getExperts().size());
    return std::nullopt;
  }
  Dims shape(shapeOf(op.getExperts().front()));
  for (Value expert : op.getExperts()) {
    if (shape.empty() || failed(checkShape(std::nullopt, "", expert, shape)) ||
        elementOf(expert) != elementOf(op.getGates())) {
      (void)emitOptionalError(location,
                              "experts must have rank >= 1, one shape and the element "
                              "type of the gates, found ",
                              expert.getType());
      return std::nullopt;
    }
    for (auto [dim, known] : llvm::zip(shape, shapeOf(expert)))
      dim = mergeDims(dim, known);
  }
  return shape;
}

LogicalResult MoeCombineOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                             Adaptor op, SmallVectorImpl<Type> &types) {
  std::optional<Dims> output = checkExperts(location, op); // C1
  if (!output)
    return failure();
  int64_t k = op.getTopK(), experts = op.getNumExperts();
  if (k < 1 || k > experts) // C2
    return emitOptionalError(location, "top_k must be in [1, ", experts, "], found ", k);
  Dims gates = *output;
  gates.back() = op.getIndices() ? k : experts;
  if (failed(checkShape(location, "gates", op.getGates(), gates))) // C3
    return failure();
  if (op.getIndices() && (failed(checkShape(std::nullopt, "", op.getIndices(), gates)) || // C4
                          !elementOf(op.getIndices()).isInteger(64)))
    return emitOptionalError(location, "indices must be i64 and have the shape of gates, found ",
                             op.getIndices().getType());
  // Leading dimensions merge in the order in which the decomposition broadcasts them.
  Dims leading(shapeOf(op.getGates()).drop_back());
  if (op.getIndices())
    leading = *broadcastDims(leading, shapeOf(op.getIndices()).drop_back());
  leading = *broadcastDims(leading, ArrayRef(*output).drop_back());
  leading.push_back(output->back());
  return inferred(leading, op.getGates(), types);
}

/// The gates as a row (..., 1, experts): the gates of a token spread over all
/// experts by its rows of the identity matrix.
static Value expertRow(MoeCombineOp op, OpBuilder &builder) {
  Location loc = op.getLoc();
  Value row = UnsqueezeOp::create(builder, loc, op.getGates(), -2);
  if (!op.getIndices())
    return row;
  Value hot = OneHotOp::create(builder, loc, op.getIndices(), op.getNumExperts());
  Value spread = TypeAsOp::create(builder, loc, hot, op.getGates());
  return MatmulOp::create(builder, loc, row, spread);
}

SmallVector<Value> MoeCombineOp::decompose(OpBuilder &builder) {
  Value row = expertRow(*this, builder);
  SmallVector<Value> rows = llvm::map_to_vector(getExperts(), [&](Value expert) -> Value {
    return UnsqueezeOp::create(builder, getLoc(), expert, -2);
  });
  Value stacked = ConcatOp::create(builder, getLoc(), rows, -2);
  Value product = MatmulOp::create(builder, getLoc(), row, stacked);
  return {SqueezeOp::create(builder, getLoc(), product, -2)};
}

//===----------------------------------------------------------------------===//
// moe_aux_loss
//===----------------------------------------------------------------------===//

LogicalResult MoeAuxLossOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                             Adaptor op, SmallVectorImpl<Type> &types) {
  if (failed(checkLogits(location, op.getLogits()))) // C1
    return failure();
  int64_t experts = shapeOf(op.getLogits()).back();
  if (!isDynamic(experts) && experts < 2) // C2
    return emitOptionalError(location, "a variance needs at least 2 experts, found ", experts);
  if (!op.getLossCoef().isFinite()) // C3
    return emitOptionalError(location, "loss_coef must be finite, found ",
                             op.getLossCoef().convertToDouble());
  return inferred({}, op.getLogits(), types);
}

SmallVector<Value> MoeAuxLossOp::decompose(OpBuilder &builder) {
  Value shares = SoftmaxOp::create(builder, getLoc(), getLogits(), -1);
  auto leading = llvm::to_vector(llvm::seq<int64_t>(0, getLogits().getType().getRank() - 1));
  if (!leading.empty())
    shares = ReduceOp::create(builder, getLoc(), shares, ReduceKind::Mean, leading);
  Value spread = ReduceOp::create(builder, getLoc(), shares, ReduceKind::Var);
  return {ScaleOp::create(builder, getLoc(), spread, getLossCoef())};
}

#define GET_OP_CLASSES
#include "tez/Dialect/Esper/Routing.cpp.inc"
