//===- Choice.cpp - Comparing, choosing, whole numbers --------------------===//

#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/Esper/ShapeRules.h"

using namespace mlir;
using namespace tez::esper;

//===----------------------------------------------------------------------===//
// full
//===----------------------------------------------------------------------===//

LogicalResult FullOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, Adaptor op,
                                       SmallVectorImpl<Type> &types) {
  std::optional<ArrayRef<int64_t>> shape = op.getShape();
  for (int64_t size : shape.value_or(ArrayRef<int64_t>()))
    if (size < 0) // C1
      return emitOptionalError(location, "sizes must be >= 0, found ", size);
  return inferred(shape.value_or(shapeOf(op.getLike())), op.getLike(), types);
}

void FullOp::getAtenCall(AtenCall &call) {
  double value = getValue().convertToDouble();
  AtenArg number = value;
  if (isa<IntegerType>(elementOf(getLike())))
    number = int64_t(value);
  if (getShape())
    return call.set("aten::new_full", {getLike(), *getShape(), number});
  call.set("aten::full_like", {getLike(), number});
}

//===----------------------------------------------------------------------===//
// compare, where, remainder, to_integer
//===----------------------------------------------------------------------===//

/// The shape that both broadcast to; nullopt after an error.
static std::optional<Dims> broadcast(std::optional<Location> location, ArrayRef<int64_t> left,
                                     ArrayRef<int64_t> right) {
  std::optional<Dims> dims = broadcastDims(left, right);
  if (!dims)
    (void)emitOptionalError(location, "shapes ", dimsToString(left), " and ", dimsToString(right),
                            " do not broadcast");
  return dims;
}

static LogicalResult checkSameElements(std::optional<Location> location, Value left, Value right) {
  if (elementOf(left) == elementOf(right))
    return success();
  return emitOptionalError(location, "element types ", elementOf(left), " and ", elementOf(right),
                           " must be equal");
}

LogicalResult CompareOp::inferReturnTypes(MLIRContext *context, std::optional<Location> location,
                                          Adaptor op, SmallVectorImpl<Type> &types) {
  std::optional<Dims> dims = broadcast(location, shapeOf(op.getLeft()), shapeOf(op.getRight()));
  if (!dims || failed(checkSameElements(location, op.getLeft(), op.getRight()))) // C1, C2
    return failure();
  types.push_back(RankedTensorType::get(*dims, IntegerType::get(context, 1)));
  return success();
}

void CompareOp::getAtenCall(AtenCall &call) {
  call.set("aten::" + stringifyCompareKind(getKind()).str() + ".Tensor", {getLeft(), getRight()});
}

LogicalResult WhereOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, Adaptor op,
                                        SmallVectorImpl<Type> &types) {
  std::optional<Dims> dims = broadcast(location, shapeOf(op.getLeft()), shapeOf(op.getRight()));
  if (dims) // C1
    dims = broadcast(location, shapeOf(op.getMask()), *dims);
  if (!dims || failed(checkSameElements(location, op.getLeft(), op.getRight()))) // C2
    return failure();
  return inferred(*dims, op.getLeft(), types);
}

LogicalResult RemainderOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                            Adaptor op, SmallVectorImpl<Type> &types) {
  std::optional<Dims> dims = broadcast(location, shapeOf(op.getLeft()), shapeOf(op.getRight()));
  if (!dims || failed(checkSameElements(location, op.getLeft(), op.getRight()))) // C1, C2
    return failure();
  return inferred(*dims, op.getLeft(), types);
}

LogicalResult ToIntegerOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                            Adaptor op, SmallVectorImpl<Type> &types) {
  Type to = op.getTo();
  if (!to.isInteger(8) && !to.isInteger(16) && !to.isInteger(32) && !to.isInteger(64)) // C1
    return emitOptionalError(location, "cannot round to ", to, ", expected i8, i16, i32 or i64");
  types.push_back(RankedTensorType::get(shapeOf(op.getInput()), to));
  return success();
}

int64_t ToIntegerOp::getTorchDtype() {
  switch (getTo().getIntOrFloatBitWidth()) {
  case 8:
    return 1;
  case 16:
    return 2;
  default:
    return getTo().isInteger(32) ? 3 : 4;
  }
}

//===----------------------------------------------------------------------===//
// select
//===----------------------------------------------------------------------===//

LogicalResult SelectOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                         Adaptor op, SmallVectorImpl<Type> &types) {
  ArrayRef<int64_t> left = shapeOf(op.getLeft()), right = shapeOf(op.getRight());
  bool agree = left.size() == right.size() && elementOf(op.getLeft()) == elementOf(op.getRight());
  Dims dims;
  for (auto [a, b] : llvm::zip(left, right)) {
    agree &= dimsAgree(a, b);
    dims.push_back(mergeDims(a, b));
  }
  if (!agree) // C1
    return emitOptionalError(location, "chooses between ", op.getLeft().getType(), " and ",
                             op.getRight().getType(), ", expected one type");
  return inferred(dims, op.getLeft(), types);
}

OpFoldResult SelectOp::fold(FoldAdaptor adaptor) {
  if (getLeft() == getRight())
    return getLeft();
  auto flag = dyn_cast_if_present<BoolAttr>(adaptor.getFlag());
  if (!flag)
    return nullptr;
  Value chosen = flag.getValue() ? getLeft() : getRight();
  return chosen.getType() == getType() ? OpFoldResult(chosen) : nullptr;
}

#define GET_OP_CLASSES
#include "tez/Dialect/Esper/Choice.cpp.inc"
