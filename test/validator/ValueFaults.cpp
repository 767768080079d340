//===- ValueFaults.cpp - Faults that change what is computed --------------===//

#include "Faults.h"
#include "mlir/IR/Builders.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::test;

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

static bool hasBias(ts::CallOp call) {
  return call.getCallee().starts_with("aten::conv") || call.getCallee() == "aten::linear"
             ? bool(operandAt(call, 2))
             : false;
}

/// linear(x, w, b) becomes linear(x, w).
static bool loseBias(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, hasBias);
  if (!call)
    return false;
  call->eraseOperand(2);
  setLiteral(call, 2, none(call.getContext()));
  return true;
}

/// The weights of two layers of the same shape change places.
static bool swapWeights(ts::ModuleOp module, Chance &chance) {
  llvm::StringMap<Type> types;
  for (auto parameter : module.getBody().getOps<ts::ParameterOp>())
    types[parameter.getName()] = parameter.getType();
  SmallVector<std::pair<ts::GetOp, ts::GetOp>> pairs;
  SmallVector<ts::GetOp> gets;
  module.walk([&](ts::GetOp get) {
    if (types.contains(get.getName()) && !get->use_empty())
      gets.push_back(get);
  });
  for (auto [i, a] : llvm::enumerate(gets))
    for (ts::GetOp b : ArrayRef(gets).drop_front(i + 1))
      if (types[a.getName()] == types[b.getName()] && a.getName() != b.getName() &&
          cast<RankedTensorType>(types[a.getName()]).getRank() >= 2)
        pairs.push_back({a, b});
  if (pairs.empty())
    return false;
  auto [a, b] = pairs[chance() % pairs.size()];
  auto name = a.getNameAttr();
  a.setNameAttr(b.getNameAttr());
  b.setNameAttr(name);
  return true;
}

/// x - y becomes y - x, x / y becomes y / x.
static bool swapOperands(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, [](ts::CallOp call) {
    return calls(call, {"aten::sub", "aten::div"}) && call.getNumOperands() == 2 &&
           call.getOperand(0) != call.getOperand(1);
  });
  if (!call)
    return false;
  Value first = call.getOperand(0);
  call->setOperand(0, call.getOperand(1));
  call->setOperand(1, first);
  return true;
}

/// x + y becomes x - y.
static bool flipSign(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, [](ts::CallOp call) {
    return calls(call, {"aten::add"}) && call.getNumOperands() == 2;
  });
  if (!call)
    return false;
  call.setCallee("aten::sub");
  return true;
}

/// x + f(x) becomes x + 0 * f(x): the second operand is lost, the shape stays.
static bool loseResidual(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, [](ts::CallOp call) {
    return calls(call, {"aten::add", "aten::sub"}) && call.getNumOperands() == 2 &&
           literal(call, 2);
  });
  if (!call)
    return false;
  setLiteral(call, 2, number(call.getContext(), 0));
  return true;
}

//===----------------------------------------------------------------------===//
// Literals
//===----------------------------------------------------------------------===//

/// The place of eps in a norm's arguments.
static std::optional<unsigned> epsOf(ts::CallOp call) {
  if (calls(call, {"aten::batch_norm", "aten::instance_norm"}))
    return 7;
  if (calls(call, {"aten::layer_norm", "aten::group_norm"}))
    return 4;
  if (calls(call, {"aten::rms_norm"}))
    return 3;
  return std::nullopt;
}

/// eps ten times as large.
static bool spoilEps(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, [](ts::CallOp call) {
    auto index = epsOf(call);
    return index && isa_and_nonnull<FloatAttr>(literal(call, *index));
  });
  if (!call)
    return false;
  double eps = cast<FloatAttr>(literal(call, *epsOf(call))).getValueAsDouble();
  setLiteral(call, *epsOf(call), number(call.getContext(), 10 * eps + 1e-12));
  return true;
}

