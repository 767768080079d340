//===- EvaluateChoice.cpp - Comparing, choosing, whole numbers ------------===//

#include "Evaluator.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::interp;
using namespace tez::esper;

static bool holds(CompareKind kind, double a, double b) {
  switch (kind) {
  case CompareKind::Eq:
    return a == b;
  case CompareKind::Ne:
    return a != b;
  case CompareKind::Lt:
    return a < b;
  case CompareKind::Le:
    return a <= b;
  case CompareKind::Gt:
    return a > b;
  case CompareKind::Ge:
    return a >= b;
  }
  llvm_unreachable("unknown comparison");
}

/// Both operands at the size they broadcast to.
static Variable compare(CompareOp op, Evaluator &e) {
  Tensor zeros{shapeOf(op)};
  Tensor left = add(detach(e(op.getLeft())), zeros).value();
  Tensor right = add(detach(e(op.getRight())), zeros).value();
  Tensor result(zeros.shape());
  for (int64_t i = 0; i < result.size(); ++i)
    result.mutableData()[i] = holds(op.getKind(), left[i], right[i]);
  return result;
}

static Variable full(FullOp op, Evaluator &) {
  double value = op.getValue().convertToDouble();
  bool whole = isa<IntegerType>(op.getType().getElementType());
  return Tensor::full(shapeOf(op), whole ? std::trunc(value) : value);
}

/// What is no number becomes what processors make of it: the least number of 32 or 64 bits, of
/// which narrower integers keep zeros.
static Variable toInteger(ToIntegerOp op, Evaluator &e) {
  Tensor input = e(op.getInput()).value();
  Tensor result(input.shape());
  unsigned bits = op.getTo().getIntOrFloatBitWidth();
  double noNumber = bits < 32 ? 0 : -std::ldexp(1.0, int(bits) - 1);
  for (int64_t i = 0; i < result.size(); ++i)
    result.mutableData()[i] = std::isfinite(input[i]) ? std::trunc(input[i]) : noNumber;
  return result;
}

void interp::addChoice(EvaluatorTable &table) {
  addRow<FullOp>(table, full);
  addRow<CompareOp>(table, compare);
  addRow<ToIntegerOp>(table, toInteger);
  addRow<WhereOp>(table, [](WhereOp op, Evaluator &e) {
    return where(e(op.getMask()).value(), e(op.getLeft()), e(op.getRight()));
  });
  addRow<RemainderOp>(table, [](RemainderOp op, Evaluator &e) {
    return remainder(e(op.getLeft()), e(op.getRight()));
  });
  addRow<SelectOp>(table, [](SelectOp op, Evaluator &e) {
    return e(e.flag(op.getFlag()) ? op.getLeft() : op.getRight());
  });
}
