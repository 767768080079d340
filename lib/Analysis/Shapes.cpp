//===- Shapes.cpp - Kernels with every dimension known --------------------===//

#include "tez/Analysis/Shapes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// The tensor inside an optional, else the type itself.
static RankedTensorType tensorOf(Type type) {
  if (auto optional = dyn_cast<esper::OptionalType>(type))
    return optional.getTensor();
  return cast<RankedTensorType>(type);
}

static RankedTensorType withShape(Type type, ArrayRef<int64_t> shape) {
  return RankedTensorType::get(shape, tensorOf(type).getElementType());
}

static LogicalResult reinfer(Operation &op, bool report) {
  if (auto valueOr = dyn_cast<ValueOrOp>(op)) {
    // Present: the value is what the caller passes.
    auto optional = cast<esper::OptionalType>(valueOr.getInput().getType());
    valueOr.getOutput().setType(optional.getTensor());
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

//===----------------------------------------------------------------------===//
// Search
//===----------------------------------------------------------------------===//

/// Every dynamic dimension filled: the first with `batch`, the others with
/// `size`, `size` + `step`, ...
static InputShapes filled(KernelOp kernel, int64_t batch, int64_t size, int64_t step) {
  InputShapes shapes;
  for (Type type : kernel.getArgumentTypes()) {
    SmallVector<int64_t> shape(tensorOf(type).getShape());
    int64_t next = size;
    for (auto [i, dim] : llvm::enumerate(shape))
      if (ShapedType::isDynamic(dim)) {
        dim = i == 0 ? batch : next;
        next += i == 0 ? 0 : step;
      }
    shapes.push_back(std::move(shape));
  }
  return shapes;
}

static bool hasInnerDynamic(KernelOp kernel) {
  return llvm::any_of(kernel.getArgumentTypes(), [](Type type) {
    ArrayRef<int64_t> shape = tensorOf(type).getShape();
    return shape.size() > 1 && llvm::is_contained(shape.drop_front(), ShapedType::kDynamic);
  });
}

/// All up to 64, then multiples of 8: shapes that flatten into a fixed width
/// are found by trying.
static int64_t nextSize(int64_t size) { return size < 64 ? size + 1 : size + 8; }

std::optional<InputShapes> tez::smallestShapes(KernelOp kernel, int64_t batch, unsigned skip) {
  auto admits = [&](const InputShapes &shapes) { return bool(withInputShapes(kernel, shapes)); };
  if (!hasInnerDynamic(kernel)) {
    InputShapes only = filled(kernel, batch, 1, 0);
    return admits(only) ? std::optional(only) : std::nullopt;
  }
  std::optional<InputShapes> found;
  for (int64_t size = 1; size <= 512; size = nextSize(size)) {
    for (int64_t step : {1, 0}) {
      InputShapes shapes = filled(kernel, batch, size, step);
      if (!admits(shapes))
        continue;
      found = shapes;
      if (skip-- == 0)
        return found;
      break;
    }
  }
  return found;
}
