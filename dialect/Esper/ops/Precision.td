//===- Precision.td - Fewer bits than fp32 ------------------*- tablegen -*-===//

#ifndef ESPER_OPS_PRECISION
#define ESPER_OPS_PRECISION

include "Esper/EsperBase.td"

def Esper_CastOp : Esper_AtenOp<"cast", "aten::to.dtype", [Pure, LeadingAgnostic]> {
  let summary = "the same numbers in another floating type";
  let description = [{
    Rounds to nearest even where `to` is narrower.

    Constraints:
    - (C1) `to` is f16, bf16, f32 or f64.

    Example:
    ```mlir
    %y = esper.cast %x {to = bf16} : (tensor<?x8xf32>) -> tensor<?x8xbf16>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, TypeAttr:$to);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let atenArgs = "getInput(), getTorchDtype(), false, false, AtenNone()";
  let flops = "0";
  let hasFolder = 1;
  let extraClassDeclaration = [{
    /// torch's number for `to` (c10/core/ScalarType.h).
    int64_t getTorchDtype();
  }];
}

def Esper_QuantizeWeightOp : Esper_MathOp<"quantize_weight", [Pure]> {
  let summary = "a weight in 8 bits, with a scale for each output channel";
  let description = [{
    Symmetric: with m the largest magnitude in a slice of dimension 0, its scale
    is m / 127 rounded to fp32, at least 2^-60 (1 where m is 0), and an element w becomes
    round(w / scale), ties to even.

    Constraints:
    - (C1) the weight has rank >= 2.

    Example:
    ```mlir
    %q, %s = esper.quantize_weight %w : (tensor<4x8xf32>) -> (tensor<4x8xi8>, tensor<4xf32>)
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$weight);
  let results = (outs Esper_IndexTensor:$values, Esper_FloatTensor:$scales);
  let assemblyFormat = Esper_PlainFormat;
}

def Esper_QuantizedLinearOp : Esper_MathOp<"quantized_linear", [Pure, LeadingAgnostic]> {
  let summary = "affine map over the last dimension, multiplied in 8 bits";
  let description = [{
    As `esper.linear` with the weight `weight * scales`. The input is rounded to
    a grid of unsigned 8-bit numbers, scale * (q - zero). Static: `input_scale`
    and `input_zero` are that grid, of which q goes from 0 to 127; values outside are
    clamped. Dynamic (without them): every call makes a grid of 128 numbers, no finer
    than 6.1e-5, from the least and the greatest element of the whole input and 0, as torch's `quantized::linear_dynamic` does
    with `reduce_range`. Products are summed exactly. With `relu`, negative
    results become 0.

    Constraints:
    - (C1) `input` and `weight` are those of a linear: rank >= 1, rank 2, equal last dimensions.
    - (C2) `scales` and, if present, `bias` have dimension 0 of `weight` as their only dimension.
    - (C3) `weight` holds i8.
    - (C4) `input_scale` is positive and finite, `input_zero` in [0, 255]; both or neither are given.

    Example:
    ```mlir
    %y = esper.quantized_linear %x, %w, %s, %b
        : (tensor<?x8xf32>, tensor<4x8xi8>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, Esper_IndexTensor:$weight,
                       Esper_FloatTensor:$scales, Optional<Esper_FloatTensor>:$bias,
                       OptionalAttr<F64Attr>:$input_scale, OptionalAttr<I64Attr>:$input_zero,
                       UnitAttr:$relu);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let flops = "2.0 * countElements(getOutput().getType()) * getWeight().getType().getDimSize(1)";
}

def Esper_QuantizedConvOp : Esper_MathOp<"quantized_conv", [Pure]> {
  let summary = "convolution of images, multiplied in 8 bits";
  let description = [{
    As `esper.conv` over two dimensions with the weight `weight * scales`. Input
    and result are rounded to grids of unsigned 8-bit numbers, scale * (q - zero), q
    up to 127 in the input and up to 255 in the result; values outside are clamped. Products are summed exactly. With `relu`, negative
    results become 0.

    Constraints:
    - (C1) the constraints of `esper.conv` on shapes; `input` has rank 4.
    - (C2) `scales` has dimension 0 of `weight` as its only dimension.
    - (C3) `weight` holds i8.
    - (C4) the scales of the grids are positive and finite, their zeros in [0, 255].

    Example:
    ```mlir
    %y = esper.quantized_conv %x, %w, %s, %b
        {stride = array<i64: 1, 1>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>,
         input_scale = 1.000000e-02 : f64, input_zero = 64 : i64,
         output_scale = 2.000000e-02 : f64, output_zero = 0 : i64, relu}
        : (tensor<?x3x32x32xf32>, tensor<8x3x3x3xi8>, tensor<8xf32>, tensor<8xf32>)
        -> tensor<?x8x32x32xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, Esper_IndexTensor:$weight,
                       Esper_FloatTensor:$scales, Optional<Esper_FloatTensor>:$bias,
                       DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$padding,
                       DenseI64ArrayAttr:$dilation, DefaultValuedAttr<I64Attr, "1">:$groups,
                       F64Attr:$input_scale, I64Attr:$input_zero, F64Attr:$output_scale,
                       I64Attr:$output_zero, UnitAttr:$relu);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let flops = "2.0 * countElements(getOutput().getType()) * countElements(getWeight().getType()) / getWeight().getType().getDimSize(0)";
}

#endif // ESPER_OPS_PRECISION
