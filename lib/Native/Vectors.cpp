//===- Vectors.cpp --------------------------------------------------------===//

#include "Vectors.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace tez;

static VectorType vectorOf(Type element, int64_t lanes) {
  return VectorType::get({lanes}, element);
}

Value native::index(int64_t number, ImplicitLocOpBuilder &builder) {
  return arith::ConstantIndexOp::create(builder, number);
}

Value native::broadcast(Value number, int64_t lanes, ImplicitLocOpBuilder &builder) {
  return vector::BroadcastOp::create(builder, vectorOf(number.getType(), lanes), number);
}

/// A number from outside of the block, constants above all, is the same in all lanes.
static Value operandOf(Value value, IRMapping &values, int64_t lanes,
                       ImplicitLocOpBuilder &builder) {
  if (Value known = values.lookupOrNull(value))
    return known;
  Value made = native::broadcast(value, lanes, builder);
  values.map(value, made);
  return made;
}

Value native::vectorize(Block &body, ValueRange arguments, int64_t lanes,
                        ImplicitLocOpBuilder &builder) {
  IRMapping values;
  values.map(body.getArguments(), arguments);
  for (Operation &op : body.without_terminator()) {
    if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
      auto type = vectorOf(constant.getType(), lanes);
      auto splat = SplatElementsAttr::get(type, constant.getValue());
      values.map(constant.getResult(), arith::ConstantOp::create(builder, splat));
      continue;
    }
    SmallVector<Value> operands;
    for (Value operand : op.getOperands())
      operands.push_back(operandOf(operand, values, lanes, builder));
    SmallVector<Type> types;
    for (Type type : op.getResultTypes())
      types.push_back(vectorOf(type, lanes));
    OperationState made(builder.getLoc(), op.getName(), operands, types, op.getAttrs());
    values.map(op.getResults(), builder.create(made)->getResults());
  }
  return operandOf(body.getTerminator()->getOperand(0), values, lanes, builder);
}

Value native::loadVector(Value memory, ValueRange indices, int64_t used, int64_t lanes,
                         ImplicitLocOpBuilder &builder) {
  auto type = vectorOf(cast<MemRefType>(memory.getType()).getElementType(), lanes);
  if (used == lanes)
    return vector::LoadOp::create(builder, type, memory, indices);
  Value zeros = arith::ConstantOp::create(builder, cast<TypedAttr>(builder.getZeroAttr(type)));
  return loadVector(memory, indices, used, zeros, builder);
}

/// The same bits with elements of `element`; of the same size as they were.
static Value asElements(Type element, Value vector, ImplicitLocOpBuilder &builder) {
  auto type = cast<VectorType>(vector.getType());
  if (type.getElementType() == element)
    return vector;
  return arith::BitcastOp::create(builder, vectorOf(element, type.getDimSize(0)), vector);
}

/// LLVM moves the parts of a vector of bf16 as integers only, where the processor has bf16.
static Type elementToMove(Type element) {
  return element.isBF16() ? Type(IntegerType::get(element.getContext(), 16)) : element;
}

Value native::loadVector(Value memory, ValueRange indices, int64_t used, Value filling,
                         ImplicitLocOpBuilder &builder) {
  auto type = cast<VectorType>(filling.getType());
  auto part = vectorOf(type.getElementType(), used);
  Value loaded = vector::LoadOp::create(builder, part, memory, indices);
  if (part == type)
    return loaded;
  Type element = type.getElementType(), moved = elementToMove(element);
  Value whole = vector::InsertStridedSliceOp::create(builder, asElements(moved, loaded, builder),
                                                     asElements(moved, filling, builder),
                                                     /*offsets=*/ArrayRef<int64_t>{0},
                                                     /*strides=*/ArrayRef<int64_t>{1});
  return asElements(element, whole, builder);
}

void native::storeVector(Value vector, Value memory, ValueRange indices, int64_t used,
                         ImplicitLocOpBuilder &builder) {
  auto type = cast<VectorType>(vector.getType());
  if (used != type.getDimSize(0)) {
    Type element = type.getElementType();
    vector = asElements(elementToMove(element), vector, builder);
    vector = vector::ExtractStridedSliceOp::create(builder, vector, ArrayRef<int64_t>{0},
                                                   ArrayRef<int64_t>{used}, ArrayRef<int64_t>{1});
    vector = asElements(element, vector, builder);
  }
  vector::StoreOp::create(builder, vector, memory, indices);
}

Value native::reduceLanes(Value vector, Combine combine, ImplicitLocOpBuilder &builder) {
  int64_t lanes = cast<VectorType>(vector.getType()).getDimSize(0);
  auto part = [&](int64_t from) {
    return vector::ExtractStridedSliceOp::create(builder, vector, ArrayRef<int64_t>{from},
                                                 ArrayRef<int64_t>{lanes}, ArrayRef<int64_t>{1});
  };
  while (lanes > 1) {
    lanes /= 2;
    vector = combine(part(0), part(lanes));
  }
  return vector::ExtractOp::create(builder, vector, int64_t(0));
}

Value native::sumOfLanes(Value vector, ImplicitLocOpBuilder &builder) {
  auto add = [&](Value a, Value b) -> Value { return arith::AddFOp::create(builder, a, b); };
  return reduceLanes(vector, add, builder);
}

Value native::largestOfLanes(Value vector, ImplicitLocOpBuilder &builder) {
  return reduceLanes(vector, [&](Value a, Value b) { return larger(a, b, builder); }, builder);
}

static Value choose(arith::CmpFPredicate predicate, Value a, Value b,
                    ImplicitLocOpBuilder &builder) {
  Value is = arith::CmpFOp::create(builder, predicate, a, b);
  return arith::SelectOp::create(builder, is, a, b);
}

Value native::larger(Value a, Value b, ImplicitLocOpBuilder &builder) {
  return choose(arith::CmpFPredicate::OGT, a, b, builder);
}

Value native::smaller(Value a, Value b, ImplicitLocOpBuilder &builder) {
  return choose(arith::CmpFPredicate::OLT, a, b, builder);
}
