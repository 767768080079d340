//===- GraphArithmetic.cpp - op_types that compute with numbers -----------===//

#include "../Layers/Support.h"
#include "Graph.h"

#include <limits>

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

static Values listOf(Value value) { return value ? Values{value} : Values{}; }

/// Two operands, no attributes.
template <typename Op> static std::unique_ptr<Layer> readBinary(json::Fields &f) {
  return std::make_unique<LocalOp>(f, 2, 2, [](NetBuilder &net, StringRef, ValueRange in) {
    return listOf(make<Op>(net, in[0], in[1]));
  });
}

static std::unique_ptr<Layer> readDetach(json::Fields &f) {
  return std::make_unique<LocalOp>(f, 1, 1, [](NetBuilder &net, StringRef, ValueRange in) {
    return Values{esper::DetachOp::create(net.ops(), net.loc(), in[0].getType(), in[0])};
  });
}

static std::unique_ptr<Layer> readScale(json::Fields &f) {
  std::optional<double> value = f.number("value");
  if (!value)
    return nullptr;
  return std::make_unique<LocalOp>(
      f, 1, 1, [value = *value](NetBuilder &net, StringRef, ValueRange in) {
        return listOf(make<esper::ScaleOp>(net, in[0], llvm::APFloat(value)));
      });
}

static std::unique_ptr<Layer> readClipGradient(json::Fields &f) {
  std::optional<double> most = f.number("max_norm", {.above = 0});
  double type = 2;
  if (f.has("norm_type") && f.kind("norm_type") == json::Kind::String)
    type = f.oneOf("norm_type", {"inf"}) ? std::numeric_limits<double>::infinity() : type;
  else
    type = f.numberOr("norm_type", 2, {.above = 0});
  if (!f.ok())
    return nullptr;
  return std::make_unique<LocalOp>(
      f, 1, 1, [most = *most, type](NetBuilder &net, StringRef, ValueRange in) {
        return listOf(
            make<esper::ClipGradientOp>(net, in[0], llvm::APFloat(most), llvm::APFloat(type)));
      });
}

/// One dimension, a list of them, or none: all.
static std::vector<int64_t> readDims(json::Fields &f) {
  json::IntegerRange range{-64, 63};
  return f.has("dim") ? f.integerOrAnyList("dim", range).value_or(std::vector<int64_t>())
                      : std::vector<int64_t>();
}

static std::unique_ptr<Layer> readReduce(json::Fields &f) {
  auto name = f.oneOf("operation", {"sum", "mean", "max", "min", "var"});
  std::vector<int64_t> dims = readDims(f);
  bool keepdim = f.booleanOr("keepdim", false);
  int64_t correction = 1;
  if (name == "var")
    correction = f.integerOr("correction", 1, {.min = 0, .max = json::kLayerSize.max});
  if (!f.ok())
    return nullptr;
  esper::ReduceKind kind = *esper::symbolizeReduceKind(*name);
  json::Value place = placeOf(f, f.has("dim") ? "dim" : "operation");
  return std::make_unique<LocalOp>(f, 1, 1, [=](NetBuilder &net, StringRef, ValueRange in) {
    At at(net, place);
    return listOf(make<esper::ReduceOp>(net, in[0], kind, dims, keepdim, correction));
  });
}

llvm::ArrayRef<GraphOp> tez::blueprint::arithmeticGraphOps() {
  static constexpr GraphOp kOps[] = {
      {"add", readBinary<esper::AddOp>},
      {"subtract", readBinary<esper::SubtractOp>},
      {"multiply", readBinary<esper::MultiplyOp>},
      {"divide", readBinary<esper::DivideOp>},
      {"matmul", readBinary<esper::MatmulOp>},
      {"scale", readScale},
      {"reduce", readReduce},
      {"detach", readDetach},
      {"clip_gradient", readClipGradient},
  };
  return kOps;
}
