//===- PackedWeights.cpp --------------------------------------------------===//

#include "PackedWeights.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "tez/Dialect/Native/Native.h"

using namespace mlir;
using namespace tez;

/// The argument behind a tensor; null for a computed one.
static BlockArgument argumentOf(Value tensor) {
  auto toTensor = tensor.getDefiningOp<bufferization::ToTensorOp>();
  return toTensor ? dyn_cast<BlockArgument>(toTensor.getBuffer()) : BlockArgument();
}

FailureOr<Value> native::packedWeight(Operation *reader, Value weight, ArrayRef<int64_t> shape,
                                      ArrayRef<NamedAttribute> marks, OpBuilder &builder) {
  auto function = reader->getParentOfType<func::FuncOp>();
  BlockArgument from = argumentOf(weight);
  Attribute name = from ? function.getArgAttr(from.getArgNumber(), stateAttr) : Attribute();
  if (!name)
    return reader->emitOpError("expected a weight, found a computed value");
  Type element = cast<MemRefType>(from.getType()).getElementType();
  SmallVector<NamedAttribute> all{
      builder.getNamedAttr(stateAttr, name),
      builder.getNamedAttr(panelsAttr, builder.getI64IntegerAttr(shape.back()))};
  llvm::append_range(all, marks);
  unsigned index = from.getArgNumber();
  if (failed(function.insertArgument(index, MemRefType::get(shape, element),
                                     builder.getDictionaryAttr(all), from.getLoc())))
    return failure();
  return Value(bufferization::ToTensorOp::create(
      builder, reader->getLoc(), RankedTensorType::get(shape, element), function.getArgument(index),
      /*restrict=*/true, /*writable=*/false));
}

void native::eraseUnread(Value weight) {
  BlockArgument argument = weight.use_empty() ? argumentOf(weight) : BlockArgument();
  if (!argument)
    return;
  auto function = cast<func::FuncOp>(argument.getOwner()->getParentOp());
  weight.getDefiningOp()->erase();
  if (argument.use_empty())
    (void)function.eraseArgument(argument.getArgNumber());
}

bool native::isLong(Region &epilogue) {
  auto calls = [](Operation &op) {
    return isa<math::MathDialect>(op.getDialect()) && !isa<math::RoundEvenOp>(op);
  };
  return llvm::any_of(epilogue.front(), calls);
}
