//===- ConcreteShapes.cpp - Kernels with every dimension known ------------===//

#include "tez/Dialect/Esper/ConcreteShapes.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

RankedTensorType tez::tensorTypeOf(Type type) {
  if (auto optional = dyn_cast<esper::OptionalType>(type))
    return optional.getTensor();
  return cast<RankedTensorType>(type);
}

static RankedTensorType withShape(Type type, ArrayRef<int64_t> shape) {
  return RankedTensorType::get(shape, tensorTypeOf(type).getElementType());
}

static LogicalResult reinfer(Operation &op, bool report) {
  if (auto valueOr = dyn_cast<ValueOrOp>(op)) {
    RankedTensorType given = tensorTypeOf(valueOr.getInput().getType());
    valueOr.getOutput().setType(
        given.hasStaticShape() ? given : cast<RankedTensorType>(valueOr.getFallback().getType()));
    return success();
  }
  if (auto increment = dyn_cast<IncrementOp>(op))
    return increment.getOutput().setType(increment.getInput().getType()), success();
  auto infer = dyn_cast<InferTypeOpInterface>(op);
  if (!infer)
    return success();
  SmallVector<Type> types;
  std::optional<Location> location;
  if (report)
    location = op.getLoc();
  if (failed(infer.inferReturnTypes(op.getContext(), location, op.getOperands(),
                                    op.getAttrDictionary(), op.getPropertiesStorage(),
                                    op.getRegions(), types)))
    return failure();
  for (auto [result, type] : llvm::zip(op.getResults(), types))
    result.setType(type);
  return success();
}

static void setInputs(KernelOp kernel, const InputShapes &shapes) {
  for (auto [argument, shape] : llvm::zip(kernel.getArguments(), shapes)) {
    Type type = withShape(argument.getType(), shape);
    if (isa<esper::OptionalType>(argument.getType()))
      type = esper::OptionalType::get(kernel.getContext(), cast<RankedTensorType>(type));
    argument.setType(type);
  }
}

OwningOpRef<ModuleOp> tez::withInputShapes(KernelOp kernel, const InputShapes &shapes,
                                           bool report) {
  OwningOpRef<ModuleOp> module = ModuleOp::create(kernel.getLoc());
  auto copy = cast<KernelOp>(kernel->clone());
  module->getBody()->push_back(copy);
  setInputs(copy, shapes);
  for (Operation &op : copy.getBody().front())
    if (failed(reinfer(op, report)))
      return nullptr;
  copy.setFunctionType(FunctionType::get(copy.getContext(),
                                         copy.getBody().front().getArgumentTypes(),
                                         copy.getReturn().getResults().getTypes()));
  return module;
}