static bool useTanhGelu(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, [](ts::CallOp call) {
    auto kind = dyn_cast_or_null<StringAttr>(literal(call, 1));
    return calls(call, {"aten::gelu", "aten::gelu_"}) && kind && kind.getValue() == "none";
  });
  if (!call)
    return false;
  setLiteral(call, 1, StringAttr::get(call.getContext(), "tanh"));
  return true;
}

/// The neighbour of a dimension.
static Attribute moved(Attribute dim) {
  int64_t value = cast<IntegerAttr>(dim).getInt();
  return integer(dim.getContext(), value == -1 ? -2 : value - 1);
}

/// softmax, sum, mean ... over the neighbouring dimension.
static bool useWrongAxis(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, [](ts::CallOp call) {
    if (calls(call, {"aten::softmax", "aten::log_softmax", "aten::glu", "aten::cumsum"}))
      return isa_and_nonnull<IntegerAttr>(literal(call, 1));
    auto dims = dyn_cast_or_null<DenseI64ArrayAttr>(literal(call, 1));
    return calls(call, {"aten::sum", "aten::mean", "aten::amax", "aten::amin", "aten::flip"}) &&
           dims && dims.size() == 1;
  });
  if (!call)
    return false;
  if (isa<IntegerAttr>(literal(call, 1)))
    return setLiteral(call, 1, moved(literal(call, 1))), true;
  int64_t dim = cast<DenseI64ArrayAttr>(literal(call, 1))[0];
  setLiteral(call, 1, DenseI64ArrayAttr::get(call.getContext(), {dim == -1 ? -2 : dim - 1}));
  return true;
}

/// Padding larger by one, with the stride as it is.
static bool spoilPadding(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, [](ts::CallOp call) {
    return call.getCallee().starts_with("aten::conv") &&
           isa_and_nonnull<DenseI64ArrayAttr>(literal(call, 4));
  });
  if (!call)
    return false;
  SmallVector<int64_t> padding(cast<DenseI64ArrayAttr>(literal(call, 4)).asArrayRef());
  ++padding.back();
  setLiteral(call, 4, DenseI64ArrayAttr::get(call.getContext(), padding));
  return true;
}

/// A convolution's taps moved by one: padded at one side, cut at the other.
static bool shiftByOne(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, [](ts::CallOp call) {
    return call.getCallee().starts_with("aten::conv") || call.getCallee().contains("pool");
  });
  if (!call || call.getNumResults() != 1)
    return false;
  MLIRContext *context = call.getContext();
  Value shifted = makeCall(call, "aten::pad", call.getOperand(0),
                           {place(context), DenseI64ArrayAttr::get(context, {1, -1}),
                            StringAttr::get(context, "constant"), number(context, 0)});
  call->setOperand(0, shifted);
  return true;
}

static bool replaceActivation(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, [](ts::CallOp call) {
    return calls(call, {"aten::relu", "aten::silu", "aten::tanh", "aten::sigmoid", "aten::relu6"});
  });
  if (!call)
    return false;
  call.setCallee(call.getCallee() == "aten::silu" ? "aten::mish" : "aten::silu");
  return true;
}

/// Every tensor that a call makes, but indices and masks.
static bool makesValues(ts::CallOp call) {
  return call.getNumResults() == 1 && isa<ts::TensorType>(call.getResult(0).getType()) &&
         calls(call, {"aten::linear", "aten::matmul", "aten::conv1d", "aten::conv2d",
                      "aten::conv3d", "aten::relu", "aten::gelu", "aten::silu", "aten::tanh",
                      "aten::layer_norm", "aten::batch_norm", "aten::group_norm", "aten::softmax",
                      "aten::mul", "aten::add", "aten::sub", "aten::mean", "aten::sum"});
}

/// A value times 1.0001.
static bool scaleSlightly(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, makesValues);
  if (!call)
    return false;
  insertBehind(call.getResult(0), "aten::mul", number(call.getContext(), 1.0001));
  return true;
}

