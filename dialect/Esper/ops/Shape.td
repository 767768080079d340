//===- Shape.td - The same elements in another arrangement --*- tablegen -*-===//

#ifndef ESPER_OPS_SHAPE
#define ESPER_OPS_SHAPE

include "Esper/EsperBase.td"

// One tensor in, one out, no arithmetic.
class Esper_ShapeOp<string mnemonic, string name, list<Trait> traits = []>
    : Esper_AtenOp<mnemonic, name, traits # [Pure]> {
  let results = (outs Esper_Tensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let flops = "0";
}

def Esper_ReshapeOp : Esper_ShapeOp<"reshape", "aten::reshape"> {
  let summary = "the same elements in row-major order under another shape";
  let description = [{
    One size may be -1: what the others leave. A size 0 is zero-size.

    Constraints:
    - (C1) the sizes are >= 0, but for at most one -1.
    - (C2) the element counts of input and result are equal.
    - (C3) the element counts fit in 64 bits.

    Example:
    ```mlir
    %y = esper.reshape %x {shape = array<i64: -1, 4, 2>} : (tensor<?x8xf32>) -> tensor<?x4x2xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, DenseI64ArrayAttr:$shape);
  let atenArgs = "getInput(), getShape()";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Esper_FlattenOp : Esper_ShapeOp<"flatten", "aten::flatten.using_ints"> {
  let summary = "a run of dimensions as one";
  let description = [{
    A tensor of rank 0 becomes one of rank 1.

    Constraints:
    - (C1) `start_dim` and `end_dim` are dimensions of the input.
    - (C2) `start_dim` is not after `end_dim`.
    - (C3) the product of the run fits in 64 bits.

    Example:
    ```mlir
    %y = esper.flatten %x {start_dim = 1 : i64, end_dim = -1 : i64}
        : (tensor<?x4x2xf32>) -> tensor<?x8xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, I64Attr:$start_dim, I64Attr:$end_dim);
  let atenArgs = "getInput(), int64_t(getStartDim()), int64_t(getEndDim())";
  let hasFolder = 1;
}

def Esper_UnflattenOp : Esper_ShapeOp<"unflatten", "aten::unflatten.int"> {
  let summary = "one dimension as several";
  let description = [{
    Constraints:
    - (C1) `dim` is a dimension of the input.
    - (C2) `sizes` is not empty, its entries are >= 0, but for at most one -1.
    - (C3) the product of `sizes` is the size of `dim`.
    - (C4) the product of `sizes` fits in 64 bits.

    Example:
    ```mlir
    %y = esper.unflatten %x {dim = -1 : i64, sizes = array<i64: 4, 2>}
        : (tensor<?x8xf32>) -> tensor<?x4x2xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, I64Attr:$dim, DenseI64ArrayAttr:$sizes);
  let atenArgs = "getInput(), int64_t(getDim()), getSizes()";
  let hasFolder = 1;
}

def Esper_TransposeOp : Esper_ShapeOp<"transpose", "aten::transpose.int"> {
  let summary = "two dimensions exchanged";
  let description = [{
    Constraints:
    - (C1) `dim0` and `dim1` are dimensions of the input.

    Example:
    ```mlir
    %y = esper.transpose %x {dim0 = -2 : i64, dim1 = -1 : i64}
        : (tensor<?x4x2xf32>) -> tensor<?x2x4xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, I64Attr:$dim0, I64Attr:$dim1);
  let atenArgs = "getInput(), int64_t(getDim0()), int64_t(getDim1())";
  let hasFolder = 1;
}

def Esper_PermuteOp : Esper_ShapeOp<"permute", "aten::permute"> {
  let summary = "dimensions in another order";
  let description = [{
    Dimension `i` of the result is dimension `dims[i]` of the input.

    Constraints:
    - (C1) `dims` names every dimension of the input once.

    Example:
    ```mlir
    %y = esper.permute %x {dims = array<i64: 0, 2, 1>} : (tensor<?x4x2xf32>) -> tensor<?x2x4xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, DenseI64ArrayAttr:$dims);
  let atenArgs = "getInput(), getDims()";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Esper_ConcatOp : Esper_ShapeOp<"concat", "aten::cat"> {
  let summary = "tensors one after the other along a dimension";
  let description = [{
    Constraints:
    - (C1) there is at least one input.
    - (C2) `dim` is a dimension of the inputs.
    - (C3) the inputs have equal ranks and agree in all other dimensions.
    - (C4) the element types are equal.
    - (C5) the sum of the sizes fits in 64 bits.

    Example:
    ```mlir
    %y = esper.concat %a, %b {dim = -1 : i64}
        : (tensor<?x3xf32>, tensor<?x5xf32>) -> tensor<?x8xf32>
    ```
  }];
  let arguments = (ins Variadic<Esper_Tensor>:$inputs, I64Attr:$dim);
  let atenArgs = "::mlir::ValueRange(getInputs()), int64_t(getDim())";
  let hasFolder = 1;
}

def Esper_SplitOp : Esper_AtenOp<"split", "aten::split_with_sizes", [Pure]> {
  let summary = "consecutive parts along a dimension";
  let description = [{
    Constraints:
    - (C1) `dim` is a dimension of the input.
    - (C2) `sizes` is not empty and has no negative entry.
    - (C3) `sizes` add up to the size of `dim`.

    Example:
    ```mlir
    %a, %b = esper.split %x {sizes = array<i64: 3, 5>, dim = -1 : i64}
        : (tensor<?x8xf32>) -> (tensor<?x3xf32>, tensor<?x5xf32>)
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, DenseI64ArrayAttr:$sizes, I64Attr:$dim);
  let results = (outs Variadic<Esper_Tensor>:$outputs);
  let assemblyFormat = Esper_PlainFormat;
  let atenArgs = "getInput(), getSizes(), int64_t(getDim())";
  let flops = "0";
  let hasFolder = 1;
}

def Esper_SliceOp : Esper_ShapeOp<"slice", "aten::slice.Tensor"> {
  let summary = "every step-th index of a range of a dimension";
  let description = [{
    Python's slice: negative bounds count from the end, bounds outside are
    clamped, an absent `end` is the end.

    Constraints:
    - (C1) `dim` is a dimension of the input.
    - (C2) `step` is >= 1.

    Example:
    ```mlir
    %y = esper.slice %x {dim = -1 : i64, start = 2 : i64, end = -1 : i64}
        : (tensor<?x8xf32>) -> tensor<?x5xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, I64Attr:$dim, I64Attr:$start,
                       OptionalAttr<I64Attr>:$end, DefaultValuedAttr<I64Attr, "1">:$step);
  let atenArgs = "getInput(), int64_t(getDim()), int64_t(getStart()), getSignedEnd(), int64_t(getStep())";
  let extraClassDeclaration = [{
    std::optional<int64_t> getSignedEnd() { return getEnd(); }
  }];
  let hasFolder = 1;
}

def Esper_IndexOp : Esper_ShapeOp<"index", "aten::select.int"> {
  let summary = "one index of a dimension, which goes";
  let description = [{
    A negative index counts from the end. Where the size is known at run time
    only, an index outside of it is an error of the call.

    Constraints:
    - (C1) `dim` is a dimension of the input.
    - (C2) `index` is in the dimension, as far as its size is known.

    Example:
    ```mlir
    %y = esper.index %x {dim = 1 : i64, index = -1 : i64} : (tensor<?x?x8xf32>) -> tensor<?x8xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, I64Attr:$dim, I64Attr:$index);
  let atenArgs = "getInput(), int64_t(getDim()), int64_t(getIndex())";
}

def Esper_SliceLikeOp : Esper_MathOp<"slice_like", [Pure]> {
  let summary = "the first indices of a dimension, as many as another value has of one of its own";
  let description = [{
    Python's `x[:n]` with `n = like.size(like_dim)`: all of them where there are fewer.

    Constraints:
    - (C1) `dim` is a dimension of the input.
    - (C2) `like_dim` is a dimension of `like`.

    Example:
    ```mlir
    %y = esper.slice_like %x, %like {dim = 0 : i64, like_dim = 1 : i64}
        : (tensor<16x8xf32>, tensor<?x?x8xf32>) -> tensor<?x8xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, Esper_Tensor:$like, I64Attr:$dim, I64Attr:$like_dim);
  let results = (outs Esper_Tensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let flops = "0";
}

def Esper_PadOp : Esper_ShapeOp<"pad", "aten::pad"> {
  let summary = "elements added at (or, when negative, cut off) both ends of dimensions";
  let description = [{
    `pads` is torch's list: (before, after) of the last dimension, then of the
    one before it, and so on.

    Constraints:
    - (C1) `pads` has an even number of entries, at most two for each dimension.
    - (C2) a mode other than constant pads 1 to 3 dimensions and leaves 1 or 2 others.
    - (C3) reflect pads by less than the size, circular by at most the size.
    - (C4) constant cuts off no more than there is, circular leaves no negative size, reflect and
      replicate leave at least one element.
    - (C5) `value` is 0 unless the mode is constant.
    - (C6) the sizes of the result fit in 64 bits.

    Example:
    ```mlir
    %y = esper.pad %x {pads = array<i64: 1, 2>, mode = #esper<pad_mode constant>}
        : (tensor<?x8xf32>) -> tensor<?x11xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, DenseI64ArrayAttr:$pads, Esper_PadModeAttr:$mode,
                       DefaultValuedAttr<F64Attr, "::llvm::APFloat(0.0)">:$value);
  let atenArgs = "getInput(), getPads(), stringifyPadMode(getMode()), getMode() == PadMode::Constant ? AtenArg(getValue()) : AtenArg(AtenNone())";
  let hasFolder = 1;
}

def Esper_ExpandAsOp : Esper_ShapeOp<"expand_as", "aten::expand_as"> {
  let summary = "a tensor repeated to the shape of another";
  let description = [{
    Constraints:
    - (C1) `like` has at least the rank of `input`.
    - (C2) counted from the right, each dimension of `input` is 1 or that of `like`.

    Example:
    ```mlir
    %y = esper.expand_as %b, %x : (tensor<8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, Esper_Tensor:$like);
  let atenArgs = "getInput(), getLike()";
  let hasFolder = 1;
}

def Esper_UnsqueezeOp : Esper_ShapeOp<"unsqueeze", "aten::unsqueeze"> {
  let summary = "a dimension of size 1 inserted";
  let description = [{
    Constraints:
    - (C1) `dim` is a dimension of the result.

    Example:
    ```mlir
    %y = esper.unsqueeze %x {dim = -1 : i64} : (tensor<?x8xf32>) -> tensor<?x8x1xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, I64Attr:$dim);
  let atenArgs = "getInput(), int64_t(getDim())";
}

def Esper_SqueezeOp : Esper_ShapeOp<"squeeze", "aten::squeeze.dim"> {
  let summary = "a dimension taken away if it has size 1";
  let description = [{
    A dimension of another size stays, as in torch.

    Constraints:
    - (C1) `dim` is a dimension of the input.
    - (C2) its size is known: the rank of the result hangs on it.

    Example:
    ```mlir
    %y = esper.squeeze %x {dim = 1 : i64} : (tensor<?x1x8xf32>) -> tensor<?x8xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, I64Attr:$dim);
  let atenArgs = "getInput(), int64_t(getDim())";
  let hasFolder = 1;
}

def Esper_PixelShuffleOp : Esper_ShapeOp<"pixel_shuffle", "aten::pixel_shuffle"> {
  let summary = "groups of channels spread over finer pixels";
  let description = [{
    (..., C r^2, H, W) becomes (..., C, H r, W r) with r = `factor`.

    Constraints:
    - (C1) the input has rank >= 3.
    - (C2) `factor` is >= 1.
    - (C3) the channels (third dimension from the right) divide by the square of `factor`.
    - (C4) the sizes of the result fit in 64 bits.

    Example:
    ```mlir
    %y = esper.pixel_shuffle %x {factor = 2 : i64}
        : (tensor<?x8x4x4xf32>) -> tensor<?x2x8x8xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, I64Attr:$factor);
  let atenArgs = "getInput(), int64_t(getFactor())";
}

def Esper_PixelUnshuffleOp : Esper_ShapeOp<"pixel_unshuffle", "aten::pixel_unshuffle"> {
  let summary = "blocks of pixels gathered into channels";
  let description = [{
    (..., C, H r, W r) becomes (..., C r^2, H, W) with r = `factor`. An input
    known to be empty stays as it is, as in torch.

    Constraints:
    - (C1) the input has rank >= 3.
    - (C2) `factor` is >= 1.
    - (C3) the last two dimensions divide by `factor`.
    - (C4) the channels of the result fit in 64 bits.

    Example:
    ```mlir
    %y = esper.pixel_unshuffle %x {factor = 2 : i64}
        : (tensor<?x2x8x8xf32>) -> tensor<?x8x4x4xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, I64Attr:$factor);
  let atenArgs = "getInput(), int64_t(getFactor())";
}

def Esper_ChannelShuffleOp : Esper_ShapeOp<"channel_shuffle", "aten::channel_shuffle"> {
  let summary = "channels of all groups interleaved";
  let description = [{
    Dimension 1, seen as (groups, C / groups), is transposed.

    Constraints:
    - (C1) the input has rank >= 3.
    - (C2) `groups` is >= 1.
    - (C3) dimension 1 divides by `groups`.

    Example:
    ```mlir
    %y = esper.channel_shuffle %x {groups = 2 : i64}
        : (tensor<?x8x4x4xf32>) -> tensor<?x8x4x4xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, I64Attr:$groups);
  let atenArgs = "getInput(), int64_t(getGroups())";
}

def Esper_UpsampleOp : Esper_MathOp<"upsample", [Pure, DeclareOpInterfaceMethods<AtenOpInterface>]> {
  let summary = "spatial dimensions resized by interpolation";
  let description = [{
    The input is (B, C, spatial...). The new sizes are `output_size`, or the
    old ones times `scale_factor`, rounded down (computed in double precision,
    as torch does).

    Constraints:
    - (C1) the input's spatial rank fits the mode: nearest and nearest_exact 1 to 3, linear 1,
      bilinear and bicubic 2, trilinear 3.
    - (C2) exactly one of `output_size` and `scale_factor` is given.
    - (C3) it has one entry for each spatial dimension.
    - (C4) its entries are positive and finite.
    - (C5) `align_corners` is given only to modes that interpolate.
    - (C6) the spatial sizes of input and result are at least 1, the channels of the input too.
    - (C7) the sizes of the result fit in 64 bits.

    Example:
    ```mlir
    %y = esper.upsample %x {mode = #esper<upsample_mode nearest>,
                            scale_factor = array<f64: 2.000000e+00, 2.000000e+00>}
        : (tensor<?x3x4x4xf32>) -> tensor<?x3x8x8xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, Esper_UpsampleModeAttr:$mode,
                       OptionalAttr<DenseI64ArrayAttr>:$output_size,
                       OptionalAttr<DenseF64ArrayAttr>:$scale_factor,
                       OptionalAttr<BoolAttr>:$align_corners);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  // One product and one sum for each corner that is read; nearest reads one.
  let flops = "2.0 * countElements(getOutput().getType()) * getCornerCount()";
  let extraClassDeclaration = [{
    /// Elements of the input that one element of the result reads; 0 when none is weighted.
    int64_t getCornerCount();
  }];
}

def Esper_ContiguousOp : Esper_AtenOp<"contiguous", "aten::contiguous", [Pure]> {
  let summary = "the same tensor, its elements in another order of memory";
  let description = [{
    A call whose tensor has one dimension less (an image without a batch) leaves
    channels_last undone.

    Constraints:
    - (C1) the format is contiguous, or channels_last of a tensor of rank 4 or 5.

    Example:
    ```mlir
    %y = esper.contiguous channels_last %x : tensor<?x3x?x?xf32>
    ```
  }];
  let arguments = (ins Esper_MemoryFormatAttr:$format, Esper_Tensor:$input);
  let results = (outs Esper_Tensor:$output);
  let assemblyFormat = "$format $input attr-dict `:` type($input)";
  let atenArgs = "getInput(), getTorchMemoryFormat()";
  let flops = "0";
  let extraClassDeclaration = [{
    /// torch's c10::MemoryFormat.
    int64_t getTorchMemoryFormat();
  }];
}

#endif // ESPER_OPS_SHAPE
