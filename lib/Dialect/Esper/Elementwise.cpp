//===- Elementwise.cpp - Arithmetic with broadcasting ---------------------===//

#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/Esper/ShapeRules.h"

using namespace mlir;
using namespace tez::esper;

static LogicalResult inferBinary(std::optional<Location> location, Value left, Value right,
                                 bool floatingOnly, SmallVectorImpl<Type> &types) {
  std::optional<Dims> dims = broadcastDims(shapeOf(left), shapeOf(right));
  if (!dims) // C1
    return emitOptionalError(location, "shapes ", dimsToString(shapeOf(left)), " and ",
                             dimsToString(shapeOf(right)), " do not broadcast");
  if (elementOf(left) != elementOf(right) ||
      (floatingOnly && !isa<FloatType>(elementOf(left)))) // C2
    return emitOptionalError(location, "element types ", elementOf(left), " and ", elementOf(right),
                             " must be equal", floatingOnly ? " and floating" : "");
  return inferred(*dims, left, types);
}

LogicalResult AddOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, Adaptor op,
                                      SmallVectorImpl<Type> &types) {
  return inferBinary(location, op.getLeft(), op.getRight(), false, types);
}
LogicalResult SubtractOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                           Adaptor op, SmallVectorImpl<Type> &types) {
  return inferBinary(location, op.getLeft(), op.getRight(), false, types);
}
LogicalResult MultiplyOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                           Adaptor op, SmallVectorImpl<Type> &types) {
  return inferBinary(location, op.getLeft(), op.getRight(), false, types);
}
LogicalResult DivideOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                         Adaptor op, SmallVectorImpl<Type> &types) {
  return inferBinary(location, op.getLeft(), op.getRight(), true, types);
}

LogicalResult MaximumOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                          Adaptor op, SmallVectorImpl<Type> &types) {
  return inferBinary(location, op.getLeft(), op.getRight(), false, types);
}
LogicalResult MinimumOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                          Adaptor op, SmallVectorImpl<Type> &types) {
  return inferBinary(location, op.getLeft(), op.getRight(), false, types);
}

LogicalResult ScaleOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, Adaptor op,
                                        SmallVectorImpl<Type> &types) {
  if (!isa<FloatType>(elementOf(op.getInput()))) // C1
    return emitOptionalError(location, "input must be floating, found ", elementOf(op.getInput()));
  return inferred(shapeOf(op.getInput()), op.getInput(), types);
}

/// x * 1 is x, bit for bit.
OpFoldResult ScaleOp::fold(FoldAdaptor) {
  return getValue().isExactlyValue(1.0) ? OpFoldResult(getInput()) : nullptr;
}

LogicalResult DetachOp::inferReturnTypes(MLIRContext *, std::optional<Location>, Adaptor op,
                                         SmallVectorImpl<Type> &types) {
  return inferred(shapeOf(op.getInput()), op.getInput(), types);
}

OpFoldResult DetachOp::fold(FoldAdaptor) {
  return getInput().getDefiningOp<DetachOp>() ? OpFoldResult(getInput()) : nullptr;
}

LogicalResult ClipGradientOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                               Adaptor op, SmallVectorImpl<Type> &types) {
  double most = op.getMaxNorm().convertToDouble();
  if (!(most > 0) || std::isinf(most)) // C1
    return emitOptionalError(location, "max_norm must be positive and finite, found ", most);
  // The parser of the short form asks before it has filled in norm_type; the verifier asks again.
  FloatAttr type = op.getNormTypeAttr();
  if (type && !(type.getValueAsDouble() > 0)) // C2
    return emitOptionalError(location, "norm_type must be positive, found ",
                             type.getValueAsDouble());
  return inferred(shapeOf(op.getInput()), op.getInput(), types);
}

#define GET_OP_CLASSES
#include "tez/Dialect/Esper/Elementwise.cpp.inc"
