//===- ScheduleProducts.cpp - Tiles and packed weights --------------------===//

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "tez/Native/Passes.h"
#include "tez/Native/Target.h"

namespace tez {
#define GEN_PASS_DEF_SCHEDULEPRODUCTS
#include "tez/Native/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using native::ProductOp;

namespace {
struct ScheduleProductsPass : tez::impl::ScheduleProductsBase<ScheduleProductsPass> {
  using ScheduleProductsBase::ScheduleProductsBase;

  void runOnOperation() override {
    llvm::Expected<native::Target> target = native::findTarget(cpu);
    if (!target) {
      getOperation().emitError(llvm::toString(target.takeError()));
      return signalPassFailure();
    }
    OpBuilder builder(&getContext());
    getOperation().walk([&](ProductOp product) {
      if (!product.getSchedule())
        schedule(product, *target);
      if (failed(packWeights(product, target->width, builder)))
        signalPassFailure();
    });
  }

private:
  static void schedule(ProductOp product, const native::Target &target);
  LogicalResult packWeights(ProductOp product, int64_t width, OpBuilder &builder);
  FailureOr<Value> packed(ProductOp product, unsigned i, int64_t width, OpBuilder &builder);
};
} // namespace

/// Functions that become polynomials: some thirty instructions a vector.
static bool isLong(Region &epilogue) {
  auto calls = [](Operation &op) { return isa<math::MathDialect>(op.getDialect()); };
  return llvm::any_of(epilogue.front(), calls);
}

/// Only a single product can keep its sums in `out`, and only long sums are worth it.
void ScheduleProductsPass::schedule(ProductOp product, const native::Target &target) {
  product.setSchedule(target.tiles);
  product.setDeferred(isLong(product.getEpilogue()));
  if (product.getLefts().size() == 1 && product.getDepth(0) >= 2 * target.depth)
    product.setPiece(target.depth);
}

/// The argument behind a tensor; null for a computed one.
static BlockArgument argumentOf(Value tensor) {
  auto toTensor = tensor.getDefiningOp<bufferization::ToTensorOp>();
  return toTensor ? dyn_cast<BlockArgument>(toTensor.getBuffer()) : BlockArgument();
}

/// A new argument that is the packed weight: other readers of the weight may want it
/// as it is. Arguments that nobody reads any more go in native-entry.
FailureOr<Value> ScheduleProductsPass::packed(ProductOp product, unsigned i, int64_t width,
                                              OpBuilder &builder) {
  func::FuncOp function = getOperation();
  BlockArgument weight = argumentOf(product.getRights()[i]);
  Attribute name =
      weight ? function.getArgAttr(weight.getArgNumber(), native::stateAttr) : Attribute();
  if (!name)
    return product.emitOpError("right factor ") << i << " is no weight";
  Type element = cast<MemRefType>(weight.getType()).getElementType();
  SmallVector<int64_t> shape{int64_t(llvm::divideCeil(product.getColumns(), width)),
                             product.getDepth(i), width};
  SmallVector<NamedAttribute> marks{
      builder.getNamedAttr(native::stateAttr, name),
      builder.getNamedAttr(native::panelsAttr, builder.getI64IntegerAttr(width))};
  if (product.isTransposed(i))
    marks.push_back(builder.getNamedAttr(native::transposedAttr, builder.getUnitAttr()));
  unsigned index = weight.getArgNumber();
  if (failed(function.insertArgument(index, MemRefType::get(shape, element),
                                     builder.getDictionaryAttr(marks), weight.getLoc())))
    return failure();
  builder.setInsertionPoint(product);
  return Value(bufferization::ToTensorOp::create(builder, product.getLoc(),
                                                 RankedTensorType::get(shape, element),
                                                 function.getArgument(index), /*restrict=*/true,
                                                 /*writable=*/false));
}

LogicalResult ScheduleProductsPass::packWeights(ProductOp product, int64_t width,
                                                OpBuilder &builder) {
  SmallVector<Value> rights;
  for (auto [i, right] : llvm::enumerate(product.getRights())) {
    if (cast<ShapedType>(right.getType()).getRank() == 3) {
      rights.push_back(right);
      continue;
    }
    FailureOr<Value> made = packed(product, i, width, builder);
    if (failed(made))
      return failure();
    rights.push_back(*made);
    ++numPacked;
  }
  SmallVector<Value> before(product.getRights());
  product.getRightsMutable().assign(rights);
  product.setTransposed(SmallVector<bool>(rights.size(), false));
  for (Value old : before)
    if (old.use_empty() && argumentOf(old)) {
      BlockArgument weight = argumentOf(old);
      old.getDefiningOp()->erase();
      if (weight.use_empty())
        (void)getOperation().eraseArgument(weight.getArgNumber());
    }
  return success();
}
