//===- NetBuilder.cpp - Builds a kernel's body with torch's names ---------===//

#include "tez/Blueprint/NetBuilder.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include "tez/Support/AttributeNames.h"
#include "tez/Support/CheckedMath.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

//===----------------------------------------------------------------------===//
// Limits
//===----------------------------------------------------------------------===//

StringRef tez::blueprint::faultOfStatePart(StringRef part) {
  if (part.empty())
    return "it is empty";
  if (!llvm::json::isUTF8(part))
    return "it is not valid UTF-8";
  if (llvm::any_of(part, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    return "it has a control character";
  if (!isAttributeName(part))
    return "every module has an attribute of this name";
  return {};
}

static bool checkName(Location location, StringRef name) {
  if (name.split('.').first == "forward") {
    emitError(location) << "'" << name
                        << "' cannot be in a state dict: forward is the kernel's method";
    return false;
  }
  for (StringRef part : llvm::split(name, '.'))
    if (StringRef fault = faultOfStatePart(part); !fault.empty()) {
      emitError(location) << "'" << part << "' cannot name a part of the state dict: " << fault;
      return false;
    }
  return true;
}

bool StateBudget::take(Location location, StringRef name, ArrayRef<int64_t> shape, Type element,
                       bool trainable) {
  if (!checkName(location, name))
    return false;
  auto refuse = [&](const Twine &limit) {
    emitError(location) << "'" << name << "' of shape " << esper::dimsToString(shape)
                        << " exceeds the limit of " << limit;
    return false;
  };
  std::optional<int64_t> count = checkedProduct(shape);
  std::optional<int64_t> total = count && trainable ? checkedAdd(parameters, *count) : count;
  if (trainable && (!total || *total > limits.parameters))
    return refuse(Twine(limits.parameters) + " parameters in total");
  unsigned width = (element.getIntOrFloatBitWidth() + 7) / 8;
  std::optional<int64_t> size = count ? checkedMul(*count, width) : std::nullopt;
  std::optional<int64_t> allBytes = size ? checkedAdd(bytes, *size) : std::nullopt;
  if (!allBytes || *allBytes > limits.bytes)
    return refuse(Twine(limits.bytes) + " bytes of parameters and buffers");
  if (trainable)
    parameters = *total;
  bytes = *allBytes;
  return true;
}

bool NetBuilder::countLayer() {
  if (layersLeft-- > 0)
    return true;
  emitError(location) << "expected at most " << mostLayers
                      << " layers (the limit on layers), found more";
  return false;
}

//===----------------------------------------------------------------------===//
// State
//===----------------------------------------------------------------------===//

template <typename Op>
Value NetBuilder::createState(const std::string &name, ArrayRef<int64_t> shape, Type element,
                              esper::InitAttr init) {
  if (Value known = sharesState ? state(name) : Value())
    return known;
  if (!budget.take(location, name, shape, element, std::is_same_v<Op, esper::ParamOp>))
    return {};
  return states[name] =
             Op::create(builder, location, RankedTensorType::get(shape, element), name, init);
}

Value NetBuilder::parameter(StringRef path, StringRef name, ArrayRef<int64_t> shape,
                            esper::InitAttr init) {
  return createState<esper::ParamOp>(joinPath(path, name), shape, builder.getF32Type(), init);
}

Value NetBuilder::buffer(StringRef path, StringRef name, ArrayRef<int64_t> shape, double value,
                         Type type) {
  return buffer(path, name, shape, constant(value), type);
}

Value NetBuilder::buffer(StringRef path, StringRef name, ArrayRef<int64_t> shape,
                         esper::InitAttr init, Type type) {
  return createState<esper::BufferOp>(joinPath(path, name), shape,
                                      type ? type : builder.getF32Type(), init);
}

Value NetBuilder::training(StringRef path) {
  return esper::TrainingOp::create(builder, location, path);
}

void NetBuilder::update(StringRef path, StringRef name, Value value) {
  pendingUpdates.emplace_back(joinPath(path, name), value);
}

//===----------------------------------------------------------------------===//
// Ranks
//===----------------------------------------------------------------------===//

SmallVector<unsigned> NetBuilder::argumentsOfFixedRank() const {
  SetVector<Value> seen(rankFixed.begin(), rankFixed.end());
  SmallVector<unsigned> arguments;
  for (size_t i = 0; i < seen.size(); ++i) {
    if (auto argument = dyn_cast<BlockArgument>(seen[i]))
      arguments.push_back(argument.getArgNumber());
    else
      seen.insert_range(seen[i].getDefiningOp()->getOperands());
  }
  llvm::sort(arguments);
  return arguments;
}

//===----------------------------------------------------------------------===//
// Initialisers
//===----------------------------------------------------------------------===//

esper::InitAttr NetBuilder::uniform(double low, double high) {
  return esper::InitAttr::get(context(), esper::InitKind::Uniform, low, high);
}

esper::InitAttr NetBuilder::normal(double mean, double deviation, int64_t zeroRow) {
  return esper::InitAttr::get(context(), esper::InitKind::Normal, mean, deviation, zeroRow);
}

esper::InitAttr NetBuilder::constant(double value) {
  return esper::InitAttr::get(context(), esper::InitKind::Constant, value);
}
