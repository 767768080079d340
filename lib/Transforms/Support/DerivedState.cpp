//===- DerivedState.cpp ---------------------------------------------------===//

#include "tez/Transforms/DerivedState.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

static constexpr llvm::StringLiteral kModule = "derived", kName = "esper.name";

ModuleOp tez::getDerivedState(ModuleOp module, bool create) {
  if (auto found = module.lookupSymbol<ModuleOp>(kModule))
    return found;
  if (!create)
    return nullptr;
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  return ModuleOp::create(builder, module.getLoc(), kModule);
}

KernelOp tez::findDerivedState(ModuleOp module, StringRef name) {
  ModuleOp derived = getDerivedState(module);
  return derived ? derived.lookupSymbol<KernelOp>(name) : nullptr;
}

StringRef tez::getDerivedName(KernelOp derived, unsigned i) {
  return derived.getResultAttrOfType<StringAttr>(i, kName).getValue();
}

void tez::setDerivedName(KernelOp derived, unsigned i, StringRef name) {
  derived.setResultAttr(i, kName, StringAttr::get(derived.getContext(), name));
}
