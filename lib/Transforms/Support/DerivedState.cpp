//===- DerivedState.cpp ---------------------------------------------------===//

#include "tez/Transforms/DerivedState.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

static constexpr llvm::StringLiteral kMark = "esper.derived", kName = "esper.name";

ModuleOp tez::getDerivedState(ModuleOp module, bool create) {
  for (auto inner : module.getOps<ModuleOp>())
    if (inner->hasAttr(kMark))
      return inner;
  if (!create)
    return nullptr;
  std::string name = "derived"; // which a kernel may have
  while (module.lookupSymbol(name))
    name += "_";
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  auto made = ModuleOp::create(builder, module.getLoc(), StringRef(name));
  made->setAttr(kMark, builder.getUnitAttr());
  return made;
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
