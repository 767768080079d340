//===- Rows.cpp - native.row_norm and native.row_softmax ------------------===//

#include "tez/Dialect/Native/Native.h"

using namespace mlir;
using namespace tez::native;

static ShapedType shapeOf(Value value) { return cast<ShapedType>(value.getType()); }

static LogicalResult verifyRows(Operation *op, Value input, Value out) {
  ShapedType from = shapeOf(input), to = shapeOf(out);
  if (to.hasRank() && to.getRank() == 2 && !to.isDynamicDim(1) && from.hasRank() &&
      from.getShape() == to.getShape() && from.getElementType() == to.getElementType())
    return success();
  return op->emitOpError("C1: expected input and result of one shape, of rank 2 with static "
                         "columns, found ")
         << from << " and " << to;
}

LogicalResult RowNormOp::verify() {
  if (failed(verifyRows(*this, getInput(), getOut())))
    return failure();
  for (Value vector : {getScale(), getShift()})
    if (vector && shapeOf(vector).getShape() != shapeOf(getOut()).getShape().drop_front())
      return emitOpError("C2: expected one number a column, found ")
             << vector.getType() << " for " << getOut().getType();
  double eps = getEps().convertToDouble();
  if (!(eps >= 0) || std::isinf(eps))
    return emitOpError("C3: eps is ") << eps << ", expected a number >= 0";
  return success();
}

LogicalResult RowSoftmaxOp::verify() { return verifyRows(*this, getInput(), getOut()); }
