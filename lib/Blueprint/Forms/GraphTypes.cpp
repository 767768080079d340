//===- GraphTypes.cpp - Shapes and element types as graphs write them -----===//

#include "Graph.h"
#include "tez/Support/CheckedMath.h"

using namespace mlir;
using namespace tez;
using namespace tez::blueprint;

std::optional<SmallVector<int64_t>> tez::blueprint::readShape(const json::Value &value,
                                                              json::DiagnosticSink &sink) {
  auto read = json::readIntegers(value, sink, {-1, json::kLayerSize.max}, {.max = 64});
  if (!read)
    return std::nullopt;
  SmallVector<int64_t> known(read->begin(), read->end());
  llvm::erase(known, -1);
  if (!checkedProduct(known)) {
    json::report(sink, json::Severity::Error, value, "expected a shape of less than 2^63 elements");
    return std::nullopt;
  }
  return SmallVector<int64_t>(read->begin(), read->end());
}

std::string tez::blueprint::shapeText(ArrayRef<int64_t> shape) {
  std::string text = "[";
  for (int64_t dim : shape)
    text += (text.size() > 1 ? ", " : "") + std::to_string(dim < 0 ? -1 : dim);
  return text + "]";
}

static constexpr std::string_view kNames[] = {"float32", "float64", "float16", "bfloat16", "int64",
                                              "int32",   "int16",   "int8",    "bool"};

static std::array<Type, std::size(kNames)> elementTypes(MLIRContext *context) {
  Builder builder(context);
  return {builder.getF32Type(),       builder.getF64Type(),      builder.getF16Type(),
          builder.getBF16Type(),      builder.getI64Type(),      builder.getI32Type(),
          builder.getIntegerType(16), builder.getIntegerType(8), builder.getI1Type()};
}

std::string_view tez::blueprint::elementName(Type element) {
  auto types = elementTypes(element.getContext());
  return kNames[llvm::find(types, element) - types.begin()];
}

Type tez::blueprint::readElementType(const json::Value &value, MLIRContext *context,
                                     json::DiagnosticSink &sink) {
  auto name = json::readOneOf(value, sink, kNames);
  return name ? elementTypes(context)[llvm::find(kNames, *name) - std::begin(kNames)] : Type();
}
