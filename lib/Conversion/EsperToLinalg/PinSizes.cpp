//===- PinSizes.cpp - One size for the images of a kernel -----------------===//

#include "Images.h"
#include "tez/Conversion/Passes.h"
#include "tez/Dialect/Esper/ConcreteShapes.h"

namespace tez {
#define GEN_PASS_DEF_PINSIZES
#include "tez/Conversion/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;
using namespace tez::esper;

static bool hasImages(KernelOp kernel) {
  return llvm::any_of(kernel.getBody().front(), [](Operation &op) {
    if (!isa<ConvOp, MaxPoolOp, AvgPoolOp, AdaptiveAvgPoolOp, AdaptiveMaxPoolOp>(op))
      return false;
    auto type = dyn_cast<RankedTensorType>(op.getOperand(0).getType());
    return type && type.getRank() == 4;
  });
}

/// The shape of input `i`, its sizes behind the first known; nullopt where nobody says them.
static std::optional<SmallVector<int64_t>> shapeOfInput(KernelOp kernel, unsigned i) {
  auto type = dyn_cast<RankedTensorType>(kernel.getArgument(i).getType());
  if (!type || type.getRank() < 2)
    return std::nullopt;
  SmallVector<int64_t> shape(type.getShape());
  auto declared = kernel.getArgAttrOfType<DenseI64ArrayAttr>(i, "esper.declared_shape");
  for (size_t dim = 1; dim < shape.size(); ++dim)
    if (ShapedType::isDynamic(shape[dim]) && declared && declared.size() == type.getRank())
      shape[dim] = declared[dim] < 0 ? ShapedType::kDynamic : declared[dim];
  bool known = llvm::none_of(ArrayRef(shape).drop_front(), ShapedType::isDynamic);
  return known ? std::optional(shape) : std::nullopt;
}

/// The kernel with those sizes; null where there are none.
static KernelOp pinned(KernelOp kernel) {
  InputShapes shapes;
  for (unsigned i = 0; i < kernel.getNumArguments(); ++i) {
    std::optional<SmallVector<int64_t>> shape = shapeOfInput(kernel, i);
    if (!shape)
      return {};
    shapes.push_back(std::move(*shape));
  }
  OwningOpRef<ModuleOp> made = withInputShapes(kernel, shapes);
  if (!made)
    return {};
  KernelOp copy = *made->getOps<KernelOp>().begin();
  copy->remove();
  return copy;
}

namespace {
struct PinSizesPass : tez::impl::PinSizesBase<PinSizesPass> {
  void runOnOperation() override {
    for (auto kernel : llvm::make_early_inc_range(getOperation().getOps<KernelOp>())) {
      KernelOp made = hasImages(kernel) ? pinned(kernel) : KernelOp();
      if (!made)
        continue;
      OpBuilder(kernel).insert(made);
      made->setAttr(imagesAttr, UnitAttr::get(&getContext()));
      kernel.erase();
      ++numPinned;
    }
  }
};
} // namespace
