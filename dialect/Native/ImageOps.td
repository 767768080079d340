//===- ImageOps.td - Loop nests over images -----------------*- tablegen -*-===//
//
// A row of these ops is one image: height x width x channels numbers, channels last, or, where an
// op says so, channels x height x width ("planar", as torch has them).
//
//===----------------------------------------------------------------------===//

#ifndef NATIVE_IMAGE_OPS
#define NATIVE_IMAGE_OPS

def Native_ConvOp : Native_NestOp<"conv", [SingleBlock]> {
  let summary = "convolution of images and what is done to its elements";
  let description = [{
    `out[m, y, x, n] = epilogue(sum input[m, y * stride - padding + i * dilation, ..., c] * weight[n, c, i, j],
    extras[k] ...)`, the sum over i, j and c. `image` is height, width and channels of the input; what
    lies outside of it counts as 0. With `planar` the input's channels come first; the result's come last. An extra
    has the shape of `out`, or one number a channel.

    The weight is [outputs, channels / groups, height, width], or packed: [panels, depth, numbers], a group's last
    panel filled up with zeros. The depth is in the order that the input is read in: planar, or
    channels last. Where each channel is a group of its own, panels run along channels, and the depth is the window's.

    `tile` is the rows, columns and panels of the result whose sums are kept in registers; what a tile
    does not divide is cut evenly. Every sum runs in one order with fused multiply-adds, whatever the tile.
    `deferred` is as in `native.product`. With `sweep` a panel meets all images before the next panel, so that
    weights, where they are larger than images, are read once; otherwise an image meets all panels.

    `winograd` computes 2x2 places at a time by 16 multiplications a channel and output in place of 36 (the
    minimal filtering algorithm F(2x2, 3x3), Winograd 1980, Lavin and Gray 2015). The packed weight is then that of 16
    products of depth `channels`, [16 * panels, channels, numbers], and `tile` is the squares and panels whose sums are kept in
    registers, and the panels whose 16 products are in memory at once. Rounding is some times that of sums; NaN
    reaches the same places, an infinity may become NaN.

    Constraints:
    - (C1) `input` and `out` have rank 2, static columns and the same rows.
    - (C2) `image` is three numbers >= 1, whose product is the columns of `input`.
    - (C3) `window`, `stride` and `dilation` are two numbers >= 1, `padding` two numbers >= 0, and the dilated
      window is not larger than the padded image.
    - (C4) `groups` >= 1 divides the channels and `outputs`, and `out` has `outputs` columns for each place of the
      window.
    - (C5) the weight has the shape above.
    - (C6) an extra has the shape of `out`, or `outputs` numbers.
    - (C7) the epilogue takes one element of the sum and of each extra, and yields one.
    - (C8) `tile` is three numbers >= 1.
    - (C9) a planar input has one group.
    - (C10) with `winograd` the window is 3x3 with strides and dilations of 1, one group and channels last.

    Example:
    ```mlir
    %y = native.conv(%x : tensor<?x48xf32>) times(%w : tensor<8x3x3x3xf32>) with(%b : tensor<8xf32>) into %out : tensor<?x128xf32> {
    ^bb0(%sum: f32, %bias: f32):
      %s = arith.addf %sum, %bias : f32
      native.yield %s : f32
    } {image = array<i64: 4, 4, 3>, outputs = 8 : i64, window = array<i64: 3, 3>, stride = array<i64: 1, 1>,
       padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>, planar} -> tensor<?x128xf32>
    ```
  }];
  let arguments = (ins AnyShaped:$input, AnyShaped:$weight, Variadic<AnyShaped>:$extras, AnyShaped:$out,
                       DenseI64ArrayAttr:$image, I64Attr:$outputs, DenseI64ArrayAttr:$window,
                       DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$padding, DenseI64ArrayAttr:$dilation,
                       DefaultValuedAttr<I64Attr, "1">:$groups, UnitAttr:$planar,
                       OptionalAttr<DenseI64ArrayAttr>:$tile, UnitAttr:$deferred, UnitAttr:$sweep,
                       UnitAttr:$winograd);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region SizedRegion<1>:$epilogue);
  let assemblyFormat = [{
    `(` $input `:` type($input) `)` `times` `(` $weight `:` type($weight) `)`
    (`with` `(` $extras^ `:` type($extras) `)`)? `into` $out `:` type($out) $epilogue attr-dict
    (`->` type($results)^)?
  }];
  let extraClassDeclaration = nestDeclaration # [{
    int64_t getHeight() { return getImage()[0]; }
    int64_t getWidth() { return getImage()[1]; }
    int64_t getChannels() { return getImage()[2]; }
    /// Places of the window along a dimension, 0 or 1.
    int64_t getPlaces(unsigned dim);
    /// Is every channel a group of its own, with one output.
    bool isDepthwise() {
      return int64_t(getGroups()) > 1 && int64_t(getGroups()) == getChannels() && int64_t(getOutputs()) == getChannels();
    }
    /// Groups that panels are packed for: a depthwise convolution's panels run through all of them.
    int64_t getPackedGroups() { return isDepthwise() ? 1 : int64_t(getGroups()); }
    /// Terms of a sum.
    int64_t getDepth();
    /// Could `winograd` compute it: C10.
    bool suitsWinograd();
  }];
}

