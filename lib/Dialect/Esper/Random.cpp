//===- Random.cpp - Ops that draw random numbers --------------------------===//

#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/Esper/ShapeRules.h"

using namespace mlir;
using namespace tez::esper;

static bool isFeatureKind(DropoutKind kind) {
  return kind == DropoutKind::Feature || kind == DropoutKind::FeatureAlpha;
}

static bool isKnownFalse(Attribute mode) {
  auto flag = dyn_cast_if_present<BoolAttr>(mode);
  return flag && !flag.getValue();
}

LogicalResult DropoutOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                          Adaptor op, SmallVectorImpl<Type> &types) {
  double p = op.getP().convertToDouble();
  if (!(p >= 0 && p <= 1)) // C1, also for NaN
    return emitOptionalError(location, "p must be in [0, 1], found ", p);
  if (isFeatureKind(op.getKind()) && shapeOf(op.getInput()).size() < 2) // C2
    return emitOptionalError(location, stringifyDropoutKind(op.getKind()),
                             " dropout takes an input of rank >= 2, found ",
                             dimsToString(shapeOf(op.getInput())));
  return inferred(shapeOf(op.getInput()), op.getInput(), types);
}

void DropoutOp::getAtenCall(AtenCall &call) {
  static constexpr const char *names[] = {"aten::dropout", "aten::feature_dropout",
                                          "aten::alpha_dropout", "aten::feature_alpha_dropout"};
  call.set(names[unsigned(getKind())], {getInput(), getP(), getTraining()});
}

/// With p = 0 torch draws nothing either.
OpFoldResult DropoutOp::fold(FoldAdaptor adaptor) {
  return isKnownFalse(adaptor.getTraining()) || getP().isZero() ? OpFoldResult(getInput())
                                                                : nullptr;
}

LogicalResult NoiseOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, Adaptor op,
                                        SmallVectorImpl<Type> &types) {
  double deviation = op.getStd().convertToDouble();
  if (!(deviation >= 0 && op.getStd().isFinite())) // C1, also for NaN
    return emitOptionalError(location, "std must be a number >= 0, found ", deviation);
  return inferred(shapeOf(op.getInput()), op.getInput(), types);
}

OpFoldResult NoiseOp::fold(FoldAdaptor adaptor) {
  return getTrainingOnly() && isKnownFalse(adaptor.getTraining()) ? OpFoldResult(getInput())
                                                                  : nullptr;
}

LogicalResult RReluOp::inferReturnTypes(MLIRContext *, std::optional<Location> location, Adaptor op,
                                        SmallVectorImpl<Type> &types) {
  double lower = op.getLower().convertToDouble(), upper = op.getUpper().convertToDouble();
  if (!op.getLower().isFinite() || !op.getUpper().isFinite() || lower > upper) // C1
    return emitOptionalError(location, "lower and upper must be finite and ascend, found ", lower,
                             " and ", upper);
  return inferred(shapeOf(op.getInput()), op.getInput(), types);
}

LogicalResult RReluOp::canonicalize(RReluOp op, PatternRewriter &rewriter) {
  BoolAttr training;
  if (!matchPattern(op.getTraining(), m_Constant(&training)) || training.getValue())
    return rewriter.notifyMatchFailure(op, "slopes may be drawn");
  rewriter.replaceOpWithNewOp<ActivationOp>(op, op.getType(), "leaky_relu",
                                            ArrayRef<double>{op.getMiddle()}, op.getInput());
  return success();
}

#define GET_OP_CLASSES
#include "tez/Dialect/Esper/Random.cpp.inc"
