//===- PlanMemory.cpp - Temporaries in one piece of memory ----------------===//

#include "tez/Native/Passes.h"

namespace tez {
#define GEN_PASS_DEF_PLANMEMORY
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;

namespace {
/// A temporary, and the ops of the function's block between which it lives.
struct Temporary {
  memref::AllocOp op;
  bool fixed;      ///< has a size that does not depend on rows
  int64_t columns; ///< numbers of 32 bits that a row takes, or all rows
  unsigned first, last;
  unsigned place = 0;
};

/// A piece of scratch memory that temporaries take in turn.
struct Place {
  bool fixed = false;
  int64_t columns = 0;
  unsigned busyUntil = 0;
};

struct PlanMemoryPass : tez::impl::PlanMemoryBase<PlanMemoryPass> {
  void runOnOperation() override;

private:
  LogicalResult collect();
  void choosePlaces();
  void replace();
  Value offsetOf(Temporary &temporary, OpBuilder &builder) const;

  std::vector<Temporary> temporaries;
  std::vector<Place> places;
};
} // namespace

/// Numbers of the ops in the function's block.
static llvm::DenseMap<Operation *, unsigned> numbered(Block &block) {
  llvm::DenseMap<Operation *, unsigned> numbers;
  for (auto [i, op] : llvm::enumerate(block))
    numbers[&op] = i;
  return numbers;
}

/// The last op of `block` that reads or writes `memory`, views of it included.
static unsigned lastUse(Value memory, Block &block,
                        const llvm::DenseMap<Operation *, unsigned> &numbers) {
  unsigned last = 0;
  SmallVector<Value> views{memory};
  while (!views.empty())
    for (Operation *user : views.pop_back_val().getUsers()) {
      last = std::max(last, numbers.lookup(block.findAncestorOpInBlock(*user)));
      for (Value result : user->getResults())
        if (isa<MemRefType>(result.getType()))
          views.push_back(result);
    }
  return last;
}

/// Numbers of 32 bits that `numbers` elements take: what lies behind them is aligned.
static int64_t wordsOf(int64_t numbers, MemRefType type) {
  return llvm::divideCeil(numbers * type.getElementTypeBitWidth(), 32);
}

LogicalResult PlanMemoryPass::collect() {
  temporaries.clear();
  Block &block = getOperation().getBody().front();
  auto numbers = numbered(block);
  WalkResult walked = getOperation().walk([&](memref::AllocOp op) {
    MemRefType type = op.getType();
    bool fixed = type.hasStaticShape();
    if (op->getBlock() != &block || type.getRank() != 2 || type.isDynamicDim(1) ||
        type.getElementTypeBitWidth() > 32) {
      op.emitOpError("expected a temporary of [rows, columns], found ") << type;
      return WalkResult::interrupt();
    }
    int64_t words = wordsOf(fixed ? type.getNumElements() : type.getDimSize(1), type);
    temporaries.push_back(
        {op, fixed, words, numbers.lookup(op), lastUse(op.getResult(), block, numbers)});
    return WalkResult::advance();
  });
  return failure(walked.wasInterrupted());
}

/// In order of their beginnings; a free place that is large enough, or else the largest
/// free one, which grows.
void PlanMemoryPass::choosePlaces() {
  places.clear();
  for (Temporary &temporary : temporaries) {
    Place *best = nullptr;
    auto better = [&](const Place &a, const Place &b) {
      bool fitsA = a.columns >= temporary.columns, fitsB = b.columns >= temporary.columns;
      return fitsA != fitsB ? fitsA : fitsA ? a.columns < b.columns : a.columns > b.columns;
    };
    for (Place &place : places)
      if (place.fixed == temporary.fixed && place.busyUntil < temporary.first &&
          (!best || better(place, *best)))
        best = &place;
    if (!best)
      best = &places.emplace_back(Place{temporary.fixed});
    best->columns = std::max(best->columns, temporary.columns);
    best->busyUntil = temporary.last;
    temporary.place = best - places.data();
  }
}

/// In bytes. Places of a fixed size come first, one behind the other; of the others one begins
/// behind them at rows * (columns before it).
Value PlanMemoryPass::offsetOf(Temporary &temporary, OpBuilder &builder) const {
  constexpr int64_t bytes = 4;
  int64_t before = 0, fixed = 0;
  for (auto [i, place] : llvm::enumerate(places)) {
    fixed += place.fixed ? place.columns : 0;
    before += place.fixed == temporary.fixed && i < temporary.place ? place.columns : 0;
  }
  Location location = temporary.op.getLoc();
  auto constant = [&](int64_t words) {
    return arith::ConstantIndexOp::create(builder, location, words * bytes);
  };
  if (temporary.fixed)
    return constant(before);
  Value rows = temporary.op.getDynamicSizes()[0];
  Value offset = arith::MulIOp::create(builder, location, rows, constant(before));
  return fixed ? arith::AddIOp::create(builder, location, offset, constant(fixed)).getResult()
               : offset;
}

static int64_t sizeOf(ArrayRef<Place> places, bool fixed) {
  int64_t total = 0;
  for (const Place &place : places)
    total += place.fixed == fixed ? place.columns : 0;
  return total;
}

void PlanMemoryPass::replace() {
  func::FuncOp function = getOperation();
  OpBuilder builder(&getContext());
  function->setAttr(native::scratchColumnsAttr, builder.getI64IntegerAttr(sizeOf(places, false)));
  if (int64_t numbers = sizeOf(places, true))
    function->setAttr(native::scratchNumbersAttr, builder.getI64IntegerAttr(numbers));
  if (temporaries.empty())
    return;
  auto type = MemRefType::get({ShapedType::kDynamic}, builder.getI8Type());
  auto mark =
      builder.getDictionaryAttr(builder.getNamedAttr(native::scratchAttr, builder.getUnitAttr()));
  (void)function.insertArgument(function.getNumArguments(), type, mark, function.getLoc());
  Value scratch = function.getArguments().back();
  for (Temporary &temporary : temporaries) {
    memref::AllocOp op = temporary.op;
    builder.setInsertionPoint(op);
    Value view = memref::ViewOp::create(builder, op.getLoc(), op.getType(), scratch,
                                        offsetOf(temporary, builder), op.getDynamicSizes());
    op.replaceAllUsesWith(view);
    op.erase();
  }
}

void PlanMemoryPass::runOnOperation() {
  if (getOperation().isExternal())
    return;
  if (failed(collect()))
    return signalPassFailure();
  choosePlaces();
  numTemporaries += temporaries.size();
  numPlaces += places.size();
  replace();
}
