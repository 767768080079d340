//===- Moments.cpp - How large values are before training -----------------===//

#include "tez/Analysis/Moments.h"
#include "NormalQuadrature.h"
#include "ScalarFunctions.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>
#include <map>

using namespace mlir;
using namespace tez;
using namespace tez::esper;

/// Terms of a sum over a dimension; a dynamic one counts as one.
static double terms(int64_t dim) { return ShapedType::isDynamic(dim) ? 1 : double(dim); }

static Moments drawn(InitAttr init) {
  double a = init.getA(), b = init.getB();
  switch (init.getKind()) {
  case InitKind::Constant:
    return {a, a * a, 0};
  case InitKind::Uniform:
    return {(a + b) / 2, (a * a + a * b + b * b) / 3, 0};
  case InitKind::Normal:
    return {a, a * a + b * b, 0};
  case InitKind::Range: // how long it is is not known here
    return {a + b, (a + b) * (a + b), 0};
  case InitKind::Lower:
    return std::isfinite(a) && std::isfinite(b) ? Moments{(a + b) / 2, (a * a + b * b) / 2, 0}
                                                : Moments{};
  }
  return {};
}

/// The sum of `n` independent products of x and y.
static Moments sumOfProducts(double n, Moments x, Moments y) {
  Moments sum;
  sum.mean = n * x.mean * y.mean;
  sum.square = n * (x.square * y.square - x.mean * x.mean * y.mean * y.mean) + sum.mean * sum.mean;
  // What two inputs share: the products of the parts that they share.
  sum.signal = n * (x.square * y.square - (x.square - x.signal) * (y.square - y.signal));
  return sum;
}

static Moments sum(Moments x, Moments y, double sign = 1) {
  double mean = x.mean + sign * y.mean;
  return {mean, x.variance() + y.variance() + mean * mean, x.signal + y.signal};
}

static Moments times(Moments x, double factor) {
  return {x.mean * factor, x.square * factor * factor, x.signal * factor * factor};
}

/// Divided by its own deviation; `centred` takes the mean away.
static Moments normalized(Moments x, double eps, bool centred) {
  double size = centred ? x.variance() : x.square;
  double factor = 1 / std::sqrt(size + eps);
  Moments result = times(x, std::isfinite(factor) ? factor : 0);
  if (centred) {
    result.mean = 0;
    result.square = size / (size + eps);
  }
  return result;
}

namespace {
struct MomentRules {
  explicit MomentRules(llvm::DenseMap<Value, Moments> &known) : known(known) {}

  Moments of(Value value) const { return value ? known.lookup(value) : Moments(); }

  Moments result(Operation &op) {
    return llvm::TypeSwitch<Operation *, Moments>(&op)
        .Case<ParamOp, BufferOp>([](auto op) { return drawn(op.getInit()); })
        .Case<LinearOp, BilinearOp, MatmulOp, ConvOp, ConvTransposeOp, EmbeddingOp>(
            [&](auto op) { return product(op); })
        .Case([&](AttentionOp op) { return attention(op); })
        .Case<LstmOp, GruOp, RnnOp>([&](auto op) { return recurrent(op); })
        .Case<LstmCellOp, GruCellOp, RnnCellOp>(
            [&](auto op) { return gated(op, op.getInput(), op.getWIh()); })
        .Case<BatchNormOp, InstanceNormOp, LayerNormOp, GroupNormOp, RmsNormOp>(
            [&](auto op) { return norm(op); })
        .Case([&](ActivationOp op) { return activation(op); })
        .Case<SoftmaxOp, LogSoftmaxOp>([&](auto op) { return softmax(op); })
        .Case<AddOp, SubtractOp, MultiplyOp>([&](auto op) { return binary(op); })
        .Case([&](ScaleOp op) { return times(of(op.getInput()), op.getValue().convertToDouble()); })
        .Case([&](DropoutOp op) { return dropout(op); })
        .Case([&](NoiseOp op) {
          double std = op.getStd().convertToDouble();
          return sum(of(op.getInput()), {0, std * std, 0});
        })
        .Case([&](ReduceOp op) { return reduce(op); })
        .Case([&](ConcatOp op) { return mixed(op.getInputs()); })
        .Case([&](MoeCombineOp op) { return mixed(op.getExperts()); })
        .Case([&](GluOp op) { return glu(of(op.getInput())); })
        .Case([&](PReluOp op) { return leaky(of(op.getInput()), of(op.getWeight()).mean); })
        .Case([&](RReluOp op) { return leaky(of(op.getInput()), op.getMiddle()); })
        .Case([&](ValueOrOp) { return Moments{0, 1, 1}; })
        // Views, windows, averages: the first operand's size.
        .Default([&](Operation *op) {
          return op->getNumOperands() > 0 ? of(op->getOperand(0)) : Moments();
        });
  }

private:
  Moments weighted(Value input, Value weight, Value bias, double fanIn) const {
    return sum(sumOfProducts(fanIn, of(input), of(weight)), of(bias));
  }
  static ArrayRef<int64_t> shapeOf(Value value) {
    return cast<RankedTensorType>(value.getType()).getShape();
  }