/// A value cut off beyond what N(0, 1) reaches.
static bool clampLarge(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, [](ts::CallOp call) {
    return calls(call, {"aten::linear", "aten::conv2d", "aten::conv1d"}) &&
           isa<BlockArgument>(call.getOperand(0));
  });
  if (!call)
    return false;
  MLIRContext *context = call.getContext();
  insertBehind(call.getResult(0), "aten::clamp", {number(context, -200), number(context, 200)});
  return true;
}

/// A value through 16 bits and back.
static bool losePrecision(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, makesValues);
  if (!call)
    return false;
  MLIRContext *context = call.getContext();
  constexpr int64_t half = 5; // c10::ScalarType
  Attribute no = BoolAttr::get(context, false);
  Value value = call.getResult(0);
  Value narrow = insertBehind(value, "aten::to", {integer(context, half), no, no, none(context)});
  Operation *next = narrow.getDefiningOp()->getNextNode();
  Value wide = makeCall(next, "aten::type_as", {narrow, value}, {place(context), place(context)});
  narrow.replaceAllUsesExcept(wide, wide.getDefiningOp());
  return true;
}

/// NaN becomes 0: sign(NaN) is 0.
static bool hideNan(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, makesValues);
  if (!call)
    return false;
  MLIRContext *context = call.getContext();
  Value y = call.getResult(0);
  Operation *next = call->getNextNode();
  Value sign = makeCall(next, "aten::sign", y, place(context));
  Value mask = makeCall(next, "aten::eq", sign, {place(context), number(context, 0)});
  Value clean = makeCall(next, "aten::masked_fill", {y, mask},
                         {place(context), place(context), number(context, 0)});
  y.replaceUsesWithIf(clean, [&](OpOperand &use) {
    return use.getOwner() != sign.getDefiningOp() && use.getOwner() != clean.getDefiningOp();
  });
  return true;
}

/// The scale in front of a softmax, or any factor, a little off.
static bool spoilFactor(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance, [](ts::CallOp call) {
    return calls(call, {"aten::mul", "aten::div", "aten::pow", "aten::elu", "aten::leaky_relu"}) &&
           isa_and_nonnull<FloatAttr>(literal(call, 1));
  });
  if (!call)
    return false;
  double factor = cast<FloatAttr>(literal(call, 1)).getValueAsDouble();
  setLiteral(call, 1, number(call.getContext(), factor * 1.01 + 1e-3));
  return true;
}

/// What takes any rank, where the blueprint has one.
static bool loseRankGuard(ts::ModuleOp module, Chance &) {
  SmallVector<ts::RequireRankOp> guards;
  module.walk([&](ts::RequireRankOp guard) { guards.push_back(guard); });
  for (ts::RequireRankOp guard : guards)
    guard.erase();
  return !guards.empty();
}

/// Causal attention sees one position ahead.
static bool spoilMask(ts::ModuleOp module, Chance &chance) {
  ts::CallOp call = pick(module, chance,
                         [](ts::CallOp call) { return calls(call, {"aten::tril", "aten::triu"}); });
  if (!call)
    return false;
  int64_t diagonal = cast<IntegerAttr>(literal(call, 1)).getInt();
  setLiteral(call, 1, integer(call.getContext(), diagonal + 1));
  return true;
}

ArrayRef<Fault> tez::test::valueFaults() {
  static constexpr Fault rows[] = {
      {"lost-bias", loseBias},
      {"swapped-weights", swapWeights},
      {"swapped-operands", swapOperands},
      {"flipped-sign", flipSign},
      {"lost-residual", loseResidual},
      {"wrong-eps", spoilEps},
      {"tanh-gelu", useTanhGelu},
      {"wrong-axis", useWrongAxis},
      {"wrong-padding", spoilPadding},
      {"shifted-by-one", shiftByOne},
      {"wrong-activation", replaceActivation},
      {"slightly-scaled", scaleSlightly},
      {"clamped-large", clampLarge},
      {"lost-precision", losePrecision},
      {"hidden-nan", hideNan},
      {"wrong-factor", spoilFactor},
      {"lost-rank-guard", loseRankGuard},
      {"wrong-mask", spoilMask},
  };
  return rows;
}
