//===- Literals.cpp - The arguments of ts.call in torch's terms -----------===//

#include "Literals.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "tez/Dialect/TorchScript/Operators.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/TypeSwitch.h"
#include <mutex>
#include <torch/csrc/jit/frontend/function_schema_parser.h>

using namespace tez;

c10::IValue tez::toIValue(mlir::Attribute literal) {
  return llvm::TypeSwitch<mlir::Attribute, c10::IValue>(literal)
      .Case([](mlir::FlatSymbolRefAttr) { return c10::IValue(); })
      .Case([](mlir::BoolAttr value) { return c10::IValue(value.getValue()); })
      .Case([](mlir::IntegerAttr value) { return c10::IValue(value.getInt()); })
      .Case([](mlir::FloatAttr value) { return c10::IValue(value.getValueAsDouble()); })
      .Case([](mlir::StringAttr value) { return c10::IValue(value.str()); })
      .Case([](mlir::DenseI64ArrayAttr value) {
        return c10::IValue(std::vector<int64_t>(value.asArrayRef()));
      })
      .Case([](mlir::DenseF64ArrayAttr value) {
        return c10::IValue(std::vector<double>(value.asArrayRef()));
      })
      .Default([](mlir::Attribute) -> c10::IValue {
        TORCH_CHECK(false, "a literal of an unknown kind");
      });
}

static CallShape parseShape(llvm::StringRef callee) {
  CallShape shape;
  auto rows = ts::operatorsNamed(callee);
  TORCH_CHECK(!rows.empty(), callee.str(), " is not in the table of operators");
  // The first overload tells what is passed by keyword; others take that by keyword too.
  for (const c10::Argument &argument :
       torch::jit::parseSchema(rows.front().schema.str()).arguments())
    shape.keywordOnly.push_back(argument.kwarg_only() ? argument.name() : "");
  return shape;
}

const CallShape &tez::callShapeOf(llvm::StringRef callee) {
  static std::mutex mutex;
  static llvm::StringMap<CallShape> shapes;
  std::lock_guard lock(mutex);
  auto known = shapes.find(callee);
  if (known == shapes.end())
    known = shapes.try_emplace(callee, parseShape(callee)).first;
  return known->second;
}
