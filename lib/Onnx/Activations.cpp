//===- Activations.cpp - esper.activation and its like ---------------------===//
//
// Formulas are those of torch.nn; what ONNX has an operator for is left to it.
//
//===----------------------------------------------------------------------===//

#include "Emitters.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::onnx;
using namespace tez::esper;

using Parameters = ArrayRef<double>;
using Function = Name (*)(Name x, Parameters p, Graph &g);

/// x / 2 * (1 + inner)
static Name halfOf(Name x, Name inner, Graph &g) {
  return g.multiply(g.multiply(x, g.number(0.5)), g.add(inner, g.number(1)));
}

static Name gelu(Name x, Parameters, Graph &g) {
  return halfOf(x, g.node("Erf", {g.multiply(x, g.number(std::sqrt(0.5)))}), g);
}

static Name geluTanh(Name x, Parameters, Graph &g) {
  Name cube = g.multiply(g.multiply(x, x), x);
  Name inner = g.add(x, g.multiply(cube, g.number(0.044715)));
  return halfOf(x, g.node("Tanh", {g.multiply(inner, g.number(std::sqrt(2 / M_PI)))}), g);
}

static Name softplus(Name x, Parameters p, Graph &g) {
  Name scaled = g.multiply(x, g.number(p[0]));
  Name curve = g.divide(g.node("Softplus", {scaled}), g.number(p[0]));
  return g.where(g.node("Greater", {scaled, g.number(p[1])}), x, curve);
}

static Name logSigmoid(Name x, Parameters, Graph &g) {
  return g.node("Neg", {g.node("Softplus", {g.node("Neg", {x})})});
}

static Name clip(Name x, double low, double high, Graph &g) {
  return g.node("Clip", {x, g.number(low), g.number(high)});
}

static Name threshold(Name x, Parameters p, Graph &g) {
  return g.where(g.node("Greater", {x, g.number(p[0])}), x, g.number(p[1]));
}

static Name hardshrink(Name x, Parameters p, Graph &g) {
  Name small = g.node("LessOrEqual", {g.node("Abs", {x}), g.number(p[0])});
  return g.where(small, g.number(0), x);
}

/// What ONNX has under another name.
static const llvm::StringMap<StringRef> &operators() {
  static const llvm::StringMap<StringRef> table = {
      {"relu", "Relu"},
      {"mish", "Mish"},
      {"tanh", "Tanh"},
      {"sigmoid", "Sigmoid"},
      {"hardswish", "HardSwish"},
      {"selu", "Selu"},
      {"neg", "Neg"},
      {"exp", "Exp"},
      {"log", "Log"},
      {"sqrt", "Sqrt"},
      {"abs", "Abs"},
      {"round", "Round"},
      {"floor", "Floor"},
      {"sign", "Sign"},
      {"sin", "Sin"},
      {"cos", "Cos"},
      {"tan", "Tan"},
      {"asin", "Asin"},
      {"acos", "Acos"},
      {"atan", "Atan"},
      {"asinh", "Asinh"},
      {"erf", "Erf"},
  };
  return table;
}

static const llvm::StringMap<Function> &functions() {
  static const llvm::StringMap<Function> table = {
      {"relu6", [](Name x, Parameters, Graph &g) { return clip(x, 0, 6, g); }},
      {"gelu", gelu},
      {"gelu_tanh", geluTanh},
      {"silu", [](Name x, Parameters, Graph &g) { return g.multiply(x, g.node("Sigmoid", {x})); }},
      {"log_sigmoid", logSigmoid},
      {"hardsigmoid",
       [](Name x, Parameters, Graph &g) {
         return g.node("HardSigmoid", {x}, {{"alpha", 1.0 / 6}, {"beta", 0.5}});
       }},
      {"elu", [](Name x, Parameters p, Graph &g) { return g.node("Elu", {x}, {{"alpha", p[0]}}); }},
      {"celu",
       [](Name x, Parameters p, Graph &g) { return g.node("Celu", {x}, {{"alpha", p[0]}}); }},
      {"leaky_relu",
       [](Name x, Parameters p, Graph &g) { return g.node("LeakyRelu", {x}, {{"alpha", p[0]}}); }},
      {"softplus", softplus},
      {"hardtanh", [](Name x, Parameters p, Graph &g) { return clip(x, p[0], p[1], g); }},
      {"threshold", threshold},
      {"clamp", [](Name x, Parameters p, Graph &g) { return clip(x, p[0], p[1], g); }},
      {"log1p",
       [](Name x, Parameters, Graph &g) { return g.node("Log", {g.add(x, g.number(1))}); }},
      {"expm1",
       [](Name x, Parameters, Graph &g) { return g.add(g.node("Exp", {x}), g.number(-1)); }},
      {"hardshrink", hardshrink},
      {"softshrink",
       [](Name x, Parameters p, Graph &g) {
         return g.node("Shrink", {x}, {{"bias", p[0]}, {"lambd", p[0]}});
       }},
      {"rsqrt",
       [](Name x, Parameters, Graph &g) { return g.node("Reciprocal", {g.node("Sqrt", {x})}); }},
      {"square", [](Name x, Parameters, Graph &g) { return g.multiply(x, x); }},
      {"add_scalar", [](Name x, Parameters p, Graph &g) { return g.add(x, g.number(p[0])); }},
      {"pow", [](Name x, Parameters p, Graph &g) { return g.node("Pow", {x, g.number(p[0])}); }},
  };
  return table;
}

static Name activation(ActivationOp op, Graph &g) {
  StringRef kind = op.getKind();
  Name x = g(op.getInput());
  if (!getElementTypeOrSelf(op.getInput()).isF32())
    return refuse(op, "'" + kind + "' of something other than fp32");
  if (StringRef name = operators().lookup(kind); !name.empty())
    return g.node(name, {x});
  if (Function make = functions().lookup(kind))
    return make(x, op.getParameters(), g);
  return refuse(op, "nobody has written '" + kind + "' yet");
}

/// One slope, or one a channel, which is the second dimension.
static Name prelu(PReluOp op, Graph &g) {
  SmallVector<int64_t> shape(std::max<int64_t>(rankOf(op.getInput()) - 1, 1), 1);
  shape[0] = -1;
  return g.node("PRelu", {g(op.getInput()), g.reshape(g(op.getWeight()), shape)});
}

static Name glu(GluOp op, Graph &g) {
  Names halves = g.nodes("Split", {g(op.getInput())},
                         {{"axis", int64_t(op.getDim())}, {"num_outputs", int64_t(2)}}, 2);
  return g.multiply(halves[0], g.node("Sigmoid", {halves[1]}));
}

void Emitters::addActivations() {
  add<ActivationOp>(activation);
  add<PReluOp>(prelu);
  add<GluOp>(glu);
  add<SoftmaxOp>([](SoftmaxOp op, Graph &g) {
    return g.node("Softmax", {g(op.getInput())}, {{"axis", int64_t(op.getDim())}});
  });
  add<LogSoftmaxOp>([](LogSoftmaxOp op, Graph &g) {
    return g.node("LogSoftmax", {g(op.getInput())}, {{"axis", int64_t(op.getDim())}});
  });
}
