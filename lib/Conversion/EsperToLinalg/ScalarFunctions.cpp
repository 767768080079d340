//===- ScalarFunctions.cpp ------------------------------------------------===//

#include "ScalarFunctions.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/StringMap.h"
#include <cmath>

using namespace mlir;
using namespace tez;

namespace {
/// A scalar under construction: arithmetic reads as it is written on paper.
struct Scalar {
  Value value;
  ImplicitLocOpBuilder *builder;

  Scalar constant(double number) const {
    auto type = cast<FloatType>(value.getType());
    return with(arith::ConstantOp::create(*builder, builder->getFloatAttr(type, number)));
  }
  Scalar with(Value other) const { return {other, builder}; }
  template <typename Op> Scalar apply() const { return with(Op::create(*builder, value)); }
  template <typename Op> Scalar apply(Scalar other) const {
    return with(Op::create(*builder, value, other.value));
  }
};
} // namespace

static Scalar operator+(Scalar a, Scalar b) { return a.apply<arith::AddFOp>(b); }
static Scalar operator-(Scalar a, Scalar b) { return a.apply<arith::SubFOp>(b); }
static Scalar operator*(Scalar a, Scalar b) { return a.apply<arith::MulFOp>(b); }
static Scalar operator/(Scalar a, Scalar b) { return a.apply<arith::DivFOp>(b); }
static Scalar operator+(Scalar a, double b) { return a + a.constant(b); }
static Scalar operator*(Scalar a, double b) { return a * a.constant(b); }
static Scalar operator/(Scalar a, double b) { return a / a.constant(b); }
static Scalar operator-(Scalar a) { return a.apply<arith::NegFOp>(); }
static Scalar max(Scalar a, double b) { return a.apply<arith::MaximumFOp>(a.constant(b)); }
static Scalar min(Scalar a, double b) { return a.apply<arith::MinimumFOp>(a.constant(b)); }
static Scalar exp(Scalar a) { return a.apply<math::ExpOp>(); }
static Scalar tanh(Scalar a) { return a.apply<math::TanhOp>(); }

/// `greater` where a > bound, else `otherwise`; a NaN takes `otherwise`.
static Scalar where(Scalar a, double bound, Scalar greater, Scalar otherwise) {
  ImplicitLocOpBuilder &builder = *a.builder;
  Value above =
      arith::CmpFOp::create(builder, arith::CmpFPredicate::OGT, a.value, a.constant(bound).value);
  return a.with(arith::SelectOp::create(builder, above, greater.value, otherwise.value));
}

static Scalar sigmoid(Scalar x) { return x.constant(1) / (exp(-x) + 1); }

static Scalar gelu(Scalar x) { return x * 0.5 * ((x * std::sqrt(0.5)).apply<math::ErfOp>() + 1); }

static Scalar geluTanh(Scalar x) {
  Scalar inner = (x + x * x * x * 0.044715) * std::sqrt(2 / M_PI);
  return x * 0.5 * (tanh(inner) + 1);
}

static Scalar leakyRelu(Scalar x, double slope) { return where(x, 0, x, x * slope); }

static Scalar elu(Scalar x, double alpha) {
  return where(x, 0, x, x.apply<math::ExpM1Op>() * alpha);
}

static Scalar celu(Scalar x, double alpha) {
  return where(x, 0, x, (x / alpha).apply<math::ExpM1Op>() * alpha);
}

static Scalar selu(Scalar x) {
  constexpr double alpha = 1.6732632423543772848170429916717,
                   scale = 1.0507009873554804934193349852946;
  return elu(x, alpha) * scale;
}

/// log(1 + exp(b x)) / b, or x where that is the same number.
static Scalar softplus(Scalar x, double beta, double threshold) {
  Scalar scaled = x * beta;
  return where(scaled, threshold, x, exp(scaled).apply<math::Log1pOp>() / beta);
}

static Scalar logSigmoid(Scalar x) {
  return min(x, 0) - exp(-x.apply<math::AbsFOp>()).apply<math::Log1pOp>();
}

static Scalar softshrink(Scalar x, double lambda) {
  Scalar up = where(x, lambda, x - x.constant(lambda), x * 0.0);
  return where(-x, lambda, x + lambda, up);
}

static Scalar hardsigmoid(Scalar x) { return min(max(x + 3, 0), 6) / 6; }

using Function = Scalar (*)(Scalar x, ArrayRef<double> p);

/// Rows of Activations.def; those without one here keep a kernel in TorchScript.
static const llvm::StringMap<Function> &functions() {
#define ROW(KIND, EXPRESSION)                                                                      \
  {                                                                                                \
    #KIND, [](Scalar x, ArrayRef<double> p) -> Scalar { return EXPRESSION; }                       \
  }
  static const llvm::StringMap<Function> table = {
      ROW(relu, max(x, 0)),
      ROW(relu6, min(max(x, 0), 6)),
      ROW(gelu, gelu(x)),
      ROW(gelu_tanh, geluTanh(x)),
      ROW(silu, x / (exp(-x) + 1)),
      ROW(mish, x * tanh(softplus(x, 1, 20))),
      ROW(tanh, tanh(x)),
      ROW(sigmoid, sigmoid(x)),
      ROW(log_sigmoid, logSigmoid(x)),
      ROW(hardswish, x * hardsigmoid(x)),
      ROW(hardsigmoid, hardsigmoid(x)),
      ROW(selu, selu(x)),
      ROW(elu, elu(x, p[0])),
      ROW(celu, celu(x, p[0])),
      ROW(leaky_relu, leakyRelu(x, p[0])),
      ROW(softplus, softplus(x, p[0], p[1])),
      ROW(softshrink, softshrink(x, p[0])),
      ROW(threshold, where(x, p[0], x, x.constant(p[1]))),
      ROW(hardtanh, min(max(x, p[0]), p[1])),
      ROW(neg, -x),
      ROW(exp, exp(x)),
      ROW(sqrt, x.apply<math::SqrtOp>()),
      ROW(abs, x.apply<math::AbsFOp>()),
      ROW(square, x * x),
      ROW(add_scalar, x + p[0]),
  };
#undef ROW
  return table;
}

bool tez::hasScalarActivation(StringRef kind) { return functions().contains(kind); }

Value tez::makeActivation(StringRef kind, ArrayRef<double> parameters, Value x,
                          ImplicitLocOpBuilder &builder) {
  return functions().lookup(kind)(Scalar{x, &builder}, parameters).value;
}
