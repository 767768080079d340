//===- Elements.cpp - How large the values of a kernel are ----------------===//

#include "tez/Analysis/Elements.h"
#include "Bytes.h"
#include "mlir/IR/Diagnostics.h"
#include "tez/Analysis/Shapes.h"
#include "tez/Dialect/Esper/ShapeRules.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

namespace {
/// Walks a static copy of the kernel, opening composites as validation does:
/// what is between their parts is computed too.
struct ElementCheck {
  int64_t limit;
  Block &body;

  LogicalResult run() {
    for (BlockArgument input : body.getArguments())
      if (failed(check(tensorTypeOf(input.getType()), placeOf(input), "an input")))
        return failure();
    for (Block::iterator at = body.begin(); at != body.end();) {
      if (failed(check(*at)))
        return failure();
      auto composite = dyn_cast<CompositeOpInterface>(*at);
      at = composite ? expand(composite) : std::next(at);
    }
    return success();
  }

private:
  /// An input that has no place of its own is the first op's that reads it.
  Location placeOf(BlockArgument input) const {
    Location place = input.getLoc();
    if (place != body.getParentOp()->getLoc() || input.use_empty())
      return place;
    Operation *first = nullptr;
    for (Operation *user : input.getUsers())
      if (!first || user->isBeforeInBlock(first))
        first = user;
    return first->getLoc();
  }

  LogicalResult check(Operation &op) const {
    if (isa<ParamOp, BufferOp>(op))
      return success();
    if (auto pool = dyn_cast<MaxPoolOp>(op); pool && failed(checkPadded(pool)))
      return failure();
    for (Value result : op.getResults())
      if (auto type = dyn_cast<RankedTensorType>(result.getType()))
        if (failed(check(type, op.getLoc(), "a value")))
          return failure();
    return success();
  }

  /// Torch walks through the padding in front of each window.
  LogicalResult checkPadded(MaxPoolOp pool) const {
    RankedTensorType type = tensorTypeOf(pool.getInput().getType());
    SmallVector<int64_t> shape(type.getShape());
    size_t first = shape.size() - pool.getPadding().size();
    for (auto [i, padding] : llvm::enumerate(pool.getPadding()))
      shape[first + i] = addSaturating(shape[first + i], addSaturating(padding, padding));
    return check(type.clone(shape), pool.getLoc(), "a padded value");
  }

  LogicalResult check(RankedTensorType type, Location place, StringRef what) const {
    if (!type.hasStaticShape())
      return success();
    int64_t count = elementsOf(type);
    if (count <= limit)
      return success();
    std::string found = count == kTooMany ? "over 2^63" : std::to_string(count);
    return emitError(place) << "the network needs " << what << " of shape "
                            << dimsToString(type.getShape()) << ", " << found
                            << " elements even at its smallest sizes, which exceeds the limit of "
                            << limit << " elements in one value (--max-elements)";
  }

  /// The first op of the expansion, or what follows an empty one.
  Block::iterator expand(CompositeOpInterface composite) {
    Operation *op = composite, *before = op->getPrevNode();
    OpBuilder builder(op);
    op->replaceAllUsesWith(composite.decompose(builder));
    op->erase();
    return before ? std::next(before->getIterator()) : body.begin();
  }
};
} // namespace

LogicalResult tez::checkElements(KernelOp kernel, int64_t limit, int64_t batch) {
  std::optional<InputShapes> shapes = smallestShapes(kernel, batch);
  if (!shapes)
    return success();
  OwningOpRef<ModuleOp> copy = withInputShapes(kernel, *shapes);
  auto fixed = cast<KernelOp>(copy->getBody()->front());
  return ElementCheck{limit, fixed.getBody().front()}.run();
}
