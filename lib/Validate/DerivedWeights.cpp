//===- DerivedWeights.cpp -------------------------------------------------===//

#include "tez/Validate/DerivedWeights.h"
#include "tez/Interpreter/Interpreter.h"
#include "tez/Transforms/DerivedState.h"
#include "tez/Weights/KernelWeights.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace tez;

static esper::KernelOp derivedOf(ts::ModuleOp lowered) {
  auto module = dyn_cast<mlir::ModuleOp>(lowered->getParentOp());
  return module ? findDerivedState(module, lowered.getSymName()) : esper::KernelOp();
}

bool tez::hasDerivedWeights(ts::ModuleOp lowered) { return bool(derivedOf(lowered)); }

LogicalResult tez::addDerivedWeights(ts::ModuleOp lowered, WeightStore &weights, bool exact) {
  esper::KernelOp derived = derivedOf(lowered);
  if (!derived)
    return success();
  interp::Environment environment;
  environment.state = [&](StringRef name) { return interp::toTensor(*weights.lookup(name)); };
  environment.rounds = !exact;
  std::unique_ptr<interp::Evaluation> values = interp::evaluate(derived, environment);
  if (!values)
    return failure();
  for (auto [i, value] : llvm::enumerate(values->outputs)) {
    Type element = cast<RankedTensorType>(derived.getResultTypes()[i]).getElementType();
    bool roundedTo8 = element.isInteger(8);
    DType dtype = exact && (isa<FloatType>(element) || roundedTo8)
                      ? DType::f64
                      : dtypeOf(element).value_or(DType::f32);
    weights.set(getDerivedName(derived, i), interp::toHost(value, dtype));
  }
  return success();
}

void tez::makeDerivedExact(ts::ModuleOp lowered, ts::ModuleOp copy) {
  esper::KernelOp derived = derivedOf(lowered);
  llvm::StringSet<> names;
  for (unsigned i = 0; i < derived.getNumResults(); ++i)
    names.insert(getDerivedName(derived, i));
  Type f64 = Float64Type::get(copy.getContext());
  for (auto buffer : copy.getBody().getOps<ts::BufferOp>()) {
    auto type = cast<RankedTensorType>(buffer.getType());
    if (names.contains(buffer.getName()) && isa<FloatType>(type.getElementType()))
      buffer.setType(type.clone(f64));
  }
}
