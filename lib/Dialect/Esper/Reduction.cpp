//===- Reduction.cpp - Sums and their kin ---------------------------------===//

#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace tez::esper;

/// Which dimensions of `input` go away; nullopt after an error.
static std::optional<llvm::SmallBitVector> reducedDims(std::optional<Location> location,
                                                       ArrayRef<int64_t> dims, Value input) {
  size_t rank = shapeOf(input).size();
  llvm::SmallBitVector reduced(rank, dims.empty());
  for (int64_t dim : dims) {
    std::optional<int64_t> normal = checkDim(location, dim, input); // C1
    if (!normal)
      return std::nullopt;
    if (reduced.test(*normal)) { // C2
      (void)emitOptionalError(location, "dim ", dim, " is reduced twice");
      return std::nullopt;
    }
    reduced.set(*normal);
  }
  return reduced;
}

static LogicalResult checkReducible(std::optional<Location> location, ReduceOp::Adaptor op,
                                    const llvm::SmallBitVector &reduced) {
  ReduceKind kind = op.getKind();
  bool floating = isa<FloatType>(elementOf(op.getInput()));
  if (!floating && (kind == ReduceKind::Mean || kind == ReduceKind::Var)) // C3
    return emitOptionalError(location, stringifyReduceKind(kind),
                             " must be of floating elements, found ", elementOf(op.getInput()));
  if (kind != ReduceKind::Max && kind != ReduceKind::Min)
    return success();
  for (unsigned dim : reduced.set_bits())
    if (shapeOf(op.getInput())[dim] == 0) // C4
      return emitOptionalError(location, stringifyReduceKind(kind), " over dimension ", dim, " of ",
                               dimsToString(shapeOf(op.getInput())),
                               " has no element to choose from");
  return success();
}

LogicalResult ReduceOp::inferReturnTypes(MLIRContext *context, std::optional<Location> location,
                                         Adaptor op, SmallVectorImpl<Type> &types) {
  auto reduced = reducedDims(location, op.getDims(), op.getInput());
  if (!reduced || failed(checkReducible(location, op, *reduced)))
    return failure();
  Dims output;
  for (auto [i, dim] : llvm::enumerate(shapeOf(op.getInput())))
    if (!reduced->test(i))
      output.push_back(dim);
    else if (op.getKeepdim())
      output.push_back(1);
  Type element = elementOf(op.getInput());
  if (op.getKind() == ReduceKind::Sum && isa<IntegerType>(element))
    element = IntegerType::get(context, 64);
  types.push_back(RankedTensorType::get(output, element));
  return success();
}

void ReduceOp::getAtenCall(AtenCall &call) {
  AtenArg input = getInput(), dims = getDims(), keepdim = getKeepdim();
  switch (getKind()) {
  case ReduceKind::Sum:
    return call.set("aten::sum.dim_IntList", {input, dims, keepdim, AtenNone()});
  case ReduceKind::Mean:
    // TorchScript's own derivative of a mean over an empty list divides by one.
    if (getDims().empty())
      dims = AtenNone();
    return call.set("aten::mean.dim", {input, dims, keepdim, AtenNone()});
  case ReduceKind::Max:
    return call.set("aten::amax", {input, dims, keepdim});
  case ReduceKind::Min:
    return call.set("aten::amin", {input, dims, keepdim});
  case ReduceKind::Var:
    // torch differentiates the variance over an empty list as if over one element.
    if (getDims().empty())
      dims = AtenNone();
    return call.set("aten::var.correction", {input, dims, int64_t(getCorrection()), keepdim});
  }
}

LogicalResult CumsumOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                         Adaptor op, SmallVectorImpl<Type> &types) {
  if (!checkDim(location, op.getDim(), op.getInput())) // C1
    return failure();
  types.push_back(op.getInput().getType());
  return success();
}

#define GET_OP_CLASSES
#include "tez/Dialect/Esper/Reduction.cpp.inc"
