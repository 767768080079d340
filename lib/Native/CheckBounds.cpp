//===- CheckBounds.cpp - No access beyond its memory ----------------------===//
//
// The end of a block tells whether its accesses were inside. What has been read or
// written wrongly until then dies with the process, which is there for nothing else.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "tez/Native/Passes.h"
#include "llvm/ADT/MapVector.h"
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

/// Whether a dimension of `size` elements lacks one of the `extent` from the index on. As numbers
/// without a sign, what lies before the beginning lies beyond the end.
static Value isOutside(const Access &access, size_t dim, ImplicitLocOpBuilder &builder) {
  using Predicate = arith::CmpIPredicate;
  Value index = access.indices[dim];
  int64_t extent = access.extentOf(dim);
  int64_t known = cast<MemRefType>(access.memory.getType()).getDimSize(dim);
  auto constant = [&](int64_t number) { return arith::ConstantIndexOp::create(builder, number); };
  if (!ShapedType::isDynamic(known) && known >= extent)
    return arith::CmpIOp::create(builder, Predicate::ugt, index, constant(known - extent));
  Value size = memref::DimOp::create(builder, access.memory, int64_t(dim));
  Value outside = arith::CmpIOp::create(builder, Predicate::uge, index, size);
  if (extent == 1)
    return outside;
  Value last = arith::AddIOp::create(builder, index, constant(extent - 1));
  Value behind = arith::CmpIOp::create(builder, Predicate::uge, last, size);
  return arith::OrIOp::create(builder, outside, behind);
}

namespace {
struct CheckBoundsPass : tez::impl::CheckBoundsBase<CheckBoundsPass> {
  void runOnOperation() override {
    asked.clear();
    llvm::MapVector<Block *, SmallVector<Access>> accesses;
    getOperation().walk([&](Operation *op) {
      if (std::optional<Access> access = accessOf(op))
        accesses[op->getBlock()].push_back(*access);
    });
    for (auto &[block, inBlock] : accesses)
      check(*block, inBlock);
  }

  void check(Block &block, ArrayRef<Access> accesses);
  bool isKnown(Block &block, const Access &access, size_t dim);

  /// What has been asked in a block: memory, dimension, index, extent.
  using Question = std::tuple<void *, size_t, void *, int64_t>;
  llvm::DenseMap<Block *, std::set<Question>> asked;
};
} // namespace

/// Constants, or asked in this block or one around it.
bool CheckBoundsPass::isKnown(Block &block, const Access &access, size_t dim) {
  Value index = access.indices[dim];
  int64_t extent = access.extentOf(dim);
  if (isConstantInside(index, extent, cast<MemRefType>(access.memory.getType()).getDimSize(dim)))
    return true;
  Question question(access.memory.getAsOpaquePointer(), dim, index.getAsOpaquePointer(), extent);
  for (Block *at = &block; at; at = at->getParentOp()->getBlock())
    if (asked[at].count(question))
      return true;
  asked[&block].insert(question);
  return false;
}

/// All at the block's end and with one branch: a branch an access makes ten times the blocks, and
/// takes twice as long to compile.
void CheckBoundsPass::check(Block &block, ArrayRef<Access> accesses) {
  ImplicitLocOpBuilder builder(block.getTerminator()->getLoc(), block.getTerminator());
  Value outside;
  for (const Access &access : accesses) {
    bool known = true;
    for (size_t dim = 0; dim < access.indices.size(); ++dim) {
      if (isKnown(block, access, dim))
        continue;
      known = false;
      Value here = isOutside(access, dim, builder);
      outside = outside ? arith::OrIOp::create(builder, outside, here) : here;
    }
    ++(known ? numKnown : numChecked);
  }
  if (!outside)
    return;
  auto stop = scf::IfOp::create(builder, outside, /*withElseRegion=*/false);
  builder.setInsertionPointToStart(stop.thenBlock());
  LLVM::Trap::create(builder);
}
