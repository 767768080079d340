//===- EvaluateActivations.cpp - Non-linear functions ---------------------===//

#include "Evaluator.h"

using namespace mlir;
using namespace tez;
using namespace tez::interp;
using namespace tez::esper;

using Function = Variable (*)(const Variable &x, llvm::ArrayRef<double> p);

/// One row for each row of Activations.def; a unit test compares the names.
static const llvm::StringMap<Function> &functions() {
#define ROW(KIND, EXPRESSION)                                                                      \
  {                                                                                                \
    #KIND, [](const Variable &x, llvm::ArrayRef<double> p) -> Variable { return EXPRESSION; }      \
  }
  static const llvm::StringMap<Function> table = {
      ROW(relu, relu(x)),
      ROW(relu6, relu6(x)),
      ROW(gelu, gelu(x)),
      ROW(gelu_tanh, geluTanh(x)),
      ROW(silu, silu(x)),
      ROW(mish, mish(x)),
      ROW(tanh, tanh(x)),
      ROW(sigmoid, sigmoid(x)),
      ROW(log_sigmoid, logSigmoid(x)),
      ROW(hardswish, hardswish(x)),
      ROW(hardsigmoid, hardsigmoid(x)),
      ROW(selu, selu(x)),
      ROW(elu, elu(x, p[0])),
      ROW(celu, celu(x, p[0])),
      ROW(leaky_relu, leakyRelu(x, p[0])),
      ROW(softplus, softplus(x, p[0], p[1])),
      ROW(hardtanh, hardtanh(x, p[0], p[1])),
      ROW(threshold, threshold(x, p[0], p[1])),
      ROW(hardshrink, hardshrink(x, p[0])),
      ROW(softshrink, softshrink(x, p[0])),
      ROW(clamp, clamp(x, p[0], p[1])),
      ROW(round, round(x)),
      ROW(floor, floor(x)),
      ROW(sign, sign(x)),
      ROW(sin, sin(x)),
      ROW(cos, cos(x)),
      ROW(erf, erf(x)),
      ROW(log1p, log1p(x)),
      ROW(expm1, expm1(x)),
      ROW(tan, tan(x)),
      ROW(asin, asin(x)),
      ROW(acos, acos(x)),
      ROW(atan, atan(x)),
      ROW(asinh, asinh(x)),
      ROW(neg, neg(x)),
      ROW(exp, exp(x)),
      ROW(log, log(x)),
      ROW(sqrt, sqrt(x)),
      ROW(rsqrt, rsqrt(x)),
      ROW(abs, abs(x)),
      ROW(square, square(x)),
      ROW(add_scalar, addScalar(x, p[0])),
      ROW(pow, power(x, p[0])),
  };
#undef ROW
  return table;
}

static LogicalResult evaluateActivation(ActivationOp op, Evaluator &e) {
  Function function = functions().lookup(op.getKind());
  if (!function)
    return op.emitOpError() << "'" << op.getKind() << "' has no evaluator";
  e.set(op, function(e(op.getInput()), op.getParameters()));
  return success();
}

static Variable glu(const Variable &x, int64_t dim) {
  int64_t half = x.dim(dim) / 2;
  return multiply(slice(x, dim, 0, half), sigmoid(slice(x, dim, half, 2 * half)));
}

void interp::addActivations(EvaluatorTable &table) {
  addRows<ActivationOp>(table, evaluateActivation);
  addRow<PReluOp>(
      table, [](PReluOp op, Evaluator &e) { return prelu(e(op.getInput()), e(op.getWeight())); });
  addRow<GluOp>(table, [](GluOp op, Evaluator &e) {
    return glu(e(op.getInput()), wrapDim(op.getDim(), e(op.getInput()).rank()));
  });
  addRow<SoftmaxOp>(
      table, [](SoftmaxOp op, Evaluator &e) { return softmax(e(op.getInput()), op.getDim()); });
  addRow<LogSoftmaxOp>(table, [](LogSoftmaxOp op, Evaluator &e) {
    return logSoftmax(e(op.getInput()), op.getDim());
  });
}
