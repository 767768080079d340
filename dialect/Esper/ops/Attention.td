//===- Attention.td - Attention and its parts ---------------*- tablegen -*-===//

#ifndef ESPER_OPS_ATTENTION
#define ESPER_OPS_ATTENTION

include "Esper/EsperBase.td"

def Esper_AttentionOp : Esper_MathOp<"attention",
    [AttrSizedOperandSegments, DeclareOpInterfaceMethods<CompositeOpInterface>,
     DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "multi-head attention with its projections";
  let description = [{
    torch's `multi_head_attention_forward` on batched inputs: with E the last
    dimension of `query`, H heads and D = E / H, project, split into heads,
    `softmax(q k^T / sqrt(D)) v`, join, project. `causal` lets position i of
    the query see positions 0 to i of the key. `bias_k` and `bias_v` are one
    more position of key and value, `add_zero_attn` appends one of zeros; both
    are seen by all. `mask` is added to the scores: -inf hides a position. A
    query that sees no position has the weights NaN with `need_weights`, and
    0 without, as `scaled_dot_product_attention` has it. Dropout acts on the
    softmax. With `need_weights` the second result is that softmax (after
    dropout), averaged over the heads.

    When query, key and value are one SSA value, the projections are one
    product. Draws random numbers only if `dropout` > 0.

    Constraints:
    - (C1) query, key and value have rank 3: (batch, positions, features), or (positions, batch,
      features) unless `batch_first`.
    - (C2) their batch sizes agree, and so do the positions of key and value.
    - (C3) E is known, and `num_heads` is >= 1 and divides it.
    - (C4) there is either `in_proj_weight` or all of q, k and v_proj_weight.
    - (C5) the weights fit: in_proj_weight (3E, E), q_proj_weight (E, E), k_proj_weight (E, last of
      key), v_proj_weight (E, last of value).
    - (C6) `in_proj_bias`, if present, has shape (3E).
    - (C7) `bias_k` and `bias_v` are both present, with shape (1, 1, E), or both absent.
    - (C8) `out_proj_weight` has shape (E, E), `out_proj_bias`, if present, (E).
    - (C9) `dropout` is in [0, 1].
    - (C10) `mask` has rank 4, and its sizes are 1 or those of (batch, num_heads, positions of the
      query, positions of the key as given).

    Example:
    ```mlir
    %y, %a = esper.attention %x, %x, %x in_proj(%w) in_bias(%b) out_proj(%v, %c) training %t
        {num_heads = 2 : i64, dropout = 1.000000e-01 : f64}
        : (tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<?x?x8xf32>, tensor<24x8xf32>,
           tensor<24xf32>, tensor<8x8xf32>, tensor<8xf32>, i1)
        -> (tensor<?x?x8xf32>, tensor<?x?x?xf32>)
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$query, Esper_FloatTensor:$key, Esper_FloatTensor:$value,
                       Optional<Esper_FloatTensor>:$in_proj_weight,
                       Optional<Esper_FloatTensor>:$q_proj_weight,
                       Optional<Esper_FloatTensor>:$k_proj_weight,
                       Optional<Esper_FloatTensor>:$v_proj_weight,
                       Optional<Esper_FloatTensor>:$in_proj_bias,
                       Optional<Esper_FloatTensor>:$bias_k, Optional<Esper_FloatTensor>:$bias_v,
                       Esper_FloatTensor:$out_proj_weight,
                       Optional<Esper_FloatTensor>:$out_proj_bias, I1:$training,
                       Optional<Esper_FloatTensor>:$mask,
                       I64Attr:$num_heads, F64Attr:$dropout,
                       DefaultValuedAttr<BoolAttr, "false">:$causal,
                       DefaultValuedAttr<BoolAttr, "true">:$batch_first,
                       DefaultValuedAttr<BoolAttr, "false">:$add_zero_attn,
                       DefaultValuedAttr<BoolAttr, "true">:$need_weights);
  let results = (outs Esper_FloatTensor:$output, Optional<Esper_FloatTensor>:$weights);
  let assemblyFormat = [{
    $query `,` $key `,` $value
    (`in_proj` `(` $in_proj_weight^ `)`)?
    (`q_proj` `(` $q_proj_weight^ `)`)? (`k_proj` `(` $k_proj_weight^ `)`)?
    (`v_proj` `(` $v_proj_weight^ `)`)? (`in_bias` `(` $in_proj_bias^ `)`)?
    (`bias_k` `(` $bias_k^ `)`)? (`bias_v` `(` $bias_v^ `)`)?
    `out_proj` `(` $out_proj_weight (`,` $out_proj_bias^)? `)` `training` $training
    (`mask` `(` $mask^ `)`)? attr-dict `:` functional-type(operands, results)
  }];
  let flops = "getProjectionFlops() + getProductFlops()";
  let extraClassDeclaration = [{
    /// FLOPs of the four projections, and of what lies between them.
    double getProjectionFlops();
    double getProductFlops();
    /// Positions that bias_k/bias_v and add_zero_attn append to the key.
    int64_t getExtraPositions() { return (getBiasK() ? 1 : 0) + (getAddZeroAttn() ? 1 : 0); }
  }];
  let hasFolder = 1;
}

def Esper_SdpaOp : Esper_AtenOp<"sdpa", "aten::scaled_dot_product_attention",
    [Pure, DeclareOpInterfaceMethods<CompositeOpInterface>]> {
  let summary = "softmax(scale * query key^T) value, without the scores in memory";
  let description = [{
    Operands are (..., positions, features). `causal` lets position i of the
    query see positions 0 to i of the key.

    Constraints:
    - (C1) the operands have one rank >= 3 and their leading dimensions agree.
    - (C2) query and key have as many features.
    - (C3) key and value have as many positions.
    - (C4) the element types are equal.

    Example:
    ```mlir
    %y = esper.sdpa %q, %k, %v {scale = 2.500000e-01 : f64}
        : (tensor<?x2x?x16xf32>, tensor<?x2x?x16xf32>, tensor<?x2x?x16xf32>) -> tensor<?x2x?x16xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$query, Esper_FloatTensor:$key, Esper_FloatTensor:$value,
                       F64Attr:$scale, DefaultValuedAttr<BoolAttr, "false">:$causal);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let atenArgs = "getQuery(), getKey(), getValue(), AtenNone(), 0.0, getCausal(), getScale()";
  let flops = "getScoreCount() * (2.0 * getQuery().getType().getShape().back() + 2.0 * getValue().getType().getShape().back() + 5.0)";
  let extraClassDeclaration = [{
    /// Elements of query key^T.
    double getScoreCount();
  }];
}

def Esper_CausalMaskOp : Esper_MathOp<"causal_mask", [Pure, LeadingAgnostic]> {
  let summary = "scores of later positions replaced by -inf";
  let description = [{
    Elements above the diagonal of the last two dimensions become -inf; they
    take no gradient.

    Constraints:
    - (C1) the scores have rank >= 2.

    Example:
    ```mlir
    %m = esper.causal_mask %s : tensor<?x2x?x?xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$scores);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = "$scores attr-dict `:` type($scores)";
}

def Esper_RotaryEmbeddingOp : Esper_MathOp<"rotary_embedding", [Pure, LeadingAgnostic]> {
  let summary = "pairs of features rotated by an angle that grows with the position";
  let description = [{
    The rotary embedding of Su et al., "RoFormer" (2021), section 3.2. The
    input is (..., S, num_heads * D). At position s along S, in each head, the
    pair of neighbours (x_2i, x_2i+1), i < D/2, is rotated by the angle
    a = s * base^(-2i/D): it becomes
    (x_2i cos a - x_2i+1 sin a, x_2i sin a + x_2i+1 cos a).

    Constraints:
    - (C1) the input has rank >= 2 and its last dimension is known.
    - (C2) `num_heads` is >= 1 and divides the last dimension into heads of even size.
    - (C3) `base` is positive and finite.

    Example:
    ```mlir
    %y = esper.rotary_embedding %x {base = 1.000000e+04 : f64} : (tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input,
                       DefaultValuedAttr<F64Attr, "::llvm::APFloat(10000.0)">:$base,
                       DefaultValuedAttr<I64Attr, "1">:$num_heads);
  let results = (outs Esper_FloatTensor:$output);
  // Not the short form: the parser would infer the type before it has filled in the defaults.
  let assemblyFormat = Esper_PlainFormat;
  let flops = "3.0 * countElements(getOutput().getType())";
}

#endif // ESPER_OPS_ATTENTION