def Native_PoolOp : Native_NestOp<"pool"> {
  let summary = "largest number, or mean, of each window of images";
  let description = [{
    `out[m, y, x, c]` is the largest `input[m, y * stride - padding + i, ..., c]` inside of the image,
    or with `mean` their sum divided by the size of the window, of which with `inside` only what lies inside
    of the image counts. `image` is height, width and channels of the input, `places` height and width of
    the result. Channels are last in both. NaN is the largest.

    Constraints:
    - (C1) `input` and `out` have rank 2, static columns and the same rows.
    - (C2) `image` is three numbers >= 1, whose product is the columns of `input`.
    - (C3) `window`, `stride` and `places` are two numbers >= 1, `padding` two numbers >= 0, and every window
      has a part inside of the image.
    - (C4) `out` has a number for each of `places` and each channel.

    Example:
    ```mlir
    %y = native.pool(%x : tensor<?x48xf32>) into %out : tensor<?x12xf32>
        {image = array<i64: 4, 4, 3>, places = array<i64: 2, 2>, window = array<i64: 2, 2>,
         stride = array<i64: 2, 2>, padding = array<i64: 0, 0>} -> tensor<?x12xf32>
    ```
  }];
  let arguments = (ins AnyShaped:$input, AnyShaped:$out, DenseI64ArrayAttr:$image, DenseI64ArrayAttr:$places,
                       DenseI64ArrayAttr:$window, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$padding,
                       UnitAttr:$mean, UnitAttr:$inside);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    `(` $input `:` type($input) `)` `into` $out `:` type($out) attr-dict (`->` type($results)^)?
  }];
  let extraClassDeclaration = nestDeclaration # [{
    int64_t getChannels() { return getImage()[2]; }
  }];
}

def Native_TransposeOp : Native_NestOp<"transpose"> {
  let summary = "each row, a matrix, transposed";
  let description = [{
    `out[m, j * matrix[0] + i] = input[m, i * matrix[1] + j]`: what makes planar images of those with
    channels last, and the other way round.

    Constraints:
    - (C1) `input` and `out` have the same shape, of rank 2 with static columns.
    - (C2) `matrix` is two numbers >= 1, whose product is the columns.

    Example:
    ```mlir
    %y = native.transpose(%x : tensor<?x48xf32>) into %out : tensor<?x48xf32> {matrix = array<i64: 3, 16>} -> tensor<?x48xf32>
    ```
  }];
  let arguments = (ins AnyShaped:$input, AnyShaped:$out, DenseI64ArrayAttr:$matrix);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    `(` $input `:` type($input) `)` `into` $out `:` type($out) attr-dict (`->` type($results)^)?
  }];
}

#endif // NATIVE_IMAGE_OPS
