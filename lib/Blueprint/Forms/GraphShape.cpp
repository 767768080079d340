//===- GraphShape.cpp - op_types that rearrange elements ------------------===//

#include "../Layers/Support.h"
#include "Graph.h"
#include "tez/Dialect/Esper/ShapeRules.h"
#include "tez/Support/CheckedMath.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

/// What a dimension may be before the rank is known.
static constexpr json::IntegerRange kDim{-64, 63};
static constexpr json::IntegerRange kSize{0, json::kLayerSize.max};

static Values listOf(Value value) { return value ? Values{value} : Values{}; }

/// One operand in, one result out. What the op refuses is the fault of `field`.
template <typename Function>
static std::unique_ptr<Layer> unary(json::Fields &f, std::string_view field, Function function) {
  if (!f.ok())
    return nullptr;
  json::Value place = placeOf(f, field);
  return std::make_unique<LocalOp>(f, 1, 1,
                                   [function, place](NetBuilder &net, StringRef, ValueRange in) {
                                     At at(net, place);
                                     return listOf(function(net, in[0]));
                                   });
}

/// Where a dimension that `value` lacks is blamed on its own field.
static bool hasDim(Value value, int64_t dim) {
  return esper::normalizeDim(dim, typeOf(value).getRank()).has_value();
}

/// A batch may be of any size, so one of 1 has to fit: a shape that borrows a
/// factor from the batch is a mistake in the other sizes.
static bool fitsAnyBatch(RankedTensorType from, ArrayRef<int64_t> to) {
  if (from.getNumDynamicDims() != 1 || !from.isDynamicDim(0))
    return true;
  SmallVector<int64_t> sizes(to);
  llvm::erase(sizes, -1);
  std::optional<int64_t> one = checkedProduct(from.getShape().drop_front()),
                         rest = checkedProduct(sizes);
  if (!one || !rest || *one == 0 || *rest == 0)
    return true; // the op's own rule says what there is to say
  return sizes.size() == to.size() ? *one == *rest : *one % *rest == 0;
}

static Value reshape(NetBuilder &net, Value in, ArrayRef<int64_t> shape) {
  auto op = make<esper::ReshapeOp>(net, in, shape);
  RankedTensorType from = typeOf(in);
  if (!op || fitsAnyBatch(from, shape))
    return op;
  emitError(net.loc()) << "expected a shape for any batch size, found " << shapeText(shape)
                       << ", into which " << shapeText(from.getShape())
                       << " does not fit for a batch of 1";
  return {};
}

static std::unique_ptr<Layer> readReshape(json::Fields &f) {
  auto shape = f.integers("shape", {-1, json::kLayerSize.max}, {.max = 64});
  if (shape && llvm::count(*shape, -1) > 1)
    f.error("shape", "expected at most one -1");
  return unary(f, "shape", [shape](NetBuilder &net, Value in) { return reshape(net, in, *shape); });
}

static std::unique_ptr<Layer> readTranspose(json::Fields &f) {
  auto dim0 = f.integer("dim0", kDim), dim1 = f.integer("dim1", kDim);
  json::Value second = placeOf(f, "dim1");
  return unary(f, "dim0", [=](NetBuilder &net, Value in) {
    if (!hasDim(in, *dim0))
      return make<esper::TransposeOp>(net, in, *dim0, *dim1);
    At at(net, second);
    return make<esper::TransposeOp>(net, in, *dim0, *dim1);
  });
}

static std::unique_ptr<Layer> readPermute(json::Fields &f) {
  auto dims = f.integers("dims", kDim, {.max = 64});
  return unary(f, "dims", [dims](NetBuilder &net, Value in) {
    return make<esper::PermuteOp>(net, in, ArrayRef<int64_t>(*dims));
  });
}

static std::unique_ptr<Layer> readConcat(json::Fields &f) {
  int64_t dim = f.integerOr("dim", 0, kDim);
  return std::make_unique<LocalOp>(f, 1, SIZE_MAX,
                                   [dim](NetBuilder &net, StringRef, ValueRange in) {
                                     return listOf(make<esper::ConcatOp>(net, in, dim));
                                   });
}

static std::unique_ptr<Layer> readSplit(json::Fields &f) {
  auto sizes = f.integers("sizes", kSize, {.min = 1});
  int64_t dim = f.integerOr("dim", 0, kDim);
  if (!f.ok())
    return nullptr;
  json::Value ofSizes = placeOf(f, "sizes"), ofDim = placeOf(f, "dim");
  return std::make_unique<LocalOp>(f, 1, 1, [=](NetBuilder &net, StringRef, ValueRange in) {
    At at(net, hasDim(in[0], dim) ? ofSizes : ofDim);
    auto split = net.create<esper::SplitOp>(in[0], ArrayRef<int64_t>(*sizes), dim);
    return split ? Values(split.getOutputs()) : Values{};
  });
}

static std::unique_ptr<Layer> readSlice(json::Fields &f) {
  int64_t dim = f.integerOr("dim", 0, kDim);
  int64_t start = f.integerOr("start", 0);
  std::optional<int64_t> end = f.optionalInteger("end");
  int64_t step = f.integerOr("step", 1, {.min = 1});
  return unary(f, "dim", [=](NetBuilder &net, Value in) {
    IntegerAttr bound = end ? net.ops().getI64IntegerAttr(*end) : IntegerAttr();
    Builder &b = net.ops();
    return make<esper::SliceOp>(net, in, b.getI64IntegerAttr(dim), b.getI64IntegerAttr(start),
                                bound, b.getI64IntegerAttr(step));
  });
}

static std::unique_ptr<Layer> readPad(json::Fields &f) {
  auto pads = f.integers("pad", {-json::kLayerSize.max, json::kLayerSize.max}, {.max = 128});
  std::string_view mode =
      f.oneOf("mode", {"constant", "reflect", "replicate", "circular"}, "constant");
  double value = mode == "constant" ? f.numberOr("value", 0) : 0;
  if (pads && pads->size() % 2 != 0)
    f.error("pad", "expected pairs (before, after), the last dimension's first, found " +
                       std::to_string(pads->size()) + " numbers");
  esper::PadMode kind = *esper::symbolizePadMode(mode);
  return unary(f, "pad", [=](NetBuilder &net, Value in) {
    return make<esper::PadOp>(net, in, ArrayRef<int64_t>(*pads), kind, llvm::APFloat(value));
  });
}

llvm::ArrayRef<GraphOp> tez::blueprint::shapeGraphOps() {
  static constexpr GraphOp kOps[] = {
      {"reshape", readReshape}, {"transpose", readTranspose}, {"permute", readPermute},
      {"concat", readConcat},   {"split", readSplit},         {"slice", readSlice},
      {"pad", readPad},
  };
  return kOps;
}
