//===- Linear.cpp - Affine maps and look-ups ------------------------------===//

#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/Esper/ShapeRules.h"

using namespace mlir;
using namespace tez::esper;

LogicalResult LinearOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                         Adaptor op, SmallVectorImpl<Type> &types) {
  ArrayRef<int64_t> input = shapeOf(op.getInput()), weight = shapeOf(op.getWeight());
  if (input.empty())
    return emitOptionalError(location, "input must have rank >= 1, found rank 0"); // C1
  if (weight.size() != 2)
    return emitOptionalError(location, "weight must have rank 2, found ", dimsToString(weight));
  if (!dimsAgree(input.back(), weight[1])) // C2
    return emitOptionalError(location, "last dimension of input (", dimToString(input.back()),
                             ") must equal dimension 1 of weight (", dimToString(weight[1]), ")");
  if (op.getBias() && failed(checkVector(location, "bias", op.getBias(), weight[0]))) // C3
    return failure();
  Dims output(input);
  output.back() = weight[0];
  return inferred(output, op.getInput(), types);
}

LogicalResult BilinearOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                           Adaptor op, SmallVectorImpl<Type> &types) {
  ArrayRef<int64_t> left = shapeOf(op.getLeft()), right = shapeOf(op.getRight()),
                    weight = shapeOf(op.getWeight());
  bool leading = !left.empty() && left.size() == right.size() &&
                 llvm::all_of(llvm::zip(left.drop_back(), right.drop_back()), [](auto pair) {
                   return dimsAgree(std::get<0>(pair), std::get<1>(pair));
                 });
  if (!leading) // C1
    return emitOptionalError(location, "left ", dimsToString(left), " and right ",
                             dimsToString(right),
                             " must have the same rank >= 1 and equal leading dimensions");
  if (weight.size() != 3 || !dimsAgree(weight[1], left.back()) ||
      !dimsAgree(weight[2], right.back())) // C2
    return emitOptionalError(location, "weight must have shape (outputs, ",
                             dimToString(left.back()), ", ", dimToString(right.back()), "), found ",
                             dimsToString(weight));
  if (op.getBias() && failed(checkVector(location, "bias", op.getBias(), weight[0]))) // C3
    return failure();
  Dims output(left);
  output.back() = weight[0];
  return inferred(output, op.getLeft(), types);
}

LogicalResult MatmulOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                         Adaptor op, SmallVectorImpl<Type> &types) {
  Dims left(shapeOf(op.getLeft())), right(shapeOf(op.getRight()));
  if (left.empty() || right.empty()) // C1
    return emitOptionalError(location, "operands must have rank >= 1, found ", dimsToString(left),
                             " and ", dimsToString(right));
  bool row = left.size() == 1, column = right.size() == 1;
  if (row)
    left.insert(left.begin(), 1);
  if (column)
    right.push_back(1);
  int64_t inner = right[right.size() - 2];
  if (!dimsAgree(left.back(), inner)) // C2
    return emitOptionalError(location, "contracted dimensions differ: ", dimToString(left.back()),
                             " and ", dimToString(inner));
  std::optional<Dims> output =
      broadcastDims(ArrayRef(left).drop_back(2), ArrayRef(right).drop_back(2));
  if (!output) // C3
    return emitOptionalError(location, "leading dimensions of ", dimsToString(left), " and ",
                             dimsToString(right), " do not broadcast");
  if (!row)
    output->push_back(left[left.size() - 2]);
  if (!column)
    output->push_back(right.back());
  return inferred(*output, op.getLeft(), types);
}

LogicalResult EmbeddingOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                            Adaptor op, SmallVectorImpl<Type> &types) {
  ArrayRef<int64_t> weight = shapeOf(op.getWeight());
  if (!isa<IntegerType>(elementOf(op.getIndices()))) // C1
    return emitOptionalError(location, "indices must be integers, found ",
                             elementOf(op.getIndices()));
  if (weight.size() != 2) // C2
    return emitOptionalError(location, "weight must have rank 2, found ", dimsToString(weight));
  int64_t padding = op.getPaddingIdx();
  if (padding < -1 || (!isDynamic(weight[0]) && padding >= weight[0])) // C3
    return emitOptionalError(location, "padding_idx must be -1 or a row of weight (0 to ",
                             weight[0] - 1, "), found ", padding);
  Dims output(shapeOf(op.getIndices()));
  output.push_back(weight[1]);
  return inferred(output, op.getWeight(), types);
}

#define GET_OP_CLASSES
#include "tez/Dialect/Esper/Linear.cpp.inc"