  Moments product(LinearOp op) const {
    return weighted(op.getInput(), op.getWeight(), op.getBias(), terms(shapeOf(op.getWeight())[1]));
  }
  Moments product(BilinearOp op) const {
    ArrayRef<int64_t> weight = shapeOf(op.getWeight());
    Moments pair = sumOfProducts(1, of(op.getLeft()), of(op.getRight()));
    return sum(sumOfProducts(terms(weight[1]) * terms(weight[2]), pair, of(op.getWeight())),
               of(op.getBias()));
  }
  Moments product(MatmulOp op) const {
    return sumOfProducts(terms(shapeOf(op.getLeft()).back()), of(op.getLeft()), of(op.getRight()));
  }
  Moments product(ConvOp op) const {
    double fanIn = 1;
    for (int64_t dim : shapeOf(op.getWeight()).drop_front())
      fanIn *= terms(dim);
    return weighted(op.getInput(), op.getWeight(), op.getBias(), fanIn);
  }
  /// Each output sees every stride-th tap of the kernel.
  Moments product(ConvTransposeOp op) const {
    ArrayRef<int64_t> weight = shapeOf(op.getWeight());
    double fanIn = terms(weight[0]) / double(op.getGroups());
    for (auto [tap, stride] : llvm::zip(weight.drop_front(2), op.getStride()))
      fanIn *= std::max(1.0, terms(tap) / double(stride));
    return weighted(op.getInput(), op.getWeight(), op.getBias(), fanIn);
  }
  Moments product(EmbeddingOp op) const {
    Moments rows = of(op.getWeight());
    return {rows.mean, rows.square, rows.variance()};
  }

  /// The values' way through it: the softmax averages them.
  Moments attention(AttentionOp op) const {
    Value weight = op.getInProjWeight() ? op.getInProjWeight() : op.getVProjWeight();
    Moments values = sum(sumOfProducts(terms(shapeOf(weight)[1]), of(op.getValue()), of(weight)),
                         of(op.getInProjBias()));
    return sum(
        sumOfProducts(terms(shapeOf(op.getOutProjWeight())[1]), values, of(op.getOutProjWeight())),
        of(op.getOutProjBias()));
  }

  /// One step from a zero state: tanh of the projected input, and with gates a
  /// sigmoid of about a half on it.
  Moments gated(Operation *op, Value input, Value weight) const {
    Moments sums = sumOfProducts(terms(shapeOf(weight)[1]), of(input), of(weight));
    Moments bent = throughFunction(sums, [](double x) { return std::tanh(x); });
    return isa<RnnOp, RnnCellOp>(op) ? bent : times(bent, 0.5);
  }
  template <typename Recurrent> Moments recurrent(Recurrent op) const {
    return gated(op, op.getInput(), op.getWeights().front());
  }

  Moments affine(Moments x, Value weight, Value bias) const {
    Moments scaled = weight ? sumOfProducts(1, x, of(weight)) : x;
    return bias ? sum(scaled, of(bias)) : scaled;
  }
  /// Over the batch: what all inputs share is taken away with the mean.
  template <typename Norm> Moments statistics(Norm op) const {
    Moments x = of(op.getInput());
    double eps = op.getEps().convertToDouble();
    double own = x.signal / (x.signal + eps);
    Moments y{0, std::isfinite(own) ? own : 0, std::isfinite(own) ? own : 0};
    return affine(y, op.getWeight(), op.getBias());
  }
  Moments norm(BatchNormOp op) const { return statistics(op); }
  Moments norm(InstanceNormOp op) const { return statistics(op); }
  template <typename Norm> Moments norm(Norm op) const {
    return affine(normalized(of(op.getInput()), op.getEps().convertToDouble(), true),
                  op.getWeight(), op.getBias());
  }
  Moments norm(RmsNormOp op) const {
    double eps = op.getEps().value_or(llvm::APFloat(0x1p-23)).convertToDouble();
    return affine(normalized(of(op.getInput()), eps, false), op.getWeight(), {});
  }

