//===- MemoryOrder.cpp - How torch lays a value out -----------------------===//
//
// Views exchange dimensions without moving anything; operators of elements
// give their result the layout of their (first full) operand (TensorIterator's
// rule); all others return row-major results.
//
//===----------------------------------------------------------------------===//

#include "MemoryOrder.h"
#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/Esper/ShapeRules.h"
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

/// `dims[i]` is the dimension of the source that becomes dimension i.
static Order permuted(const Order &source, ArrayRef<int64_t> dims) {
  Order order;
  for (int64_t dim : source)
    for (auto [i, from] : llvm::enumerate(dims))
      if (*normalizeDim(from, dims.size()) == dim)
        order.push_back(i);
  return order;
}

/// The value whose layout an op passes on, unchanged; null: none.
static Value sameLayout(Operation *op) {
  if (isa<ActivationOp, ScaleOp, DetachOp, DropoutOp, NoiseOp, SliceOp, SplitOp>(op))
    return op->getOperand(0);
  if (!isa<AddOp, SubtractOp, MultiplyOp, DivideOp>(op))
    return {};
  for (Value operand : op->getOperands())
    if (operand.getType() == op->getResult(0).getType())
      return operand;
  return {};
}

std::vector<int64_t> interp::memoryOrder(Value value) {
  // From the value back to where its layout was made, then forth again.
  SmallVector<Order> steps;
  Order order = rowMajor(cast<RankedTensorType>(value.getType()).getRank());
  while (Operation *op = value.getDefiningOp()) {
    if (auto transpose = dyn_cast<TransposeOp>(op)) {
      int64_t rank = transpose.getInput().getType().getRank();
      Order dims = rowMajor(rank);
      std::swap(dims[*normalizeDim(transpose.getDim0(), rank)],
                dims[*normalizeDim(transpose.getDim1(), rank)]);
      steps.push_back(dims);
      value = transpose.getInput();
    } else if (auto permute = dyn_cast<PermuteOp>(op)) {
      steps.push_back(Order(permute.getDims()));
      value = permute.getInput();
    } else if (Value source = sameLayout(op)) {
      value = source;
    } else {
      break;
    }
  }
  auto made = value.getDefiningOp<ContiguousOp>();
  if (made && made.getFormat() == MemoryFormat::ChannelsLast) // the channels vary fastest
    std::rotate(order.begin() + 1, order.begin() + 2, order.end());
  for (const Order &dims : llvm::reverse(steps))
    order = permuted(order, dims);
  if (order == rowMajor(order.size()))
    return {};
  return {order.begin(), order.end()};
}
