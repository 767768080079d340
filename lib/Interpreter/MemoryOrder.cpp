//===- MemoryOrder.cpp - How torch lays a value out -----------------------===//
//
// Views exchange dimensions without moving anything; operators of elements
// give their result the layout of their (first full) operand (TensorIterator's
// rule); those of images keep channels last; recurrences with the batch first
// compute positions first; all others return row-major results.
//
//===----------------------------------------------------------------------===//

#include "MemoryOrder.h"
#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/Esper/Pointwise.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include "llvm/ADT/TypeSwitch.h"
#include <numeric>

using namespace mlir;
using namespace tez;
using namespace tez::esper;

using Order = SmallVector<int64_t>;

static Order rowMajor(int64_t rank) {
  Order order(rank);
  std::iota(order.begin(), order.end(), 0);
  return order;
}

static int64_t rankOf(Value value) { return shapeOf(value).size(); }

//===----------------------------------------------------------------------===//
// Views
//===----------------------------------------------------------------------===//

/// `dims[i]` is the dimension of the source that becomes dimension i.
static Order permuted(const Order &source, ArrayRef<int64_t> dims) {
  Order order;
  for (int64_t dim : source)
    for (auto [i, from] : llvm::enumerate(dims))
      if (*normalizeDim(from, dims.size()) == dim)
        order.push_back(i);
  return order;
}

static Order exchanged(const Order &source, TransposeOp op) {
  Order dims = rowMajor(source.size());
  std::swap(dims[*normalizeDim(op.getDim0(), source.size())],
            dims[*normalizeDim(op.getDim1(), source.size())]);
  return permuted(source, dims);
}

/// Elements from one index of a dimension to the next, of dense memory in this order.
static SmallVector<int64_t> stridesOf(const Order &order, ArrayRef<int64_t> sizes) {
  SmallVector<int64_t> strides(sizes.size());
  int64_t stride = 1;
  for (int64_t dim : llvm::reverse(order)) {
    strides[dim] = stride;
    stride *= std::max<int64_t>(1, sizes[dim]);
  }
  return strides;
}

/// Dimensions that follow each other in memory as in the shape are one run, which other dimensions
/// may share out; a shape that would cut across runs is a copy.
static Order reshaped(const Order &source, ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  SmallVector<int64_t> strides = stridesOf(source, from), made(to.size());
  int64_t next = int64_t(to.size()) - 1;
  for (int64_t dim = int64_t(from.size()) - 1, run = 1, base = 1; dim >= 0; --dim) {
    base = run == 1 ? strides[dim] : base;
    run *= from[dim];
    if (dim > 0 && (from[dim - 1] == 1 || strides[dim - 1] == run * base))
      continue;
    int64_t shared = 1;
    for (; next >= 0 && (shared < run || to[next] == 1); --next) {
      made[next] = shared * base;
      shared *= to[next];
    }
    if (shared != run)
      return rowMajor(to.size());
    run = 1;
  }
  Order order = rowMajor(to.size());
  llvm::sort(order,
             [&](int64_t a, int64_t b) { return made[a] != made[b] ? made[a] > made[b] : a < b; });
  return order;
}

