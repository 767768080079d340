//===- Product.cpp - native.product ---------------------------------------===//

#include "tez/Dialect/Native/Native.h"

using namespace mlir;
using namespace tez::native;

static ShapedType shapeOf(Value value) { return cast<ShapedType>(value.getType()); }

int64_t ProductOp::getColumns() { return shapeOf(getOut()).getDimSize(1); }

int64_t ProductOp::getDepth(unsigned i) { return shapeOf(getLefts()[i]).getDimSize(1); }

Type ProductOp::getSumType(unsigned i) {
  Builder builder(getContext());
  bool integers = shapeOf(getRights()[i]).getElementType().isInteger();
  return integers ? Type(builder.getI32Type()) : builder.getF32Type();
}

int64_t ProductOp::getWidth() {
  ShapedType right = shapeOf(getRights()[0]);
  return right.getDimSize(2) / groupOf(right.getElementType());
}

/// [K, N], [N, K] transposed, or [panels, groups, width * group].
static LogicalResult verifyRight(ProductOp op, unsigned i) {
  ShapedType type = shapeOf(op.getRights()[i]);
  int64_t depth = op.getDepth(i), columns = op.getColumns();
  bool fits;
  if (type.getRank() == 3) {
    int64_t group = groupOf(type.getElementType()), width = type.getDimSize(2) / group;
    fits = width > 0 && type.getDimSize(2) % group == 0 && !op.isTransposed(i) &&
           type.getDimSize(0) == int64_t(llvm::divideCeil(columns, width)) &&
           type.getDimSize(1) == int64_t(llvm::divideCeil(depth, group));
  } else {
    SmallVector<int64_t> wanted{depth, columns};
    if (op.isTransposed(i))
      std::swap(wanted[0], wanted[1]);
    fits = type.getShape() == ArrayRef(wanted);
  }
  if (fits)
    return success();
  return op.emitOpError("C2: right factor ")
         << i << " is " << type << ", expected " << depth << " x " << columns
         << (op.isTransposed(i) ? ", transposed" : ", or its panels");
}

static LogicalResult verifySchedule(ProductOp op) {
  std::optional<ArrayRef<int64_t>> schedule = op.getSchedule();
  if (!schedule)
    return success();
  bool fits = !schedule->empty() && schedule->size() % 2 == 0 &&
              llvm::all_of(*schedule, [](int64_t n) { return n > 0; });
  for (size_t i = 2; fits && i < schedule->size(); i += 2)
    fits = (*schedule)[i] < (*schedule)[i - 2];
  if (fits && (*schedule)[schedule->size() - 2] == 1)
    return success();
  return op.emitOpError(
      "C4: the schedule must be pairs (rows, panels) with falling rows down to 1");
}

static LogicalResult verifyEpilogue(ProductOp op) {
  Block &block = op.getEpilogue().front();
  SmallVector<Type> wanted;
  for (unsigned i = 0; i < op.getLefts().size(); ++i)
    wanted.push_back(op.getSumType(i));
  for (Value extra : op.getExtras())
    wanted.push_back(shapeOf(extra).getElementType());
  Type element = shapeOf(op.getOut()).getElementType();
  auto end = dyn_cast<YieldOp>(block.back());
  if (llvm::equal(block.getArgumentTypes(), wanted) && end && end.getValue().getType() == element)
    return success();
  return op.emitOpError("C5: the epilogue must take (")
         << wanted << ") and end in native.yield of " << element;
}

static bool areFactors(Type left, Type right) {
  if (left == right)
    return left.isF32() || left.isBF16() || left.isInteger(8);
  return left.isF32() && right.isBF16();
}

static bool fitsExtra(ArrayRef<int64_t> extra, ArrayRef<int64_t> out) {
  return extra == out || extra == out.drop_front() ||
         (extra.size() == 2 && extra[0] == out[0] && extra[1] == 1);
}

LogicalResult ProductOp::verify() {
  ShapedType out = shapeOf(getOut());
  if (out.getRank() != 2 || out.isDynamicDim(1) || getLefts().empty() ||
      getLefts().size() != getRights().size())
    return emitOpError("C1: expected as many left as right factors, at least one, and a result of "
                       "rank 2 with static columns");
  for (auto [i, left] : llvm::enumerate(getLefts())) {
    ShapedType type = shapeOf(left);
    if (type.getRank() != 2 || type.isDynamicDim(1) || type.getDimSize(0) != out.getDimSize(0))
      return emitOpError("C1: left factor ") << i << " is " << type << ", the result " << out;
    if (!areFactors(type.getElementType(), shapeOf(getRights()[i]).getElementType()))
      return emitOpError("C7: factors ")
             << i << " are " << type << " and " << getRights()[i].getType()
             << ", expected f32, bf16 or i8";
    if (failed(verifyRight(*this, i)))
      return failure();
  }
  for (auto [i, extra] : llvm::enumerate(getExtras()))
    if (!fitsExtra(shapeOf(extra).getShape(), out.getShape()))
      return emitOpError("C3: extra ") << i << " is " << extra.getType() << ", the result " << out;
  if (getPiece() && (*getPiece() < 1 || getLefts().size() != 1 ||
                     !shapeOf(getRights()[0]).getElementType().isF32()))
    return emitOpError("C6: only a single product of f32 is cut into pieces, of at least one term");
  return success(succeeded(verifySchedule(*this)) && succeeded(verifyEpilogue(*this)));
}
