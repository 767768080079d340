//===- Norm.cpp - Normalisations ------------------------------------------===//

#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "tez/Dialect/Esper/Create.h"
#include "tez/Dialect/Esper/ShapeRules.h"

using namespace mlir;
using namespace tez::esper;

static LogicalResult checkEps(std::optional<Location> location, const APFloat &eps) {
  if (eps.isFinite() && !(eps.isNegative() && !eps.isZero()))
    return success();
  return emitOptionalError(location, "eps must be a number >= 0, found ", eps.convertToDouble());
}

static LogicalResult checkFinite(std::optional<Location> location, StringRef name,
                                 const APFloat &value) {
  if (value.isFinite())
    return success();
  return emitOptionalError(location, name, " must be finite, found ", value.convertToDouble());
}

static LogicalResult checkMinimumRank(std::optional<Location> location, Value input, size_t rank) {
  if (shapeOf(input).size() >= rank)
    return success();
  return emitOptionalError(location, "input must have rank >= ", rank, ", found ",
                           dimsToString(shapeOf(input)));
}

namespace {
struct NamedValue {
  StringRef name;
  Value value; // null: absent
};
} // namespace

/// Those that are present are vectors of `size` elements.
static LogicalResult checkVectors(std::optional<Location> location, ArrayRef<NamedValue> vectors,
                                  int64_t size) {
  for (const NamedValue &vector : vectors)
    if (vector.value && failed(checkVector(location, vector.name, vector.value, size)))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// batch_norm, instance_norm
//===----------------------------------------------------------------------===//

/// The rule of both. The optional results exist when the running statistics do.
template <typename Adaptor>
static LogicalResult inferStatistics(std::optional<Location> location, Adaptor op, size_t rank,
                                     SmallVectorImpl<Type> &types) {
  Value mean = op.getRunningMean(), var = op.getRunningVar();
  if (failed(checkMinimumRank(location, op.getInput(), rank))) // C1
    return failure();
  if (failed(checkVectors(location,
                          {{"weight", op.getWeight()},
                           {"bias", op.getBias()},
                           {"running_mean", mean},
                           {"running_var", var}},
                          shapeOf(op.getInput())[1]))) // C2
    return failure();
  if (!mean != !var) // C3
    return emitOptionalError(location, "running_mean and running_var must both be present or both ",
                             "be absent, found only ", mean ? "running_mean" : "running_var");
  if (failed(checkEps(location, op.getEps())) || // C4
      failed(checkFinite(location, "momentum", op.getMomentum())))
    return failure();
  types.push_back(op.getInput().getType());
  if (mean)
    types.append({mean.getType(), var.getType()});
  return success();
}

/// When the mode is known to be false, the running statistics stay.
template <typename Op>
static LogicalResult keepStatistics(Op op, Value mode, PatternRewriter &rewriter) {
  BoolAttr updates;
  if (!op.getNewMean() || (op.getNewMean().use_empty() && op.getNewVar().use_empty()))
    return rewriter.notifyMatchFailure(op, "nobody uses new statistics");
  if (!matchPattern(mode, m_Constant(&updates)) || updates.getValue())
    return rewriter.notifyMatchFailure(op, "the statistics may change");
  rewriter.replaceAllUsesWith(op.getNewMean(), op.getRunningMean());
  rewriter.replaceAllUsesWith(op.getNewVar(), op.getRunningVar());
  return success();
}

LogicalResult BatchNormOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                            Adaptor op, SmallVectorImpl<Type> &types) {
  Value count = op.getCount();
  if (count && (!shapeOf(count).empty() || !op.getRunningMean())) // C5
    return emitOptionalError(location, "count must be a single integer beside running statistics, ",
                             "found ", dimsToString(shapeOf(count)));
  return inferStatistics(location, op, 2, types);
}
LogicalResult BatchNormOp::canonicalize(BatchNormOp op, PatternRewriter &rewriter) {
  return keepStatistics(op, op.getTraining(), rewriter);
}

LogicalResult InstanceNormOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                               Adaptor op, SmallVectorImpl<Type> &types) {
  return inferStatistics(location, op, 3, types);
}
LogicalResult InstanceNormOp::canonicalize(InstanceNormOp op, PatternRewriter &rewriter) {
  return keepStatistics(op, op.getUseInputStats(), rewriter);
}

//===----------------------------------------------------------------------===//
// layer_norm, rms_norm, group_norm
//===----------------------------------------------------------------------===//

static bool shapesAgree(ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
  return a.size() == b.size() && llvm::all_of(llvm::zip(a, b), [](auto pair) {
           return dimsAgree(std::get<0>(pair), std::get<1>(pair));
         });
}