  /// Deep chains come to a fixed point: its quadrature is done once.
  Moments activation(ActivationOp op) {
    Moments x = of(op.getInput());
    const ScalarRow *row = findScalar(op.getKind());
    if (!row)
      return x;
    auto key = std::make_tuple(op.getKindAttr().getAsOpaquePointer(), op.getParametersAttr(),
                               std::array{x.mean, x.square, x.signal});
    if (last && lastKey == key)
      return *last;
    lastKey = key;
    last = throughFunction(x, [&](double v) { return row->value(v, op.getParameters()); });
    return *last;
  }

  /// exp of a normal number, divided by a sum of n: about 1/n each.
  Moments softmax(SoftmaxOp op) const {
    Moments x = of(op.getInput());
    ArrayRef<int64_t> shape = shapeOf(op.getInput());
    int64_t dim = op.getDim() < 0 ? int64_t(op.getDim()) + int64_t(shape.size()) : op.getDim();
    double mean = 1 / terms(shape[size_t(dim)]);
    double square = mean * mean * std::min(std::exp(x.variance()), 1 / mean);
    double spread = square - mean * mean;
    double share = x.variance() > 0 ? std::min(x.signal / x.variance(), 1.0) : 0;
    return {mean, square, spread * share};
  }
  Moments softmax(LogSoftmaxOp op) const { return of(op.getInput()); }

  Moments binary(AddOp op) const { return sum(of(op.getLeft()), of(op.getRight())); }
  Moments binary(SubtractOp op) const { return sum(of(op.getLeft()), of(op.getRight()), -1); }
  Moments binary(MultiplyOp op) const {
    if (op.getLeft() == op.getRight())
      return throughFunction(of(op.getLeft()), [](double x) { return x * x; });
    return sumOfProducts(1, of(op.getLeft()), of(op.getRight()));
  }

  /// Mean and signal stay, the noise of the mask comes on top.
  Moments dropout(DropoutOp op) const {
    Moments x = of(op.getInput());
    double p = op.getP().convertToDouble();
    if (p >= 1)
      return {};
    bool alpha = op.getKind() == DropoutKind::Alpha || op.getKind() == DropoutKind::FeatureAlpha;
    return alpha ? x : Moments{x.mean, x.square / (1 - p), x.signal};
  }

  Moments reduce(ReduceOp op) const {
    Moments x = of(op.getInput());
    if (op.getKind() == ReduceKind::Var)
      return {x.variance(), 3 * x.variance() * x.variance(), x.variance() * x.signal};
    if (op.getKind() != ReduceKind::Sum)
      return x;
    double from = countElements(op.getInput().getType()), to = countElements(op.getType());
    double n = from > 0 && to > 0 ? from / to : 1;
    return {n * x.mean, n * x.variance() + n * n * x.mean * x.mean, n * x.signal};
  }

  Moments mixed(ValueRange values) const {
    Moments all;
    for (Value value : values) {
      Moments x = of(value);
      all.mean += x.mean / double(values.size());
      all.square += x.square / double(values.size());
      all.signal += x.signal / double(values.size());
    }
    return all;
  }

  static Moments leaky(Moments input, double slope) {
    return throughFunction(input, [&](double x) { return x > 0 ? x : slope * x; });
  }
  static Moments glu(Moments x) {
    Moments gate = throughFunction(x, [](double v) { return 1 / (1 + std::exp(-v)); });
    return sumOfProducts(1, x, gate);
  }

  llvm::DenseMap<Value, Moments> &known;
  std::tuple<const void *, DenseF64ArrayAttr, std::array<double, 3>> lastKey;
  std::optional<Moments> last;
};
} // namespace

MomentMap::MomentMap(KernelOp kernel) {
  for (BlockArgument input : kernel.getArguments())
    known[input] = {0, 1, 1};
  MomentRules rules(known);
  for (Operation &op : kernel.getBody().front()) {
    if (op.getNumResults() == 0)
      continue;
    Moments all = rules.result(op);
    for (Value result : op.getResults())
      known[result] = all;
  }
}
