//===- Recurrent.cpp - Recurrent networks ---------------------------------===//
//
// Single steps are in RecurrentCells.cpp.
//
//===----------------------------------------------------------------------===//

#include "Draws.h"
#include "RecurrentRules.h"
#include "tez/Dialect/Esper/Esper.h"

using namespace mlir;
using namespace tez::esper;

bool tez::esper::isNonlinearity(StringRef name) { return name == "tanh" || name == "relu"; }

namespace {
/// The shape rule that the three networks share.
struct RecurrentRule {
  std::optional<Location> location;
  Value input;
  ValueRange weights;
  int64_t gates, hidden, layers, projection;
  bool bias, batchFirst, bidirectional;
  double dropout;

  template <typename Adaptor>
  RecurrentRule(std::optional<Location> location, Adaptor op, int64_t gates, int64_t projection)
      : location(location), input(op.getInput()), weights(op.getWeights()), gates(gates),
        hidden(op.getHiddenSize()), layers(op.getNumLayers()), projection(projection),
        bias(op.getBias()), batchFirst(op.getBatchFirst()), bidirectional(op.getBidirectional()),
        dropout(op.getDropout().convertToDouble()) {}

  /// C1, C2, C3, C4, C6.
  LogicalResult check() const;

  int64_t directions() const { return bidirectional ? 2 : 1; }
  int64_t outputSize() const { return projection > 0 ? projection : hidden; }
  int64_t weightsPerDirection() const { return 2 + (bias ? 2 : 0) + (projection > 0 ? 1 : 0); }
  Dims output() const {
    Dims dims(shapeOf(input));
    dims.back() = directions() * outputSize();
    return dims;
  }
  /// The shape of a state of `size` features.
  Dims state(int64_t size) const {
    return {layers * directions(), shapeOf(input)[batchFirst ? 0 : 1], size};
  }

private:
  LogicalResult checkInput() const;
  LogicalResult checkSizes() const;
  LogicalResult checkWeights() const;
  LogicalResult checkDirection(int64_t index) const;
};
} // namespace

LogicalResult RecurrentRule::checkInput() const {
  ArrayRef<int64_t> shape = shapeOf(input);
  if (shape.size() != 3 || isDynamic(shape.back())) // C1
    return emitOptionalError(location, "input must have rank 3 and a known last dimension, found ",
                             dimsToString(shape));
  if (shape[batchFirst ? 1 : 0] == 0) // C1
    return emitOptionalError(location, "input must have at least one position, found ",
                             dimsToString(shape));
  return success();
}

LogicalResult RecurrentRule::checkSizes() const {
  if (hidden < 1 || layers < 1) // C2
    return emitOptionalError(location, "hidden_size and num_layers must be >= 1, found ", hidden,
                             " and ", layers);
  if (projection < 0 || projection >= hidden) // C2
    return emitOptionalError(location, "proj_size must be in [0, hidden_size), found ", projection,
                             " of ", hidden);
  if (!multiplyDims({2, gates, hidden})) // C2
    return emitOptionalError(location, "hidden_size (", hidden, ") does not fit in 64 bits");
  if (!(dropout >= 0 && dropout <= 1)) // C6
    return emitOptionalError(location, "dropout must be in [0, 1], found ", dropout);
  return success();
}

/// The weights of one direction of one layer.
LogicalResult RecurrentRule::checkDirection(int64_t index) const {
  ValueRange own = weights.slice(index * weightsPerDirection(), weightsPerDirection());
  int64_t layer = index / directions(), rows = gates * hidden;
  int64_t in = layer == 0 ? shapeOf(input).back() : directions() * outputSize();
  std::string suffix = "_l" + std::to_string(layer) + (index % directions() ? "_reverse" : "");
  if (failed(checkShape(location, "w_ih" + suffix, own[0], {rows, in})) || // C4
      failed(checkShape(location, "w_hh" + suffix, own[1], {rows, outputSize()})))
    return failure();
  if (bias && (failed(checkShape(location, "b_ih" + suffix, own[2], {rows})) ||
               failed(checkShape(location, "b_hh" + suffix, own[3], {rows}))))
    return failure();
  return projection > 0 ? checkShape(location, "w_hr" + suffix, own.back(), {projection, hidden})
                        : success();
}