static Order without(const Order &source, int64_t gone) {
  Order order;
  for (int64_t dim : source)
    if (dim != gone)
      order.push_back(dim > gone ? dim - 1 : dim);
  return order;
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

/// Kernels of images that look whether their input has its channels last.
static bool keepsChannelsLast(Operation *op) {
  return isa<ConvOp, ConvTransposeOp, BatchNormOp, GroupNormOp, RmsNormOp, MaxPoolOp, AvgPoolOp,
             AdaptiveAvgPoolOp, AdaptiveMaxPoolOp, UpsampleOp, PadOp, ChannelShuffleOp, ConcatOp>(
      op);
}

/// The same elements under another shape, in place where their memory allows it.
static bool isReshaping(Operation *op) {
  return isa<ReshapeOp, FlattenOp, UnflattenOp, UnsqueezeOp, SqueezeOp>(op);
}

/// The operand whose layout that of the result hangs on; null: none.
static Value layoutSource(Operation *op) {
  if (auto full = dyn_cast<FullOp>(op))
    return full.getShape() ? Value() : full.getLike();
  if (isa<ActivationOp, PReluOp, GluOp, ScaleOp, DetachOp, ClipGradientOp, DropoutOp, NoiseOp,
          SliceOp, SliceLikeOp, IndexOp, SplitOp, TransposeOp, PermuteOp, RotaryEmbeddingOp,
          CausalMaskOp>(op) ||
      isReshaping(op) || keepsChannelsLast(op))
    return op->getOperand(0);
  if (!isa<AddOp, SubtractOp, MultiplyOp, DivideOp, MaximumOp, MinimumOp>(op))
    return {};
  for (Value operand : op->getOperands())
    if (operand.getType() == op->getResult(0).getType())
      return operand;
  return {};
}

static bool hasOneChannel(Value value) {
  ArrayRef<int64_t> shape = shapeOf(value);
  return shape.size() > 2 && shape[1] == 1;
}

/// Whether an image or a sequence of this order has its channels last to `op`. Sequences are images
/// of one row to torch: average pools look at the strides alone, convolutions see channels
/// last only where one channel leaves it open.
static bool isChannelsLast(Operation *op, const Order &order) {
  if (order == Order{0, 2, 3, 1})
    return true;
  if (order != Order{0, 2, 1})
    return false;
  return isa<AvgPoolOp, AdaptiveAvgPoolOp>(op) ||
         (isa<ConvOp, ConvTransposeOp>(op) && hasOneChannel(op->getOperand(0)));
}

/// From the layout of layoutSource to that of the result.
static Order across(Operation *op, const Order &order) {
  if (auto transpose = dyn_cast<TransposeOp>(op))
    return exchanged(order, transpose);
  if (auto permute = dyn_cast<PermuteOp>(op))
    return permuted(order, permute.getDims());
  if (isReshaping(op))
    return reshaped(order, shapeOf(op->getOperand(0)), shapeOf(op->getResult(0)));
  if (auto index = dyn_cast<IndexOp>(op))
    return without(order, *normalizeDim(index.getDim(), order.size()));
  if (isStridedPointwise(op)) // made so where it matters, in training
    return rowMajor(order.size());
  if (keepsChannelsLast(op))
    return isChannelsLast(op, order) ? order : rowMajor(order.size());
  // What is contiguous either way is made so by operators of elements.
  bool isOpen =
      hasOneChannel(op->getResult(0)) && (order == Order{0, 2, 1} || order == Order{0, 2, 3, 1});
  return isOpen && !isa<SliceOp, SliceLikeOp, SplitOp, DetachOp>(op) ? rowMajor(order.size())
                                                                     : order;
}

/// A batch-first recurrence transposes its input and its first result.
static bool isPositionsFirst(Value value) {
  if (cast<OpResult>(value).getResultNumber() != 0)
    return false;
  return llvm::TypeSwitch<Operation *, bool>(value.getDefiningOp())
      .Case<LstmOp, GruOp, RnnOp>([](auto op) { return op.getBatchFirst(); })
      .Default(false);
}

std::vector<int64_t> interp::memoryOrder(Value value) {
  SmallVector<Operation *> path;
  Value source = value;
  while (Operation *op = source.getDefiningOp()) {
    Value before = layoutSource(op);
    if (!before)
      break;
    path.push_back(op);
    source = before;
  }
  Order order = rowMajor(rankOf(source));
  if (source.getDefiningOp() && isPositionsFirst(source))
    order = {1, 0, 2};
  auto made = source.getDefiningOp<ContiguousOp>();
  if (made && made.getFormat() == MemoryFormat::ChannelsLast) // the channels vary fastest
    std::rotate(order.begin() + 1, order.begin() + 2, order.end());
  for (Operation *op : llvm::reverse(path))
    order = across(op, order);
  if (order == rowMajor(order.size()))
    return {};
  return {order.begin(), order.end()};
}
