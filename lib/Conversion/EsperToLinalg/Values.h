//===- Values.h - What a value of a kernel is to machine code ---*- C++ -*-===//

#ifndef TEZ_LIB_CONVERSION_ESPERTOLINALG_VALUES_H
#define TEZ_LIB_CONVERSION_ESPERTOLINALG_VALUES_H

#include "mlir/IR/Value.h"

namespace tez {

/// A parameter or a buffer.
bool isState(mlir::Value value);

/// Of a kernel whose values of rank 4 are images of one size (esper-pin-sizes).
inline constexpr llvm::StringLiteral imagesAttr = "esper.images";

/// Does `value` belong to such a kernel.
bool isOfImages(mlir::Value value);

/// [batch, channels, height, width] in fp32 of such a kernel, computed or an input.
bool isImage(mlir::Value value);

/// [..., columns] in fp32 or bf16, with any number of rows. No op here changes leading dimensions:
/// they are the inputs', and all inputs must have the same. Beside images there is one, the batch.
bool isRows(mlir::Value value);

/// Of fp32, as inputs, results and all but products and element-wise ops are.
bool isF32(mlir::Value value);

} // namespace tez

#endif // TEZ_LIB_CONVERSION_ESPERTOLINALG_VALUES_H
