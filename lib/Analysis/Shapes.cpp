//===- Shapes.cpp - Small shapes that a kernel admits ---------------------===//

#include "tez/Analysis/Shapes.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// Every dynamic dimension filled: the first with `batch`, the others with
/// `size`, `size` + `step`, ...
static InputShapes filled(KernelOp kernel, int64_t batch, int64_t size, int64_t step) {
  InputShapes shapes;
  for (Type type : kernel.getArgumentTypes()) {
    SmallVector<int64_t> shape(tensorTypeOf(type).getShape());
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
    ArrayRef<int64_t> shape = tensorTypeOf(type).getShape();
    return shape.size() > 1 && llvm::is_contained(shape.drop_front(), ShapedType::kDynamic);
  });
}

/// All up to 64, then multiples of 8: shapes that flatten into a fixed width
/// are found by trying.
static int64_t nextSize(int64_t size) { return size < 64 ? size + 1 : size + 8; }

/// The largest size tried.
static constexpr int64_t largestSize = 512;

void tez::explainNoShapes(KernelOp kernel, int64_t batch) {
  (void)withInputShapes(kernel, filled(kernel, batch, largestSize, 0), /*report=*/true);
  kernel.emitRemark("no input shape up to ") << largestSize << " fits all layers";
}

std::optional<InputShapes> tez::smallestShapes(KernelOp kernel, int64_t batch, unsigned skip) {
  auto admits = [&](const InputShapes &shapes) { return bool(withInputShapes(kernel, shapes)); };
  if (!hasInnerDynamic(kernel)) {
    InputShapes only = filled(kernel, batch, 1, 0);
    return admits(only) ? std::optional(only) : std::nullopt;
  }
  std::optional<InputShapes> found;
  int64_t last = largestSize;
  for (int64_t size = 1; size <= last; size = nextSize(size)) {
    for (int64_t step : {1, 0}) {
      InputShapes shapes = filled(kernel, batch, size, step);
      if (!admits(shapes))
        continue;
      if (!found) // another choice is soon found or not at all
        last = std::min(last, size + 8);
      found = shapes;
      if (skip-- == 0)
        return found;
      break;
    }
  }
  return found;
}
