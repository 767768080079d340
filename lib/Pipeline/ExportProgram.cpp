//===- ExportProgram.cpp - A kernel as an ExportedProgram -----------------===//

#include "Compilation.h"
#include "tez/Analysis/DynamicSizes.h"
#include "tez/Torch/Runtime.h"
#include "tez/Validate/DerivedWeights.h"
#include "tez/Weights/KernelWeights.h"

using namespace mlir;
using namespace tez;

/// A program is of one mode, that which its kernel is for.
static std::optional<ProgramRequest> makeRequest(esper::KernelOp kernel, Purpose purpose) {
  std::optional<DynamicSizes> sizes = findDynamicSizes(kernel);
  if (!sizes)
    return std::nullopt;
  ProgramRequest request;
  request.training = purpose == Purpose::Train;
  request.least.assign(sizes->least.begin(), sizes->least.end());
  for (auto [i, type] : llvm::enumerate(kernel.getArgumentTypes())) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    ArrayRef<int> symbols = sizes->numbers[i];
    if (tensor)
      request.inputs.push_back(ProgramRequest::Input{
          kernel.getInputName(i), *dtypeOf(tensor.getElementType()), symbols.vec()});
    else
      request.inputs.push_back(std::nullopt);
  }
  for (const InputShapes &shapes : sizes->samples) {
    auto &sample = request.samples.emplace_back();
    for (const SmallVector<int64_t> &shape : shapes)
      sample.emplace_back(shape.begin(), shape.end());
  }
  return request;
}

/// The calls are those of the kernel file. A kernel from the cache has been made before.
LogicalResult Compilation::exportProgram() {
  if (!options.program || options.stopAfter)
    return success();
  if (module->getOps<ts::ModuleOp>().empty() && (failed(simplify()) || failed(lower())))
    return failure();
  auto kernel = *reference->getOps<esper::KernelOp>().begin();
  llvm::Expected<WeightStore> tensors = loadWeights(kernel);
  if (!tensors)
    return environmentError(tensors.takeError());
  auto lowered = *module->getOps<ts::ModuleOp>().begin();
  result.outcome = Outcome::BadBlueprint; // it has something that programs have not
  std::optional<ProgramRequest> request = makeRequest(kernel, options.purpose);
  if (!request || failed(addDerivedWeights(lowered, *tensors)))
    return failure();
  llvm::Expected<TorchRuntime *> runtime = getTorchRuntime();
  if (!runtime)
    return environmentError(runtime.takeError());
  (*runtime)->setThreads(1); // a process that has run several cannot fork
  llvm::Expected<std::optional<std::string>> archive =
      (*runtime)->exportProgram(lowered, *tensors, *request);
  if (!archive)
    return environmentError(archive.takeError());
  if (!*archive)
    return failure();
  result.program = std::move(**archive);
  return success();
}
