//===- Rows.cpp - native.row_*, native.columns ---------------------------===//

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

static bool hasStaticColumns(ShapedType type) {
  return type.hasRank() && type.getRank() == 2 && !type.isDynamicDim(1);
}

LogicalResult RowGridOp::verify() {
  ShapedType input = shapeOf(getInput());
  if (!hasStaticColumns(input) || !input.getElementType().isF32())
    return emitOpError("C1: expected f32 of rank 2 with static columns, found ") << input;
  for (Value made : {getScales(), getZeros()})
    if (shapeOf(made).getShape() != ArrayRef<int64_t>{input.getDimSize(0), 1} ||
        !shapeOf(made).getElementType().isF32())
      return emitOpError("C2: expected one f32 a row, found ") << made.getType();
  return success();
}

LogicalResult ColumnsOp::verify() {
  ShapedType out = shapeOf(getOut());
  auto fits = [&](Value input) {
    return hasStaticColumns(shapeOf(input)) && shapeOf(input).getDimSize(0) == out.getDimSize(0);
  };
  if (getInputs().empty() || !hasStaticColumns(out) || !llvm::all_of(getInputs(), fits))
    return emitOpError("C1: expected operands and a result of rank 2 with static columns and the "
                       "same rows");
  int64_t groups = getGroups();
  bool parts = groups >= 1 && getBegins().size() == getInputs().size() &&
               getCounts().size() == getInputs().size();
  for (size_t i = 0; parts && i < getInputs().size(); ++i) {
    int64_t columns = shapeOf(getInputs()[i]).getDimSize(1);
    parts = columns % groups == 0 && getBegins()[i] >= 0 && getCounts()[i] >= 1 &&
            getBegins()[i] + getCounts()[i] <= columns / groups;
  }
  if (!parts)
    return emitOpError("C2: expected a part of each operand's groups, found begins ")
           << getBegins() << " and counts " << getCounts() << " in " << groups << " groups";
  int64_t columns = groups * llvm::sum_of(getCounts());
  if (columns != out.getDimSize(1))
    return emitOpError("C3: the parts are ") << columns << " columns, the result is " << out;
  return success();
}
