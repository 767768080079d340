//===- Faults.cpp - The table of faults, and what its kinds share ---------===//

#include "Faults.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace tez;
using namespace tez::test;

ArrayRef<Fault> tez::test::allFaults() {
  static const std::vector<Fault> all = [] {
    std::vector<Fault> faults;
    for (ArrayRef<Fault> rows : {valueFaults(), gradientFaults(), stateFaults(), memoryFaults()})
      faults.insert(faults.end(), rows.begin(), rows.end());
    return faults;
  }();
  return all;
}

ts::CallOp tez::test::pick(ts::ModuleOp module, Chance &chance,
                           llvm::function_ref<bool(ts::CallOp)> fits) {
  SmallVector<ts::CallOp> found;
  module.walk([&](ts::CallOp call) {
    if (fits(call))
      found.push_back(call);
  });
  return found.empty() ? ts::CallOp() : found[chance() % found.size()];
}

Attribute tez::test::literal(ts::CallOp call, unsigned index) {
  if (index >= call.getArgs().size() || isa<UnitAttr>(call.getArgs()[index]))
    return {};
  return call.getArgs()[index];
}

void tez::test::setLiteral(ts::CallOp call, unsigned index, Attribute value) {
  SmallVector<Attribute> args(call.getArgs().getValue());
  args[index] = value;
  call.setArgsAttr(ArrayAttr::get(call.getContext(), args));
}

static unsigned operandsBefore(ts::CallOp call, unsigned index) {
  return unsigned(llvm::count_if(call.getArgs().getValue().take_front(index),
                                 [](Attribute arg) { return isa<UnitAttr>(arg); }));
}

Value tez::test::operandAt(ts::CallOp call, unsigned index) {
  if (index >= call.getArgs().size() || !isa<UnitAttr>(call.getArgs()[index]))
    return {};
  return call.getOperands()[operandsBefore(call, index)];
}

Attribute tez::test::place(MLIRContext *context) { return UnitAttr::get(context); }

Attribute tez::test::none(MLIRContext *context) { return FlatSymbolRefAttr::get(context, "none"); }

Attribute tez::test::integer(MLIRContext *context, int64_t value) {
  return IntegerAttr::get(IntegerType::get(context, 64), value);
}

Attribute tez::test::number(MLIRContext *context, double value) {
  return FloatAttr::get(Float64Type::get(context), value);
}

Value tez::test::makeCall(Operation *before, StringRef callee, ValueRange operands,
                          ArrayRef<Attribute> args) {
  OpBuilder builder(before);
  Type tensor = ts::TensorType::get(before->getContext());
  return ts::CallOp::create(builder, before->getLoc(), TypeRange(tensor), callee, operands,
                            builder.getArrayAttr(args))
      .getResult(0);
}

Value tez::test::insertBehind(Value value, StringRef callee, ArrayRef<Attribute> literals) {
  SmallVector<Attribute> args = {place(value.getContext())};
  llvm::append_range(args, literals);
  Operation *next = value.getDefiningOp() ? value.getDefiningOp()->getNextNode()
                                          : &value.getParentBlock()->front();
  Value result = makeCall(next, callee, value, args);
  value.replaceAllUsesExcept(result, result.getDefiningOp());
  return result;
}
