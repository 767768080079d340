//===- Activation.cpp - Non-linear functions ------------------------------===//

#include "Signature.h"
#include "tez/Dialect/Esper/ShapeRules.h"

using namespace mlir;
using namespace tez::esper;

namespace {
/// One row of Activations.def.
struct ActivationRow {
  StringRef kind, aten;
  unsigned numParameters;
  SmallVector<AtenArg> (*arguments)(ArrayRef<double> p);
};
} // namespace

static const ActivationRow activationTable[] = {
#define TEZ_ACTIVATION(KIND, ATEN, COUNT, ...)                                                     \
  {#KIND, ATEN, COUNT, [](ArrayRef<double> p) -> SmallVector<AtenArg> { return __VA_ARGS__; }},
#include "tez/Dialect/Esper/Activations.def"
#undef TEZ_ACTIVATION
};

static const ActivationRow *findActivation(StringRef kind) {
  return llvm::find_if(activationTable, [&](const ActivationRow &row) { return row.kind == kind; });
}

LogicalResult ActivationOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                             Adaptor op, SmallVectorImpl<Type> &types) {
  const ActivationRow *row = findActivation(op.getKind());
  if (row == std::end(activationTable)) // C1
    return emitOptionalError(location, "unknown activation '", op.getKind(), "'");
  if (op.getParameters().size() != row->numParameters) // C2
    return emitOptionalError(location, "activation '", op.getKind(), "' takes ", row->numParameters,
                             " parameters, found ", op.getParameters().size());
  if (!isa<FloatType>(elementOf(op.getInput()))) // C3
    return emitOptionalError(location, "input must be floating, found ", elementOf(op.getInput()));
  return inferred(shapeOf(op.getInput()), op.getInput(), types);
}

void ActivationOp::getAtenCall(AtenCall &call) {
  const ActivationRow *row = findActivation(getKind());
  SmallVector<AtenArg> arguments = {getInput()};
  arguments.append(row->arguments(getParameters()));
  call.set(row->aten, arguments);
}

/// relu and relu6 change nothing when applied again.
OpFoldResult ActivationOp::fold(FoldAdaptor) {
  auto before = getInput().getDefiningOp<ActivationOp>();
  bool idempotent = getKind() == "relu" || getKind() == "relu6";
  return idempotent && before && before.getKind() == getKind() ? OpFoldResult(getInput()) : nullptr;
}

LogicalResult PReluOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, Adaptor op,
                                        SmallVectorImpl<Type> &types) {
  ArrayRef<int64_t> input = shapeOf(op.getInput()), weight = shapeOf(op.getWeight());
  if (weight.size() != 1) // C1
    return emitOptionalError(location, "weight must have rank 1, found ", dimsToString(weight));
  int64_t channels = input.size() > 1 ? input[1] : 1;
  if (weight[0] != 1 && !dimsAgree(weight[0], channels)) // C2
    return emitOptionalError(location, "weight must have 1 or ", dimToString(channels),
                             " elements, found ", weight[0]);
  return inferred(input, op.getInput(), types);
}

LogicalResult GluOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, Adaptor op,
                                      SmallVectorImpl<Type> &types) {
  std::optional<int64_t> dim = checkDim(location, op.getDim(), op.getInput()); // C1
  if (!dim)
    return failure();
  Dims output(shapeOf(op.getInput()));
  if (!isDynamic(output[*dim]) && output[*dim] % 2) // C2
    return emitOptionalError(location, "dimension ", op.getDim(), " must be even, found ",
                             output[*dim]);
  if (!isDynamic(output[*dim]))
    output[*dim] /= 2;
  return inferred(output, op.getInput(), types);
}

LogicalResult SoftmaxOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                          Adaptor op, SmallVectorImpl<Type> &types) {
  if (!checkDim(location, op.getDim(), op.getInput())) // C1
    return failure();
  return inferred(shapeOf(op.getInput()), op.getInput(), types);
}

LogicalResult LogSoftmaxOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                             Adaptor op, SmallVectorImpl<Type> &types) {
  if (!checkDim(location, op.getDim(), op.getInput())) // C1
    return failure();
  return inferred(shapeOf(op.getInput()), op.getInput(), types);
}

#define GET_OP_CLASSES
#include "tez/Dialect/Esper/Activation.cpp.inc"
