//===- BorderedImages.h - Images as convolutions read them ------*- C++ -*-===//
//
// A convolution that pads reads a copy of the image with a border of zeros, some 2 % of the work:
// then no loop asks where it is.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_NATIVE_BORDEREDIMAGES_H
#define TEZ_LIB_NATIVE_BORDEREDIMAGES_H

#include "LoopBuilder.h"
#include "tez/Dialect/Native/Native.h"

namespace tez::native {

/// One image in memory.
struct ImageView {
  mlir::Value memory, row; ///< row `row` of memory
  int64_t line;            ///< numbers from one line of pixels to the next
  int64_t pixel;           ///< and from one pixel to the next
};

class BorderedImages {
public:
  /// Images of `height` x `width` pixels, the border counted: at least as many as the padded image
  /// of `op` has. Copies go by vectors of `lanes` numbers. `loops` must live as long as this.
  BorderedImages(ConvOp op, int64_t height, int64_t width, int64_t lanes, LoopBuilder &loops)
      : op(op), height(height), width(width), lanes(lanes), loops(loops) {}

  /// In front of all loops: memory with cleared borders, for all images of a sweep, or else for
  /// one. None where images are of that size already.
  void allocate();
  /// Image `row` of the input, to where `at` finds it.
  void copyInside(mlir::Value row);
  ImageView at(mlir::Value row);

private:
  void clear(mlir::Value row);
  void copyLine(mlir::Value from, mlir::ValueRange fromIndices, mlir::Value to,
                mlir::ValueRange toIndices, int64_t count);

  ConvOp op;
  int64_t height, width, lanes;
  LoopBuilder &loops;
  mlir::Value copies; ///< null: the input itself is read
};

} // namespace tez::native

#endif // TEZ_LIB_NATIVE_BORDEREDIMAGES_H