/// The rule of layer_norm and rms_norm.
static LogicalResult inferTrailing(std::optional<Location> location, Value input,
                                   ArrayRef<int64_t> normalized, ArrayRef<NamedValue> affine,
                                   SmallVectorImpl<Type> &types) {
  if (normalized.empty() || llvm::any_of(normalized, [](int64_t dim) { return dim < 0; })) // C1
    return emitOptionalError(location, "normalized_shape must have at least one entry, none ",
                             "negative, found ", dimsToString(normalized));
  if (!shapesAgree(shapeOf(input).take_back(normalized.size()), normalized)) // C2
    return emitOptionalError(location, "the last dimensions of input ",
                             dimsToString(shapeOf(input)), " must be normalized_shape ",
                             dimsToString(normalized));
  for (const NamedValue &vector : affine)
    if (vector.value && !shapesAgree(shapeOf(vector.value), normalized)) // C3
      return emitOptionalError(location, vector.name, " must have the shape normalized_shape ",
                               dimsToString(normalized), ", found ",
                               dimsToString(shapeOf(vector.value)));
  return inferred(shapeOf(input), input, types);
}

LogicalResult LayerNormOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                            Adaptor op, SmallVectorImpl<Type> &types) {
  if (failed(checkEps(location, op.getEps()))) // C4
    return failure();
  return inferTrailing(location, op.getInput(), op.getNormalizedShape(),
                       {{"weight", op.getWeight()}, {"bias", op.getBias()}}, types);
}

LogicalResult RmsNormOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                          Adaptor op, SmallVectorImpl<Type> &types) {
  if (op.getEps() && failed(checkEps(location, *op.getEps()))) // C4
    return failure();
  return inferTrailing(location, op.getInput(), op.getNormalizedShape(),
                       {{"weight", op.getWeight()}}, types);
}

LogicalResult GroupNormOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                            Adaptor op, SmallVectorImpl<Type> &types) {
  if (failed(checkMinimumRank(location, op.getInput(), 2))) // C1
    return failure();
  int64_t channels = shapeOf(op.getInput())[1], groups = op.getNumGroups();
  if (groups < 1 || channels == 0 || (!isDynamic(channels) && channels % groups)) // C2
    return emitOptionalError(location, "num_groups must be at least 1 and divide the channels (",
                             dimToString(channels), ", not 0), found ", groups);
  if (failed(checkVectors(location, {{"weight", op.getWeight()}, {"bias", op.getBias()}},
                          channels)) ||        // C3
      failed(checkEps(location, op.getEps()))) // C4
    return failure();
  return inferred(shapeOf(op.getInput()), op.getInput(), types);
}

//===----------------------------------------------------------------------===//
// local_response_norm
//===----------------------------------------------------------------------===//

LogicalResult LocalResponseNormOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                                    Adaptor op, SmallVectorImpl<Type> &types) {
  ArrayRef<int64_t> input = shapeOf(op.getInput());
  if (input.size() < 3 || input.size() > 5) // C1
    return emitOptionalError(location, "input must have rank 3, 4 or 5, found ",
                             dimsToString(input));
  if (int64_t(op.getSize()) < 1) // C2
    return emitOptionalError(location, "size must be at least 1, found ", int64_t(op.getSize()));
  if (failed(checkFinite(location, "alpha", op.getAlpha())) || // C3
      failed(checkFinite(location, "beta", op.getBeta())) ||
      failed(checkFinite(location, "k", op.getK())))
    return failure();
  return inferred(input, op.getInput(), types);
}

/// The channels become the first spatial dimension, so that an average pool
/// can run over them whatever the rank.
SmallVector<Value> LocalResponseNormOp::decompose(OpBuilder &builder) {
  Location loc = getLoc();
  int64_t spatial = shapeOf(getInput()).size() - 2, size = getSize();
  Dims pads(2 * spatial, 0), window(spatial, 1);
  const Dims ones(spatial, 1), zeros(spatial, 0);
  pads[2 * spatial - 2] = size / 2;
  pads[2 * spatial - 1] = (size - 1) / 2;
  window[0] = size;
  auto activate = [&](StringRef kind, ArrayRef<double> parameters, Value input) -> Value {
    return createChecked<ActivationOp>(builder, loc, kind, parameters, input);
  };
  Value value = activate("square", {}, getInput());
  value = createChecked<TransposeOp>(builder, loc, value, 1, 2);
  value = createChecked<PadOp>(builder, loc, value, pads, PadMode::Constant, APFloat(0.0));
  value = createChecked<AvgPoolOp>(builder, loc, value, window, ones, zeros, false, true,
                                   /*divisor_override=*/IntegerAttr());
  value = createChecked<TransposeOp>(builder, loc, value, 1, 2);
  value = createChecked<ScaleOp>(builder, loc, value, getAlpha());
  value = activate("add_scalar", {getK().convertToDouble()}, value);
  value = activate("pow", {getBeta().convertToDouble()}, value);
  return {createChecked<DivideOp>(builder, loc, getInput(), value)};
}

#define GET_OP_CLASSES
#include "tez/Dialect/Esper/Norm.cpp.inc"
