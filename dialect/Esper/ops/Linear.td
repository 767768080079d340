//===- Linear.td - Affine maps and look-ups -----------------*- tablegen -*-===//

#ifndef ESPER_OPS_LINEAR
#define ESPER_OPS_LINEAR

include "Esper/EsperBase.td"

def Esper_LinearOp : Esper_AtenOp<"linear", "aten::linear", [Pure, LeadingAgnostic]> {
  let summary = "affine map over the last dimension";
  let description = [{
    Computes `input * transpose(weight) + bias`.

    Constraints:
    - (C1) `input` has rank >= 1.
    - (C2) `weight` has rank 2 and its dimension 1 equals the last dimension of `input`.
    - (C3) `bias`, if present, has dimension 0 of `weight` as its only dimension.

    Example:
    ```mlir
    %y = esper.linear %x, %w, %b
        : (tensor<8x128xf32>, tensor<256x128xf32>, tensor<256xf32>) -> tensor<8x256xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, Esper_FloatTensor:$weight,
                       Optional<Esper_FloatTensor>:$bias);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let atenArgs = "getInput(), getWeight(), getBias()";
  let flops = "2.0 * countElements(getOutput().getType()) * getWeight().getType().getDimSize(1)";
}

def Esper_BilinearOp : Esper_AtenOp<"bilinear", "aten::bilinear", [Pure, LeadingAgnostic]> {
  let summary = "bilinear form of two inputs over their last dimensions";
  let description = [{
    `y_k = left^T weight_k right + bias_k`.

    Constraints:
    - (C1) `left` and `right` have the same rank >= 1 and equal leading dimensions.
    - (C2) `weight` has rank 3: (outputs, last of `left`, last of `right`).
    - (C3) `bias`, if present, has dimension 0 of `weight` as its only dimension.

    Example:
    ```mlir
    %y = esper.bilinear %a, %b, %w
        : (tensor<8x4xf32>, tensor<8x6xf32>, tensor<5x4x6xf32>) -> tensor<8x5xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$left, Esper_FloatTensor:$right,
                       Esper_FloatTensor:$weight, Optional<Esper_FloatTensor>:$bias);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let atenArgs = "getLeft(), getRight(), getWeight(), getBias()";
  let flops = "2.0 * countElements(getOutput().getType()) * getWeight().getType().getDimSize(1) * getWeight().getType().getDimSize(2)";
}

def Esper_MatmulOp : Esper_AtenOp<"matmul", "aten::matmul", [Pure]> {
  let summary = "matrix product with torch's broadcasting";
  let description = [{
    Rank-1 operands act as a row (left) or a column (right); leading dimensions broadcast.

    Constraints:
    - (C1) both operands have rank >= 1.
    - (C2) the contracted dimensions are equal.
    - (C3) the leading dimensions broadcast.

    Example:
    ```mlir
    %y = esper.matmul %a, %b : (tensor<?x4x8xf32>, tensor<8x6xf32>) -> tensor<?x4x6xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$left, Esper_FloatTensor:$right);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let atenArgs = "getLeft(), getRight()";
  let flops = "2.0 * countElements(getOutput().getType()) * getLeft().getType().getShape().back()";
}

def Esper_EmbeddingOp : Esper_AtenOp<"embedding", "aten::embedding", [Pure]> {
  let summary = "rows of a table";
  let description = [{
    The row `padding_idx` (-1: none) takes no gradient.

    Constraints:
    - (C1) `indices` holds integers.
    - (C2) `weight` has rank 2.
    - (C3) `padding_idx` is -1 or a row of `weight`.

    Example:
    ```mlir
    %y = esper.embedding %i, %w : (tensor<?x?xi64>, tensor<100x16xf32>) -> tensor<?x?x16xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$indices, Esper_FloatTensor:$weight,
                       DefaultValuedAttr<I64Attr, "-1">:$padding_idx,
                       DefaultValuedAttr<BoolAttr, "false">:$scale_grad_by_freq);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let atenArgs = "getWeight(), getIndices(), int64_t(getPaddingIdx()), getScaleGradByFreq(), false";
  let flops = "0";
}

#endif // ESPER_OPS_LINEAR
