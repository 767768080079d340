//===- Onnx.h - Kernels as ONNX models --------------------------*- C++ -*-===//

#ifndef TEZ_ONNX_ONNX_H
#define TEZ_ONNX_ONNX_H

#include "tez/Dialect/Esper/Esper.h"
#include "tez/Weights/WeightStore.h"

namespace tez {

/// `kernel`, as it computes in evaluation mode, as the bytes of an ONNX model: IR version 8,
/// opset 18 (https://onnx.ai/onnx/operators). `kernel` itself is not changed.
///
/// Parameters and buffers are initialisers under their state-dict names. Inputs and outputs have
/// the kernel's names ("output", "output1", ...), rank and element type; a leading dimension that
/// is not fixed is "batch". Inputs that a caller may leave out are left out: the model computes
/// what the kernel does without them.
///
/// The same kernel and weights give the same bytes. Failure after an error at each op that has
/// no ONNX form, or at the kernel where the model would be over protobuf's 2 GiB.
mlir::FailureOr<std::string> emitOnnx(esper::KernelOp kernel, const WeightStore &weights);

} // namespace tez

#endif // TEZ_ONNX_ONNX_H
