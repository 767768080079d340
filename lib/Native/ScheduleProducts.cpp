//===- ScheduleProducts.cpp - Tiles and packed weights --------------------===//

#include "PackedWeights.h"
#include "PassTarget.h"
#include "tez/Native/Passes.h"
#include "tez/Native/Schedule.h"

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
    FailureOr<native::Target> target = native::targetOfPass(getOperation(), cpu);
    if (failed(target) || failed(readSchedules()))
      return signalPassFailure();
    OpBuilder builder(&getContext());
    getOperation().walk([&](ProductOp product) {
      if (!product.getSchedule())
        scheduleOf(product, *target).applyTo(product);
      product.setDeferred(native::isLong(product.getEpilogue()));
      if (failed(packWeights(product, target->width, builder)))
        signalPassFailure();
    });
  }

private:
  LogicalResult readSchedules();
  native::Schedule scheduleOf(ProductOp product, const native::Target &target) const;
  LogicalResult packWeights(ProductOp product, int64_t width, OpBuilder &builder);
  FailureOr<Value> packed(ProductOp product, unsigned i, int64_t width, OpBuilder &builder);

  llvm::StringMap<native::Schedule> measured; ///< by product
};
} // namespace

/// PRODUCT:SCHEDULE
LogicalResult ScheduleProductsPass::readSchedules() {
  measured.clear();
  for (const std::string &text : schedules) {
    auto [product, tiles] = StringRef(text).split(':');
    llvm::Expected<native::Schedule> schedule = native::parseSchedule(tiles);
    if (!schedule)
      return getOperation().emitError(llvm::toString(schedule.takeError()));
    measured[product] = std::move(*schedule);
  }
  return success();
}

/// A sum of several products, or of narrow numbers, cannot be taken in pieces, whatever a record
/// says.
native::Schedule ScheduleProductsPass::scheduleOf(ProductOp product,
                                                  const native::Target &target) const {
  auto found = measured.find(native::nameOf(product));
  if (found == measured.end())
    return native::defaultSchedule(product, target);
  native::Schedule schedule = found->second;
  bool isF32 = cast<ShapedType>(product.getRights()[0].getType()).getElementType().isF32();
  if (product.getLefts().size() != 1 || !isF32)
    schedule.piece.reset();
  return schedule;
}

FailureOr<Value> ScheduleProductsPass::packed(ProductOp product, unsigned i, int64_t width,
                                              OpBuilder &builder) {
  Type element = cast<ShapedType>(product.getRights()[i].getType()).getElementType();
  int64_t group = native::groupOf(element);
  SmallVector<int64_t> shape{int64_t(llvm::divideCeil(product.getColumns(), width)),
                             int64_t(llvm::divideCeil(product.getDepth(i), group)), width * group};
  SmallVector<NamedAttribute> marks;
  if (product.isTransposed(i))
    marks.push_back(builder.getNamedAttr(native::transposedAttr, builder.getUnitAttr()));
  builder.setInsertionPoint(product);
  return native::packedWeight(product, product.getRights()[i], shape, marks, builder);
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
    native::eraseUnread(old);
  return success();
}
