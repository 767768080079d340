//===- Activation.cpp - Functions of each element -------------------------===//

#include "Support.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

namespace {
/// A number that the constructor takes. `name` null: no such argument.
struct Argument {
  const char *name = nullptr;
  double fallback = 0;
  bool required = false;
  json::NumberRange range = {};
};

/// A class of the closed list and the function of esper.activation it is.
struct ActivationRow {
  const char *name, *function;
  bool inplace = false;
  Argument arguments[2] = {};
};

constexpr bool kInplace = true;

constexpr ActivationRow rows[] = {
    {"ReLU", "relu", kInplace},
    {"ReLU6", "relu6", kInplace},
    {"LeakyReLU", "leaky_relu", kInplace, {{"negative_slope", 0.01}}},
    {"ELU", "elu", kInplace, {{"alpha", 1.0}}},
    {"SELU", "selu", kInplace},
    {"CELU", "celu", kInplace, {{"alpha", 1.0}}},
    {"SiLU", "silu", kInplace},
    {"Mish", "mish", kInplace},
    {"Sigmoid", "sigmoid"},
    {"Tanh", "tanh"},
    {"LogSigmoid", "log_sigmoid"},
    {"Hardswish", "hardswish", kInplace},
    {"Hardsigmoid", "hardsigmoid", kInplace},
    {"Hardtanh", "hardtanh", kInplace, {{"min_val", -1.0}, {"max_val", 1.0}}},
    {"Softplus", "softplus", !kInplace, {{"beta", 1.0}, {"threshold", 20.0}}},
    {"Softshrink", "softshrink", !kInplace, {{"lambd", 0.5, false, {.min = 0}}}},
    {"Hardshrink", "hardshrink", !kInplace, {{"lambd", 0.5}}},
    {"Threshold", "threshold", kInplace, {{"threshold", 0, true}, {"value", 0, true}}},
};

class ActivationLayer : public UnaryLayer {
public:
  ActivationLayer(json::Fields &f, std::string function, std::vector<double> parameters = {})
      : UnaryLayer(f.place()), function(std::move(function)), parameters(std::move(parameters)) {}

  Value apply(NetBuilder &net, StringRef, Value input) const override {
    return make<esper::ActivationOp>(net, function, parameters, input);
  }

private:
  std::string function;
  std::vector<double> parameters;
};

/// input / (|input| + 1)
class SoftsignLayer : public UnaryLayer {
public:
  explicit SoftsignLayer(json::Fields &f) : UnaryLayer(f.place()) {}
  Value apply(NetBuilder &net, StringRef, Value input) const override {
    Value size = make<esper::ActivationOp>(net, "abs", ArrayRef<double>{}, input);
    Value divisor =
        size ? make<esper::ActivationOp>(net, "add_scalar", ArrayRef<double>{1.0}, size) : Value();
    return divisor ? make<esper::DivideOp>(net, input, divisor) : Value();
  }
};

/// input - tanh(input)
class TanhshrinkLayer : public UnaryLayer {
public:
  explicit TanhshrinkLayer(json::Fields &f) : UnaryLayer(f.place()) {}
  Value apply(NetBuilder &net, StringRef, Value input) const override {
    Value bent = make<esper::ActivationOp>(net, "tanh", ArrayRef<double>{}, input);
    return bent ? make<esper::SubtractOp>(net, input, bent) : Value();
  }
};

class RReluLayer : public UnaryLayer {
public:
  RReluLayer(json::Fields &f, double lower, double upper)
      : UnaryLayer(f.place()), lower(lower), upper(upper) {}

  Value apply(NetBuilder &net, StringRef path, Value input) const override {
    return make<esper::RReluOp>(net, input, net.training(path), llvm::APFloat(lower),
                                llvm::APFloat(upper));
  }

private:
  double lower, upper;
};

class PReluLayer : public UnaryLayer {
public:
  PReluLayer(json::Fields &f, int64_t count, double start)
      : UnaryLayer(placeOf(f, "num_parameters")), count(count), start(start) {}

  /// With one slope for each channel, these are dimension 1.
  std::vector<Input> inputs(MLIRContext *context) const override {
    return {{"input", count == 1 ? RankedTensorType() : image(context, count, 0)}};
  }
  RankedTensorType inputFor(RankedTensorType output) const override {
    return count == 1 ? output : resized(output, 1, count);
  }
  Value apply(NetBuilder &net, StringRef path, Value input) const override {
    Value weight = net.parameter(path, "weight", {count}, net.constant(start));
    return weight ? make<esper::PReluOp>(net, input, weight) : Value();
  }

private:
  int64_t count;
  double start;
};
} // namespace

/// What torch asks of the numbers beyond their ranges.
static void checkNumbers(json::Fields &f, StringRef name, ArrayRef<double> numbers) {
  if (name == "CELU" && numbers[0] == 0)
    f.error("alpha", "expected a number other than 0, found 0");
  if (name == "Hardtanh" && f.ok() && numbers[1] <= numbers[0])
    f.error("max_val", "expected a number greater than min_val");
}

static LayerPtr readActivation(json::Fields &f, const ActivationRow &row) {
  std::vector<double> numbers;
  for (const Argument &argument : row.arguments) {
    if (!argument.name)
      break;
    numbers.push_back(argument.required
                          ? f.number(argument.name, argument.range).value_or(argument.fallback)
                          : f.numberOr(argument.name, argument.fallback, argument.range));
  }
  if (row.inplace)
    ignoreInplace(f);
  checkNumbers(f, row.name, numbers);
  return f.ok() ? std::make_unique<ActivationLayer>(f, row.function, numbers) : nullptr;
}

static LayerPtr readGelu(json::Fields &f) {
  bool tanh = f.oneOf("approximate", {"none", "tanh"}, "none") == "tanh";
  return f.ok() ? std::make_unique<ActivationLayer>(f, tanh ? "gelu_tanh" : "gelu") : nullptr;
}

static LayerPtr readPRelu(json::Fields &f) {
  int64_t count = f.integerOr("num_parameters", 1, json::kLayerSize);
  double start = f.numberOr("init", 0.25);
  refuseFactoryArguments(f);
  return f.ok() ? std::make_unique<PReluLayer>(f, count, start) : nullptr;
}

/// A class without arguments.
template <typename T> static LayerPtr readPlain(json::Fields &f) {
  return f.ok() ? std::make_unique<T>(f) : nullptr;
}

static LayerPtr readRRelu(json::Fields &f) {
  double lower = f.numberOr("lower", 1.0 / 8), upper = f.numberOr("upper", 1.0 / 3);
  ignoreInplace(f);
  if (f.ok() && upper < lower)
    f.error("upper", "expected a number of at least lower");
  return f.ok() ? std::make_unique<RReluLayer>(f, lower, upper) : nullptr;
}

LayerTable tez::blueprint::activationLayers() {
  LayerTable table = tableOf<rows, readActivation>();
  table.push_back({"GELU", readGelu});
  table.push_back({"PReLU", readPRelu});
  table.push_back({"RReLU", readRRelu});
  table.push_back({"Softsign", readPlain<SoftsignLayer>});
  table.push_back({"Tanhshrink", readPlain<TanhshrinkLayer>});
  return table;
}
