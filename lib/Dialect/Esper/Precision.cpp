//===- Precision.cpp - Fewer bits than fp32 -------------------------------===//

#include "Windows.h"
#include "tez/Dialect/Esper/Esper.h"
#include <cmath>

using namespace mlir;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// cast
//===----------------------------------------------------------------------===//

LogicalResult CastOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, Adaptor op,
                                       SmallVectorImpl<Type> &types) {
  Type to = op.getTo();
  if (!isa<Float16Type, BFloat16Type, Float32Type, Float64Type>(to)) // C1
    return emitOptionalError(location, "cannot cast to ", to, ", expected f16, bf16, f32 or f64");
  types.push_back(RankedTensorType::get(shapeOf(op.getInput()), to));
  return success();
}

int64_t CastOp::getTorchDtype() {
  if (getTo().isF16())
    return 5;
  if (getTo().isF32())
    return 6;
  return getTo().isF64() ? 7 : 15;
}

/// Does every number of `from` exist in `to`.
static bool widens(Type from, Type to) {
  return (to.isF32() && (from.isF16() || from.isBF16())) || to.isF64();
}

/// Nothing to do, or there and back without a loss.
OpFoldResult CastOp::fold(FoldAdaptor) {
  if (getInput().getType() == getType())
    return getInput();
  auto before = getInput().getDefiningOp<CastOp>();
  if (before && before.getInput().getType() == getType() &&
      widens(elementOf(before.getInput()), before.getTo()))
    return before.getInput();
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Eight bits
//===----------------------------------------------------------------------===//

LogicalResult QuantizeWeightOp::inferReturnTypes(MLIRContext *context,
                                                 std::optional<Location> location, Adaptor op,
                                                 SmallVectorImpl<Type> &types) {
  ArrayRef<int64_t> shape = shapeOf(op.getWeight());
  if (shape.size() < 2) // C1
    return emitOptionalError(location, "weight must have rank >= 2, found ", dimsToString(shape));
  types.push_back(RankedTensorType::get(shape, IntegerType::get(context, 8)));
  return inferred(shape.take_front(), op.getWeight(), types);
}

/// A grid of unsigned 8-bit numbers.
static LogicalResult checkGrid(std::optional<Location> location, StringRef name,
                               const APFloat &scale, int64_t zero) {
  double step = scale.convertToDouble();
  if (!(step > 0) || !std::isfinite(step))
    return emitOptionalError(location, name, "_scale must be positive and finite, found ", step);
  if (zero < 0 || zero > 255)
    return emitOptionalError(location, name, "_zero must be in [0, 255], found ", zero);
  return success();
}

static LogicalResult checkWeight(std::optional<Location> location, Value weight) {
  if (elementOf(weight).isInteger(8))
    return success();
  return emitOptionalError(location, "weight must hold i8, found ", elementOf(weight));
}

LogicalResult QuantizedLinearOp::inferReturnTypes(MLIRContext *context,
                                                  std::optional<Location> location, Adaptor op,
                                                  SmallVectorImpl<Type> &types) {
  SmallVector<Value> operands = {op.getInput(), op.getWeight()};
  if (op.getBias())
    operands.push_back(op.getBias());
  LinearOp::Adaptor linear(operands);
  if (failed(LinearOp::inferReturnTypes(context, location, linear, types)) || // C1, C2
      failed(checkVector(location, "scales", op.getScales(), shapeOf(op.getWeight())[0])) ||
      failed(checkWeight(location, op.getWeight()))) // C3
    return failure();
  std::optional<APFloat> scale = op.getInputScale();
  std::optional<int64_t> zero = op.getInputZero();
  if (scale.has_value() != zero.has_value()) // C4
    return emitOptionalError(location, "input_scale and input_zero must be given together");
  return scale ? checkGrid(location, "input", *scale, *zero) : success();
}

LogicalResult QuantizedConvOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                                Adaptor op, SmallVectorImpl<Type> &types) {
  if (shapeOf(op.getInput()).size() != 4) // C1
    return emitOptionalError(location, "input must have rank 4, found ",
                             dimsToString(shapeOf(op.getInput())));
  std::optional<Dims> output =
      convDims(location, {op.getInput(), op.getWeight(), op.getBias(), op.getStride(),
                          op.getPadding(), op.getDilation(), int64_t(op.getGroups())});
  if (!output ||
      failed(checkVector(location, "scales", op.getScales(), shapeOf(op.getWeight())[0])) || // C2
      failed(checkWeight(location, op.getWeight())) ||                                       // C3
      failed(checkGrid(location, "input", op.getInputScale(), op.getInputZero())) ||         // C4
      failed(checkGrid(location, "output", op.getOutputScale(), op.getOutputZero())))
    return failure();
  return inferred(*output, op.getInput(), types);
}

#define GET_OP_CLASSES
#include "tez/Dialect/Esper/Precision.cpp.inc"
