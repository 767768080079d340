//===- Values.cpp ---------------------------------------------------------===//

#include "Values.h"
#include "tez/Dialect/Esper/Esper.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

bool tez::isState(Value value) {
  return value.getDefiningOp<ParamOp>() || value.getDefiningOp<BufferOp>();
}

bool tez::isOfImages(Value value) {
  auto kernel = dyn_cast_or_null<KernelOp>(value.getParentRegion()->getParentOp());
  return kernel && kernel->hasAttr(imagesAttr);
}

bool tez::isImage(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getRank() == 4 && type.isDynamicDim(0) && type.getElementType().isF32() &&
         llvm::all_of(type.getShape().drop_front(), [](int64_t size) { return size > 0; }) &&
         !isState(value) && isOfImages(value);
}

bool tez::isF32(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getElementType().isF32();
}

bool tez::isRows(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getRank() >= 2 && (type.getRank() == 2 || !isOfImages(value)) &&
         type.isDynamicDim(0) && type.getShape().back() > 0 &&
         (type.getElementType().isF32() || type.getElementType().isBF16()) && !isState(value);
}