LogicalResult RecurrentRule::checkWeights() const {
  auto wanted = multiplyDims({layers, directions(), weightsPerDirection()});
  if (!wanted || *wanted != int64_t(weights.size())) // C3
    return emitOptionalError(location, layers, " layers of ", directions(), " directions take ",
                             weightsPerDirection(), " weights for each direction, found ",
                             weights.size(), " in all");
  for (int64_t index = 0; index < layers * directions(); ++index)
    if (failed(checkDirection(index)))
      return failure();
  return success();
}

LogicalResult RecurrentRule::check() const {
  return success(succeeded(checkInput()) && succeeded(checkSizes()) && succeeded(checkWeights()));
}

//===----------------------------------------------------------------------===//
// The ops
//===----------------------------------------------------------------------===//

LogicalResult LstmOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, Adaptor op,
                                       SmallVectorImpl<Type> &types) {
  RecurrentRule rule(location, op, numGates, op.getProjSize());
  if (failed(rule.check()))
    return failure();
  Dims h = rule.state(rule.outputSize()), c = rule.state(rule.hidden);
  if (bool(op.getH0()) != bool(op.getC0())) // C5
    return emitOptionalError(location, "h0 and c0 must both be given or both be absent");
  if (failed(checkShape(location, "h0", op.getH0(), h)) || // C5
      failed(checkShape(location, "c0", op.getC0(), c)))
    return failure();
  (void)inferred(rule.output(), op.getInput(), types);
  (void)inferred(h, op.getInput(), types);
  return inferred(c, op.getInput(), types);
}

template <typename Op>
static LogicalResult inferOneState(std::optional<Location> location, typename Op::Adaptor op,
                                   SmallVectorImpl<Type> &types) {
  RecurrentRule rule(location, op, Op::numGates, /*projection=*/0);
  if (failed(rule.check()) ||
      failed(checkShape(location, "h0", op.getH0(), rule.state(rule.hidden)))) // C5
    return failure();
  (void)inferred(rule.output(), op.getInput(), types);
  return inferred(rule.state(rule.hidden), op.getInput(), types);
}

LogicalResult GruOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, Adaptor op,
                                      SmallVectorImpl<Type> &types) {
  return inferOneState<GruOp>(location, op, types);
}

LogicalResult RnnOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, Adaptor op,
                                      SmallVectorImpl<Type> &types) {
  if (!isNonlinearity(op.getNonlinearity())) // C7
    return emitOptionalError(location, "nonlinearity must be tanh or relu, found ",
                             op.getNonlinearity());
  return inferOneState<RnnOp>(location, op, types);
}

/// Nothing is dropped after the only layer.
template <typename Op> static bool neverDrops(Op op) {
  return op.getDropout().isZero() || op.getNumLayers() == 1;
}

using Effects = SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>;
void LstmOp::getEffects(Effects &effects) { addDrawEffects(neverDrops(*this), effects); }
void GruOp::getEffects(Effects &effects) { addDrawEffects(neverDrops(*this), effects); }
void RnnOp::getEffects(Effects &effects) { addDrawEffects(neverDrops(*this), effects); }

LogicalResult LstmOp::fold(FoldAdaptor adaptor, SmallVectorImpl<OpFoldResult> &) {
  return foldDropout(*this, adaptor.getTraining());
}
LogicalResult GruOp::fold(FoldAdaptor adaptor, SmallVectorImpl<OpFoldResult> &) {
  return foldDropout(*this, adaptor.getTraining());
}
LogicalResult RnnOp::fold(FoldAdaptor adaptor, SmallVectorImpl<OpFoldResult> &) {
  return foldDropout(*this, adaptor.getTraining());
}

/// Two for each weight, position and batch element.
static double getRecurrentFlops(Value input, ValueRange weights) {
  double elements = 0;
  for (Value weight : weights)
    elements += countElements(weight.getType());
  ArrayRef<int64_t> shape = shapeOf(input);
  return 2 * elements * double(shape[0]) * double(shape[1]);
}

/// Two for each weight and batch element.
static double getCellFlops(Value input, Value wIh, Value wHh) {
  return 2 * double(shapeOf(input)[0]) *
         (countElements(wIh.getType()) + countElements(wHh.getType()));
}

#define GET_OP_CLASSES
#include "tez/Dialect/Esper/Recurrent.cpp.inc"
