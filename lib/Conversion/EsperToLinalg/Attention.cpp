//===- Attention.cpp - Attention whose heads are columns ------------------===//

#include "Attention.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

namespace {
/// Heads, [batch, heads, positions, features], as columns of rows.
struct Heads {
  Value rows;
  int64_t column = 0, heads = 0, features = 0;
  SmallVector<Operation *> ops; ///< that make the heads of the rows
};
} // namespace

static RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

static int64_t dimension(int64_t dim, Value value) {
  return dim < 0 ? dim + typeOf(value).getRank() : dim;
}

/// Does `op` exchange the middle two of four dimensions.
static bool exchangesMiddle(Operation *op) {
  if (auto permute = dyn_cast_or_null<PermuteOp>(op))
    return permute.getDims() == ArrayRef<int64_t>{0, 2, 1, 3};
  auto transpose = dyn_cast_or_null<TransposeOp>(op);
  if (!transpose || typeOf(transpose.getInput()).getRank() != 4)
    return false;
  int64_t a = dimension(transpose.getDim0(), transpose.getInput()),
          b = dimension(transpose.getDim1(), transpose.getInput());
  return std::min(a, b) == 1 && std::max(a, b) == 2;
}

/// Steps from one part of rows to the rows.
static void enterSplit(Heads &heads) {
  auto split = heads.rows.getDefiningOp<SplitOp>();
  if (!split || dimension(split.getDim(), split.getInput()) != 2)
    return;
  for (int64_t size : split.getSizes().take_front(cast<OpResult>(heads.rows).getResultNumber()))
    heads.column += size;
  heads.ops.push_back(split);
  heads.rows = split.getInput();
}

///   %p:3 = esper.split %rows {dim = -1}
///   %u = esper.unflatten %p#i {dim = -1, sizes = [heads, features]}
///   %t = esper.transpose %u {dim0 = 1, dim1 = 2}
static std::optional<Heads> matchHeads(Value value) {
  Heads heads;
  Operation *exchange = value.getDefiningOp();
  if (!exchangesMiddle(exchange))
    return std::nullopt;
  auto unflatten = exchange->getOperand(0).getDefiningOp<UnflattenOp>();
  if (!unflatten || typeOf(unflatten.getInput()).getRank() != 3 ||
      dimension(unflatten.getDim(), unflatten.getInput()) != 2)
    return std::nullopt;
  heads.heads = typeOf(unflatten).getDimSize(2);
  heads.features = typeOf(unflatten).getDimSize(3);
  heads.ops = {exchange, unflatten};
  heads.rows = unflatten.getInput();
  enterSplit(heads);
  return heads.heads > 0 && heads.features > 0 ? std::optional(heads) : std::nullopt;
}

/// The op that puts the heads of `result` together again, and the one between.
static std::pair<Operation *, FlattenOp> matchResult(SdpaOp op) {
  Operation *exchange = op->hasOneUse() ? *op->user_begin() : nullptr;
  if (!exchangesMiddle(exchange) || !exchange->hasOneUse())
    return {};
  auto flatten = dyn_cast<FlattenOp>(*exchange->user_begin());
  if (!flatten || dimension(flatten.getStartDim(), flatten.getInput()) != 2 ||
      dimension(flatten.getEndDim(), flatten.getInput()) != 3)
    return {};
  return {exchange, flatten};
}

void Attentions::add(SdpaOp op) {
  auto [exchange, flatten] = matchResult(op);
  if (!flatten)
    return;
  Attention attention{op, {}, {}, 0};
  SmallVector<Operation *> ops{op, exchange};
  int64_t features = 0;
  for (auto [i, operand] : llvm::enumerate(op->getOperands())) {
    std::optional<Heads> heads = matchHeads(operand);
    if (!heads || (i > 0 && (heads->heads != attention.heads || heads->features != features)))
      return;
    attention.operands[i] = heads->rows;
    attention.columns[i] = heads->column;
    attention.heads = heads->heads;
    features = heads->features;
    llvm::append_range(ops, heads->ops);
  }
  byResult.insert({flatten, attention});
  inside.insert_range(ops);
}

Attentions::Attentions(KernelOp kernel) {
  for (SdpaOp op : kernel.getBody().getOps<SdpaOp>())
    add(op);
  // What others read too needs a lowering of its own.
  for (Operation *op : SmallVector<Operation *>(inside.begin(), inside.end()))
    if (llvm::any_of(op->getUsers(), [&](Operation *user) {
          return !inside.contains(user) && !byResult.contains(user);
        }))
      inside.erase(op);
}

const Attention *Attentions::find(Operation *op) const {
  auto found = byResult.find(op);
  return found == byResult.end() ? nullptr : &found->second;
}
