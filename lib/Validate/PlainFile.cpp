//===- PlainFile.cpp - The reference in torch's own operators -------------===//

#include "Trial.h"
#include "mlir/Pass/PassManager.h"
#include "tez/Conversion/Passes.h"

using namespace mlir;
using namespace tez;

PlainFile tez::makePlainFile(const KernelUnderTest &file) {
  PlainFile plain;
  plain.module = mlir::ModuleOp(*file.oracle).clone();
  PassManager passes(plain.module->getContext());
  passes.addPass(createEsperToTorchScript());
  if (failed(passes.run(*plain.module)))
    return plain;
  auto lowered = *plain.module->getOps<ts::ModuleOp>().begin();
  plain.file = emitForValidation(lowered, file.reference(), file.weights, file.seed);
  return plain;
}
