//===- OnnxModel.cpp - A compilation's ONNX model -------------------------===//

#include "Compilation.h"
#include "Records.h"
#include "tez/Onnx/Onnx.h"

using namespace mlir;
using namespace tez;

/// Of the blueprint as it was read: passes for torch's operators do nothing for other runtimes.
LogicalResult Compilation::exportOnnx() {
  if (!options.onnx || options.stopAfter)
    return success();
  auto kernel = *reference->getOps<esper::KernelOp>().begin();
  llvm::Expected<WeightStore> tensors = loadWeights(kernel);
  if (!tensors)
    return environmentError(tensors.takeError());
  result.outcome = Outcome::BadBlueprint; // it has something that ONNX has not
  FailureOr<std::string> model = emitOnnx(kernel, *tensors);
  if (failed(model))
    return failure();
  result.onnx = std::move(*model);
  if (!options.references)
    return success();
  result.onnxMetadata = onnxMetadata(options, result.parameterCount, kernel);
  FailureOr<std::vector<ReferenceCall>> calls = referenceCalls(kernel, *tensors, options.seed);
  if (failed(calls))
    return failure();
  result.references = std::move(*calls);
  return success();
}
