//===- Passes.h - Conversions between dialects ------------------*- C++ -*-===//

#ifndef TEZ_CONVERSION_PASSES_H
#define TEZ_CONVERSION_PASSES_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Pass/Pass.h"
#include "tez/Dialect/Native/Native.h"
#include "tez/Dialect/TorchScript/TorchScript.h"

namespace tez {
#define GEN_PASS_DECL
#include "tez/Conversion/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "tez/Conversion/Passes.h.inc"
} // namespace tez

#endif // TEZ_CONVERSION_PASSES_H
