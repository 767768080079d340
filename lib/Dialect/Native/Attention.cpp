//===- Attention.cpp - native.attention -----------------------------------===//

#include "tez/Dialect/Native/Native.h"

using namespace mlir;
using namespace tez::native;

static ShapedType shapeOf(Value value) { return cast<ShapedType>(value.getType()); }

int64_t AttentionOp::getFeatures() { return shapeOf(getOut()).getDimSize(1) / int64_t(getHeads()); }

static LogicalResult verifyColumns(AttentionOp op) {
  ArrayRef<int64_t> columns = op.getColumns();
  int64_t wanted = shapeOf(op.getOut()).getDimSize(1);
  if (columns.size() != 3)
    return op.emitOpError("C3: expected three columns, found ") << columns.size();
  Value operands[] = {op.getQuery(), op.getKey(), op.getValue()};
  for (auto [column, operand] : llvm::zip_equal(columns, operands))
    if (column < 0 || column > shapeOf(operand).getDimSize(1) - wanted)
      return op.emitOpError("C3: expected ")
             << wanted << " columns from " << column << " on, found " << operand.getType();
  return success();
}

LogicalResult AttentionOp::verify() {
  ShapedType out = shapeOf(getOut());
  for (Value operand : {getQuery(), getKey(), getValue(), getOut()}) {
    ShapedType type = shapeOf(operand);
    if (!type.hasRank() || type.getRank() != 2 || type.isDynamicDim(1) ||
        type.getDimSize(0) != out.getDimSize(0))
      return emitOpError("C1: expected operands of rank 2 with static columns and the rows of ")
             << out << ", found " << type;
  }
  if (int64_t(getHeads()) < 1 || out.getDimSize(1) % int64_t(getHeads()) != 0)
    return emitOpError("C2: ") << int64_t(getHeads()) << " heads do not divide "
                               << out.getDimSize(1) << " columns";
  return verifyColumns(*this);
}
