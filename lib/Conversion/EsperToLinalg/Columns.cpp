//===- Columns.cpp --------------------------------------------------------===//

#include "Columns.h"
#include "Values.h"
#include "tez/Dialect/Esper/Esper.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

bool tez::isColumns(int64_t dim, Value value) {
  int64_t rank = int64_t(shapeOf(value).size());
  return (dim < 0 ? dim + rank : dim) == (isImage(value) ? 1 : rank - 1);
}

/// Rows or images whose columns `dim` counts.
static bool areColumns(ValueRange values, int64_t dim) {
  return llvm::all_of(values, [&](Value value) {
    return (isRows(value) || isImage(value)) && isColumns(dim, value);
  });
}

static int64_t columnsOf(Value value) {
  return isImage(value) ? shapeOf(value)[1] : shapeOf(value).back();
}

/// Numbers beside each other in a group, and so many groups a row.
static int64_t groupsOf(Value value) {
  return isImage(value) ? shapeOf(value)[2] * shapeOf(value)[3] : 1;
}

/// Consecutive parts of one operand.
static SmallVector<ColumnParts> partsOf(Value input, int64_t begin, ArrayRef<int64_t> counts) {
  SmallVector<ColumnParts> parts;
  for (int64_t count : counts) {
    parts.push_back({{input}, {begin}, {count}, groupsOf(input)});
    begin += count;
  }
  return parts;
}

static SmallVector<ColumnParts> partsOf(ConcatOp op) {
  ColumnParts parts{SmallVector<Value>(op.getInputs()), {}, {}, groupsOf(op.getOutput())};
  for (Value input : op.getInputs()) {
    parts.begins.push_back(0);
    parts.counts.push_back(columnsOf(input));
  }
  return {parts};
}

static SmallVector<ColumnParts> partsOf(SliceOp op) {
  int64_t columns = columnsOf(op.getInput()), begin = op.getStart();
  begin = std::clamp<int64_t>(begin < 0 ? begin + columns : begin, 0, columns);
  return partsOf(op.getInput(), begin, columnsOf(op.getOutput()));
}

SmallVector<ColumnParts> tez::columnPartsOf(Operation *op) {
  using Parts = SmallVector<ColumnParts>;
  bool noneEmpty = llvm::all_of(op->getResults(), [](Value result) {
    return isRows(result) || isImage(result); // of which none is empty
  });
  if (!noneEmpty)
    return {};
  return llvm::TypeSwitch<Operation *, Parts>(op)
      .Case<ConcatOp>([](ConcatOp op) {
        bool fits =
            areColumns(op.getInputs(), op.getDim()) && isColumns(op.getDim(), op.getOutput());
        return fits ? partsOf(op) : Parts();
      })
      .Case<SplitOp>([](SplitOp op) {
        bool fits = areColumns(op.getInput(), op.getDim());
        return fits ? partsOf(op.getInput(), 0, op.getSizes()) : Parts();
      })
      .Case<SliceOp>([](SliceOp op) {
        bool fits = areColumns(op.getInput(), op.getDim()) && op.getStep() == 1;
        return fits ? partsOf(op) : Parts();
      })
      .Case<GluOp>([](GluOp op) {
        int64_t half = areColumns(op.getInput(), op.getDim()) ? columnsOf(op.getOutput()) : 0;
        return half ? partsOf(op.getInput(), 0, {half, half}) : Parts();
      })
      .Default(Parts());
}
