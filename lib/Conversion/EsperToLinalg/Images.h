//===- Images.h - Convolutions and pools whose rows are images --*- C++ -*-===//

#ifndef TEZ_LIB_CONVERSION_ESPERTOLINALG_IMAGES_H
#define TEZ_LIB_CONVERSION_ESPERTOLINALG_IMAGES_H

#include "Values.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "tez/Dialect/Esper/Esper.h"

namespace tez {

/// Is `op` a convolution, a pool or a flattening that `ImageBuilder` has ops for.
bool hasImageLowering(mlir::Operation *op);

/// May a convolution read a kernel's input as torch has it: with few channels that is as fast, and
/// nothing has to be moved.
bool readsPlanar(esper::ConvOp op);

/// Makes the native dialect's ops, of [rows, columns] with channels last.
class ImageBuilder {
public:
  /// `rows`: how many there are.
  ImageBuilder(mlir::ImplicitLocOpBuilder &builder, mlir::Value rows)
      : builder(builder), rows(rows) {}

  /// `bias` may be null.
  mlir::Value convolution(esper::ConvOp op, mlir::Value input, mlir::Value weight, mlir::Value bias,
                          bool planar);
  /// Of any of the pools.
  mlir::Value pool(mlir::Operation *op, mlir::Value input);
  /// `image` is the esper value that `input` stands for.
  mlir::Value toPlanar(mlir::Value image, mlir::Value input);
  mlir::Value toChannelsLast(mlir::Value image, mlir::Value input);

private:
  mlir::Value empty(int64_t columns);
  mlir::Value transpose(mlir::Value input, llvm::ArrayRef<int64_t> matrix);

  mlir::ImplicitLocOpBuilder &builder;
  mlir::Value rows;
};

} // namespace tez

#endif // TEZ_LIB_CONVERSION_ESPERTOLINALG_IMAGES_H
