//===- Pooling.td - Windows reduced to one value ------------*- tablegen -*-===//

#ifndef ESPER_OPS_POOLING
#define ESPER_OPS_POOLING

include "Esper/EsperBase.td"

// One operation for each element of each window.
defvar Esper_WindowFlops = "countElements(getOutput().getType()) * productOf(getKernelSize())";

def Esper_MaxPoolOp : Esper_AtenOp<"max_pool", "aten::max_pool#d", [Pure]> {
  let summary = "maximum of each window";
  let description = [{
    `input` is (batch, channels, spatial...); the spatial dimensions are those
    of `kernel_size`. Padding never wins. A spatial size becomes
    (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1, rounded
    down, or with `ceil_mode` up, as long as the last window starts inside the
    input or its left padding.

    Constraints:
    - (C1) `kernel_size` has 1, 2 or 3 entries and `input` has a rank of 2 more.
    - (C2) `stride`, `padding` and `dilation` have as many entries as `kernel_size`.
    - (C3) kernel sizes, strides and dilations are at least 1, paddings at least 0.
    - (C4) a padding is at most half of its kernel size.
    - (C5) no dimension of `input` but the batch is 0, and there is room for one window.
    - (C6) all sizes fit into 64 bits.

    Example:
    ```mlir
    %y = esper.max_pool %x
        {kernel_size = array<i64: 3, 3>, stride = array<i64: 2, 2>, padding = array<i64: 1, 1>,
         dilation = array<i64: 1, 1>}
        : (tensor<?x8x32x?xf32>) -> tensor<?x8x16x?xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, DenseI64ArrayAttr:$kernel_size,
                       DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$padding,
                       DenseI64ArrayAttr:$dilation,
                       DefaultValuedAttr<BoolAttr, "false">:$ceil_mode);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let spatialRank = "getKernelSize().size()";
  let atenArgs = "getInput(), getKernelSize(), getStride(), getPadding(), getDilation(), getCeilMode()";
  let flops = Esper_WindowFlops;
}

def Esper_MaxPoolWithIndicesOp
    : Esper_AtenOp<"max_pool_with_indices", "aten::max_pool#d_with_indices", [Pure]> {
  let summary = "maximum of each window, and where it stands";
  let description = [{
    The first result is that of `max_pool`. The second counts, for each window,
    the elements of the input's last `kernel_size` dimensions that stand before
    the first greatest one.

    Constraints:
    - (C1) input and windows are as those of `max_pool` may be.

    Example:
    ```mlir
    %y, %i = esper.max_pool_with_indices %x
        {kernel_size = array<i64: 2>, stride = array<i64: 2>, padding = array<i64: 0>,
         dilation = array<i64: 1>}
        : (tensor<?x8x32xf32>) -> (tensor<?x8x16xf32>, tensor<?x8x16xi64>)
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, DenseI64ArrayAttr:$kernel_size,
                       DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$padding,
                       DenseI64ArrayAttr:$dilation,
                       DefaultValuedAttr<BoolAttr, "false">:$ceil_mode);
  let results = (outs Esper_FloatTensor:$output, Esper_IndexTensor:$indices);
  let assemblyFormat = Esper_PlainFormat;
  let spatialRank = "getKernelSize().size()";
  let atenArgs = "getInput(), getKernelSize(), getStride(), getPadding(), getDilation(), getCeilMode()";
  let flops = Esper_WindowFlops;
}

def Esper_AvgPoolOp : Esper_MathOp<"avg_pool", [Pure, DeclareOpInterfaceMethods<AtenOpInterface>]> {
  let summary = "mean of each window";
  let description = [{
    Sizes as in `max_pool`. The sum is divided by `divisor_override`, or else by
    the size of the window, of which the padding counts only with
    `count_include_pad`.

    Constraints:
    - (C1) `kernel_size` has 1, 2 or 3 entries and `input` has a rank of 2 more.
    - (C2) `stride` and `padding` have as many entries as `kernel_size`.
    - (C3) kernel sizes and strides are at least 1, paddings at least 0.
    - (C4) a padding is at most half of its kernel size.
    - (C5) no dimension of `input` but the batch is 0, and there is room for one window;
      with 3 spatial dimensions the kernel is not larger than the input without padding.
    - (C6) all sizes fit into 64 bits.
    - (C7) `divisor_override`, if present, is not 0, and there are 2 or 3 spatial dimensions.

    Example:
    ```mlir
    %y = esper.avg_pool %x
        {kernel_size = array<i64: 2>, stride = array<i64: 2>, padding = array<i64: 0>,
         ceil_mode = true, count_include_pad = false}
        : (tensor<?x8x33xf32>) -> tensor<?x8x17xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, DenseI64ArrayAttr:$kernel_size,
                       DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$padding,
                       DefaultValuedAttr<BoolAttr, "false">:$ceil_mode,
                       DefaultValuedAttr<BoolAttr, "true">:$count_include_pad,
                       OptionalAttr<I64Attr>:$divisor_override);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let flops = Esper_WindowFlops;
}

def Esper_AdaptiveAvgPoolOp : Esper_MathOp<"adaptive_avg_pool", [Pure]> {
  let summary = "mean over windows that divide the input evenly";
  let description = [{
    `output_size` -1 keeps the size of the dimension. Window i of n over a
    dimension of size s is [floor(i * s / n), ceil((i + 1) * s / n)).

    Constraints:
    - (C1) `output_size` has 1, 2 or 3 entries and `input` has a rank of 2 more.
    - (C2) an output size is -1 or at least 0.
    - (C3) no spatial dimension of `input` is 0, nor with 3 of them the channels.

    Example:
    ```mlir
    %y = esper.adaptive_avg_pool %x {output_size = array<i64: 1, -1>}
        : (tensor<?x8x?x?xf32>) -> tensor<?x8x1x?xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, DenseI64ArrayAttr:$output_size);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let flops = "countElements(getInput().getType())";
}

def Esper_AdaptiveMaxPoolOp : Esper_MathOp<"adaptive_max_pool", [Pure]> {
  let summary = "maximum over windows that divide the input evenly";
  let description = [{
    Sizes and windows as in `adaptive_avg_pool`.

    Constraints:
    - (C1) `output_size` has 1, 2 or 3 entries and `input` has a rank of 2 more.
    - (C2) an output size is -1 or at least 0.
    - (C3) no dimension of `input` but the batch is 0.

    Example:
    ```mlir
    %y = esper.adaptive_max_pool %x {output_size = array<i64: 4>}
        : (tensor<?x8x?xf32>) -> tensor<?x8x4xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, DenseI64ArrayAttr:$output_size);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let flops = "countElements(getInput().getType())";
}

def Esper_LpPoolOp : Esper_MathOp<"lp_pool", [Pure, DeclareOpInterfaceMethods<CompositeOpInterface>]> {
  let summary = "p-norm of each window";
  let description = [{
    `(sum of x^p over the window)^(1 / p)` with `p` = `norm_type`. Sizes as in
    `max_pool` without padding; with `ceil_mode` the sum of a window that
    leaves the input is scaled up to the size of the kernel.

    Constraints:
    - (C1) `kernel_size` has 1, 2 or 3 entries and `input` has a rank of 2 more.
    - (C2) `stride` has as many entries as `kernel_size`.
    - (C3) kernel sizes and strides are at least 1.
    - (C4) `norm_type` is finite and not 0.
    - (C5) no dimension of `input` but the batch is 0, and there is room for one window;
      with 3 spatial dimensions the kernel is not larger than the input without padding.
    - (C6) all sizes fit into 64 bits.

    Example:
    ```mlir
    %y = esper.lp_pool %x
        {norm_type = 2.000000e+00 : f64, kernel_size = array<i64: 2, 2>, stride = array<i64: 2, 2>}
        : (tensor<?x8x32x32xf32>) -> tensor<?x8x16x16xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, F64Attr:$norm_type, DenseI64ArrayAttr:$kernel_size,
                       DenseI64ArrayAttr:$stride, DefaultValuedAttr<BoolAttr, "false">:$ceil_mode);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let flops = !strconcat("3.0 * ", Esper_WindowFlops);
}

#endif // ESPER_OPS_POOLING
