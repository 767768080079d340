//===- Support.cpp - What the torch.nn layers are written with ------------===//

#include "Support.h"
#include "tez/Dialect/Esper/ShapeRules.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

void tez::blueprint::refuseFactoryArguments(json::Fields &fields) {
  fields.refuse("device", "a kernel lives where its host puts it: device is not supported");
  fields.refuse("dtype", "kernels are built in float32: dtype is not supported");
}

json::Value tez::blueprint::placeOf(json::Fields &fields, std::string_view name) {
  return fields.raw(name).value_or(fields.place());
}

bool tez::blueprint::checkDivides(json::Fields &fields, std::string_view name,
                                  std::optional<int64_t> divisor, std::string_view what,
                                  std::optional<int64_t> value) {
  if (!divisor || !value)
    return false;
  if (*value % *divisor == 0)
    return true;
  fields.error(name, "expected a divisor of " + std::string(what) + " (" + std::to_string(*value) +
                         "), found " + std::to_string(*divisor));
  return false;
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

RankedTensorType tez::blueprint::floats(MLIRContext *context, ArrayRef<int64_t> sizes) {
  return RankedTensorType::get(sizes, Float32Type::get(context));
}

RankedTensorType tez::blueprint::image(MLIRContext *context, int64_t channels, int64_t spatial) {
  SmallVector<int64_t> sizes(spatial + 2, kAnySize);
  sizes[1] = channels;
  return floats(context, sizes);
}

RankedTensorType tez::blueprint::resized(RankedTensorType type, int64_t dim, int64_t size) {
  std::optional<int64_t> index = esper::normalizeDim(dim, type.getRank());
  if (!index)
    return type;
  SmallVector<int64_t> sizes(type.getShape());
  sizes[*index] = size;
  return type.clone(sizes);
}

RankedTensorType tez::blueprint::anySpatial(RankedTensorType type) {
  for (int64_t dim = 2; dim < type.getRank(); ++dim)
    type = resized(type, dim, kAnySize);
  return type;
}

RankedTensorType tez::blueprint::mergeTypes(RankedTensorType strong, RankedTensorType weak) {
  if (!strong || !weak)
    return strong ? strong : weak;
  if (strong.getRank() != weak.getRank())
    return strong;
  SmallVector<int64_t> sizes;
  for (auto [a, b] : llvm::zip(strong.getShape(), weak.getShape()))
    sizes.push_back(esper::mergeDims(a, b));
  return strong.clone(sizes);
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Value tez::blueprint::valueOr(NetBuilder &net, Value input, llvm::function_ref<Value()> fallback) {
  if (!isa<esper::OptionalType>(input.getType()))
    return input;
  Value other = fallback();
  if (!other)
    return {};
  auto type = cast<esper::OptionalType>(input.getType()).getTensor();
  return esper::ValueOrOp::create(net.ops(), net.loc(), type, input, other);
}

Value tez::blueprint::requireRank(NetBuilder &net, Value value, ArrayRef<int64_t> ranks,
                                  std::string_view layer) {
  if (llvm::is_contained(ranks, typeOf(value).getRank()))
    return value;
  std::string expected;
  for (int64_t rank : ranks)
    expected += (expected.empty() ? "" : " or ") + std::to_string(rank);
  emitError(net.loc()) << layer << " expects an input of rank " << expected << ", found "
                       << esper::dimsToString(typeOf(value).getShape());
  return {};
}

Value tez::blueprint::asBatch(NetBuilder &net, Value input, int64_t rank,
                              llvm::function_ref<Value(Value)> function) {
  if (typeOf(input).getRank() != rank - 1)
    return function(input);
  Value batch = make<esper::UnsqueezeOp>(net, input, 0);
  Value result = batch ? function(batch) : Value();
  return result ? make<esper::SqueezeOp>(net, result, 0) : Value();
}

Values UnaryLayer::build(NetBuilder &net, StringRef path, ValueRange inputs) const {
  At at(net, place);
  Value result = apply(net, path, inputs.front());
  return result ? Values{result} : Values{};
}
