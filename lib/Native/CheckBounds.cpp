//===- CheckBounds.cpp - No access beyond its memory ----------------------===//

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "tez/Native/Passes.h"
#include "llvm/ADT/TypeSwitch.h"
#include <set>

namespace tez {
#define GEN_PASS_DEF_CHECKBOUNDS
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;

namespace {
/// A box of `extents` elements from `indices` on; extents are of the last dimensions.
struct Access {
  Value memory;
  ValueRange indices;
  ArrayRef<int64_t> extents;

  int64_t extentOf(size_t dim) const {
    size_t outer = indices.size() - extents.size();
    return dim < outer ? 1 : extents[dim - outer];
  }
};
} // namespace

static std::optional<Access> accessOf(Operation *op) {
  using Found = std::optional<Access>;
  return llvm::TypeSwitch<Operation *, Found>(op)
      .Case<memref::LoadOp, memref::StoreOp>(
          [](auto access) { return Found({access.getMemRef(), access.getIndices(), {}}); })
      .Case<vector::LoadOp, vector::StoreOp>([](auto access) {
        return Found({access.getBase(), access.getIndices(), access.getVectorType().getShape()});
      })
      .Default([](Operation *) { return std::nullopt; });
}

/// Of constants.
static bool isConstantInside(Value index, int64_t extent, int64_t size) {
  std::optional<int64_t> begin = getConstantIntValue(index);
  return begin && !ShapedType::isDynamic(size) && *begin >= 0 && *begin + extent <= size;
}

/// Whether the index lies before the dimension's beginning or reaches beyond its end.
static Value isOutside(const Access &access, size_t dim, ImplicitLocOpBuilder &builder) {
  using Predicate = arith::CmpIPredicate;
  Value index = access.indices[dim];
  auto constant = [&](int64_t number) { return arith::ConstantIndexOp::create(builder, number); };
  Value size = memref::DimOp::create(builder, access.memory, int64_t(dim));
  Value end = arith::AddIOp::create(builder, index, constant(access.extentOf(dim)));
  Value before = arith::CmpIOp::create(builder, Predicate::slt, index, constant(0));
  Value behind = arith::CmpIOp::create(builder, Predicate::sgt, end, size);
  return arith::OrIOp::create(builder, before, behind);
}

namespace {
struct CheckBoundsPass : tez::impl::CheckBoundsBase<CheckBoundsPass> {
  void runOnOperation() override {
    asked.clear();
    SmallVector<Operation *> accesses;
    getOperation().walk([&](Operation *op) {
      if (accessOf(op))
        accesses.push_back(op);
    });
    for (Operation *op : accesses)
      check(op);
  }

  void check(Operation *op);
  bool isKnown(Operation *op, const Access &access, size_t dim);

  /// What has been asked in a block: memory, dimension, index, extent.
  using Question = std::tuple<void *, size_t, void *, int64_t>;
  llvm::DenseMap<Block *, std::set<Question>> asked;
};
} // namespace

/// Constants, or asked before where `op` is not reached but through there.
bool CheckBoundsPass::isKnown(Operation *op, const Access &access, size_t dim) {
  Value index = access.indices[dim];
  int64_t extent = access.extentOf(dim);
  if (isConstantInside(index, extent, cast<MemRefType>(access.memory.getType()).getDimSize(dim)))
    return true;
  Question question(access.memory.getAsOpaquePointer(), dim, index.getAsOpaquePointer(), extent);
  for (Operation *at = op; at && at != getOperation(); at = at->getParentOp())
    if (asked[at->getBlock()].count(question))
      return true;
  asked[op->getBlock()].insert(question);
  return false;
}

void CheckBoundsPass::check(Operation *op) {
  Access access = *accessOf(op);
  ImplicitLocOpBuilder builder(op->getLoc(), op);
  Value outside;
  for (size_t dim = 0; dim < access.indices.size(); ++dim) {
    if (isKnown(op, access, dim))
      continue;
    Value here = isOutside(access, dim, builder);
    outside = outside ? arith::OrIOp::create(builder, outside, here) : here;
  }
  ++(outside ? numChecked : numKnown);
  if (!outside)
    return;
  auto stop = scf::IfOp::create(builder, outside, /*withElseRegion=*/false);
  builder.setInsertionPointToStart(stop.thenBlock());
  LLVM::Trap::create(builder);
}
