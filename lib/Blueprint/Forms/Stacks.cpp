//===- Stacks.cpp - Layer upon layer, as the fixed architectures have it --===//

#include "Stacks.h"
#include "../Layers/Linear.h"
#include "tez/Support/CheckedMath.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

Value tez::blueprint::activate(NetBuilder &net, StringRef kind, Value input) {
  return make<esper::ActivationOp>(net, kind, ArrayRef<double>{}, input);
}

Values tez::blueprint::poolAndFlatten(NetBuilder &net, Value input) {
  Value pooled =
      input ? make<esper::AdaptiveAvgPoolOp>(net, input, ArrayRef<int64_t>{1, 1}) : Value();
  Value flat = pooled ? make<esper::FlattenOp>(net, pooled, 1, -1) : Value();
  return flat ? Values{flat} : Values{};
}

//===----------------------------------------------------------------------===//
// Linear
//===----------------------------------------------------------------------===//

void LinearStack::add(json::Fields &f, std::string_view name, int64_t size) {
  sizes.push_back(size);
  places.push_back(placeOf(f, name));
}

Network LinearStack::network() const {
  return Network{{},
                 place,
                 {{"input", floats(context, {kAnySize, sizes.front()})}},
                 [stack = *this](NetBuilder &net, ValueRange inputs) {
                   return stack.build(net, inputs.front());
                 }};
}

Values LinearStack::build(NetBuilder &net, Value x) const {
  int64_t index = 0;
  auto next = [&] { return std::to_string(index++); };
  for (size_t i = 1; x && i < sizes.size(); ++i) {
    // A weight that is too large is so by its larger side.
    At at(net, places[sizes[i - 1] > sizes[i] ? i - 1 : i]);
    LinearState linear = LinearState::create(net, next(), sizes[i - 1], sizes[i], true);
    x = linear ? linear.apply(net, x) : Value();
    if (!x || i + 1 == sizes.size())
      break;
    next();
    x = activate(net, activation, x);
    if (x && dropout > 0)
      x = make<esper::DropoutOp>(net, x, net.training(next()), llvm::APFloat(dropout),
                                 esper::DropoutKind::Element);
  }
  return x ? Values{x} : Values{};
}

//===----------------------------------------------------------------------===//
// Conv
//===----------------------------------------------------------------------===//

Value ConvBlock::convolve(NetBuilder &net, StringRef path, Value input) const {
  At at(net, place);
  // The bound is wanted even where the size itself is beyond all limits.
  double bound = kaimingBound(double(in) * double(kernel) * double(kernel));
  Value weight =
      net.parameter(path, "weight", {out, in, kernel, kernel}, net.uniform(-bound, bound));
  Value bias = weight ? net.parameter(path, "bias", {out}, net.uniform(-bound, bound)) : Value();
  if (!bias)
    return {};
  return make<esper::ConvOp>(net, input, weight, bias, ArrayRef<int64_t>{stride, stride},
                             ArrayRef<int64_t>{padding, padding}, ArrayRef<int64_t>{1, 1}, 1);
}

Value ConvBlock::normalize(NetBuilder &net, StringRef path, Value input) const {
  At at(net, place);
  ScaleState scale;
  if (!scale.create(net, path, {out}, /*affine=*/true, /*hasBias=*/true))
    return {};
  Value mean = net.buffer(path, "running_mean", {out}, 0);
  Value variance = mean ? net.buffer(path, "running_var", {out}, 1) : Value();
  Value count =
      variance ? net.buffer(path, "num_batches_tracked", {}, 0, net.ops().getI64Type()) : Value();
  if (!count)
    return {};
  Value training = net.training(path);
  auto op =
      net.create<esper::BatchNormOp>(input, scale.weight, scale.bias, mean, variance, training,
                                     /*count=*/Value(), llvm::APFloat(0.1), llvm::APFloat(1e-5));
  if (!op)
    return {};
  net.update(path, "running_mean", op.getNewMean());
  net.update(path, "running_var", op.getNewVar());
  net.update(path, "num_batches_tracked",
             esper::IncrementOp::create(net.ops(), net.loc(), count.getType(), count, training));
  return op.getOutput();
}
