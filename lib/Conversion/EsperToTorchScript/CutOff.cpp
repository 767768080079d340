//===- CutOff.cpp - Elements cut off in front of unbounded slopes ---------===//
//
// Where relu, clamp or a mask cuts an element off, its gradient is 0 whatever comes from behind:
// eager torch selects. TorchScript's executor has derivatives of its own, which it uses from the
// second call on, and which multiply by a mask: 0 times the infinite slope of a root at 0 is NaN.
// It has none for masked_fill, which stays eager torch's. So in a kernel that trains, what cuts off
// somewhere in front of such a function is emitted as masked_fill.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// Has the function an infinite slope somewhere? Not asked of quotients: every norm written by hand
/// has one, and where a divisor is 0 the value is infinite before its gradient is.
static bool isSteep(Operation *op) {
  auto activation = dyn_cast<ActivationOp>(op);
  if (!activation)
    return false;
  StringRef kind = activation.getKind();
  if (kind == "pow")
    return activation.getParameters().front() < 1 && activation.getParameters().front() != 0;
  return llvm::is_contained<StringRef>({"sqrt", "rsqrt", "log", "log1p", "asin", "acos"}, kind);
}

void tez::findBeforeSteep(KernelOp kernel, Emitter &emitter) {
  for (Operation &op : llvm::reverse(kernel.getBody().front()))
    if (llvm::any_of(op.getUsers(), [&](Operation *user) {
          return isSteep(user) || emitter.beforeSteep.contains(user);
        }))
      emitter.beforeSteep.insert(&op);
}

namespace {
/// Elements beyond `limit`, or at it where `inclusive`, become `value` and have no gradient.
struct Cut {
  StringRef compare;
  double limit, value;
};
} // namespace

/// As eager torch has it at the limits themselves; empty: the function cuts nothing off.
static SmallVector<Cut> cutsOf(ActivationOp op) {
  ArrayRef<double> p = op.getParameters();
  StringRef kind = op.getKind();
  if (kind == "relu")
    return {{"aten::le.Scalar", 0, 0}};
  if (kind == "threshold")
    return {{"aten::le.Scalar", p[0], p[1]}};
  if (kind == "relu6")
    return {{"aten::le.Scalar", 0, 0}, {"aten::ge.Scalar", 6, 6}};
  if (kind == "hardtanh")
    return {{"aten::le.Scalar", p[0], p[0]}, {"aten::ge.Scalar", p[1], p[1]}};
  if (kind == "clamp")
    return {{"aten::lt.Scalar", p[0], p[0]}, {"aten::gt.Scalar", p[1], p[1]}};
  return {};
}

static bool emitCuts(ActivationOp op, Emitter &emitter) {
  SmallVector<Cut> cuts = cutsOf(op);
  Value input = emitter.valueOf(op.getInput()), result = input;
  for (const Cut &cut : cuts) {
    if (std::isinf(cut.limit))
      continue;
    Value beyond = emitter.call(cut.compare, {input, cut.limit});
    result = emitter.call("aten::masked_fill", {result, beyond, cut.value});
  }
  if (result == input)
    return false;
  emitter.bind(op.getOutput(), result);
  return true;
}

/// Each side without what the other gives; their sum.
static bool emitSides(WhereOp op, Emitter &emitter) {
  if (!isa<FloatType>(getElementTypeOrSelf(op.getOutput())))
    return false;
  Value mask = emitter.valueOf(op.getMask());
  Value others = emitter.call("aten::eq.Scalar", {mask, 0});
  Value left = emitter.call("aten::masked_fill", {op.getLeft(), others, 0.0});
  Value right = emitter.call("aten::masked_fill", {op.getRight(), mask, 0.0});
  emitter.bind(op.getOutput(), emitter.call("aten::add", {left, right, 1}));
  return true;
}

bool tez::emitCutOff(Operation *op, Emitter &emitter) {
  if (auto activation = dyn_cast<ActivationOp>(op))
    return emitCuts(activation, emitter);
  auto where = dyn_cast<WhereOp>(op);
  return where && emitSides(where, emitter);
}
