//===- Conv.td - Convolutions over 1 to 3 dimensions --------*- tablegen -*-===//

#ifndef ESPER_OPS_CONV
#define ESPER_OPS_CONV

include "Esper/EsperBase.td"

def Esper_ConvOp : Esper_AtenOp<"conv", "aten::conv#d", [Pure]> {
  let summary = "convolution over the last 1 to 3 dimensions";
  let description = [{
    `input` is (batch, channels, spatial...), `weight` is (outputs, channels /
    groups, kernel...). The spatial dimensions are those of the kernel.

    Constraints:
    - (C1) `weight` has rank 3, 4 or 5, and `input` has the same rank.
    - (C2) `stride`, `padding` and `dilation` have one entry for each spatial dimension.
    - (C3) strides and dilations are at least 1, paddings at least 0.
    - (C4) no dimension of `weight` is 0, and `groups` >= 1 divides dimension 0 of `weight`.
    - (C5) dimension 1 of `input` is dimension 1 of `weight` times `groups`.
    - (C6) `bias`, if present, has dimension 0 of `weight` as its only dimension.
    - (C7) the dilated kernel is not larger than the padded input, which is not empty.
    - (C8) the element types are equal.
    - (C9) all sizes fit into 64 bits.

    Example:
    ```mlir
    %y = esper.conv %x, %w, %b
        {stride = array<i64: 2, 2>, padding = array<i64: 1, 1>, dilation = array<i64: 1, 1>}
        : (tensor<?x3x32x32xf32>, tensor<8x3x3x3xf32>, tensor<8xf32>) -> tensor<?x8x16x16xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, Esper_FloatTensor:$weight,
                       Optional<Esper_FloatTensor>:$bias, DenseI64ArrayAttr:$stride,
                       DenseI64ArrayAttr:$padding, DenseI64ArrayAttr:$dilation,
                       DefaultValuedAttr<I64Attr, "1">:$groups);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let spatialRank = "getWeight().getType().getRank() - 2";
  let atenArgs = "getInput(), getWeight(), getBias(), getStride(), getPadding(), getDilation(), int64_t(getGroups())";
  // Every output element is a dot product with one slice of the weight.
  let flops = "2.0 * countElements(getOutput().getType()) * countElements(getWeight().getType()) / getWeight().getType().getDimSize(0)";
}

def Esper_ConvTransposeOp : Esper_AtenOp<"conv_transpose", "aten::conv_transpose#d.input", [Pure]> {
  let summary = "transposed convolution over the last 1 to 3 dimensions";
  let description = [{
    `input` is (batch, channels, spatial...), `weight` is (channels, outputs /
    groups, kernel...). A spatial size becomes
    (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1.

    Constraints:
    - (C1) `weight` has rank 3, 4 or 5, and `input` has the same rank.
    - (C2) `stride`, `padding`, `output_padding` and `dilation` have one entry for each spatial dimension.
    - (C3) strides and dilations are at least 1, paddings and output paddings at least 0.
    - (C4) no dimension of `weight` is 0, and `groups` >= 1 divides dimension 0 of `weight`.
    - (C5) dimension 1 of `input` is dimension 0 of `weight`.
    - (C6) `bias`, if present, has dimension 1 of `weight` times `groups` as its only dimension.
    - (C7) an output padding is smaller than the stride or than the dilation of its dimension.
    - (C8) neither `input` nor the output is empty in a spatial dimension.
    - (C9) the element types are equal.
    - (C10) all sizes fit into 64 bits.

    Example:
    ```mlir
    %y = esper.conv_transpose %x, %w
        {stride = array<i64: 2>, padding = array<i64: 1>, output_padding = array<i64: 1>,
         dilation = array<i64: 1>}
        : (tensor<?x8x16xf32>, tensor<8x4x3xf32>) -> tensor<?x4x32xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, Esper_FloatTensor:$weight,
                       Optional<Esper_FloatTensor>:$bias, DenseI64ArrayAttr:$stride,
                       DenseI64ArrayAttr:$padding, DenseI64ArrayAttr:$output_padding,
                       DefaultValuedAttr<I64Attr, "1">:$groups, DenseI64ArrayAttr:$dilation);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let spatialRank = "getWeight().getType().getRank() - 2";
  let atenArgs = "getInput(), getWeight(), getBias(), getStride(), getPadding(), getOutputPadding(), int64_t(getGroups()), getDilation()";
  // Every input element is spread by one slice of the weight.
  let flops = "2.0 * countElements(getInput().getType()) * countElements(getWeight().getType()) / getWeight().getType().getDimSize(0)";
}

#endif // ESPER_OPS_CONV
