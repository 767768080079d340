//===- Routing.td - Mixtures of experts ---------------------*- tablegen -*-===//

#ifndef ESPER_OPS_ROUTING
#define ESPER_OPS_ROUTING

include "Esper/EsperBase.td"

def Esper_TopkOp : Esper_AtenOp<"topk", "aten::topk", [Pure]> {
  let summary = "the greatest elements along a dimension, greatest first";
  let description = [{
    Constraints:
    - (C1) `dim` is a dimension of the input.
    - (C2) `k` is in [0, size of that dimension].

    Example:
    ```mlir
    %v, %i = esper.topk %x {k = 2 : i64} : (tensor<?x8xf32>) -> (tensor<?x2xf32>, tensor<?x2xi64>)
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, I64Attr:$k, DefaultValuedAttr<I64Attr, "-1">:$dim);
  let results = (outs Esper_FloatTensor:$values, Esper_IndexTensor:$indices);
  let assemblyFormat = Esper_PlainFormat;
  let atenArgs = "getInput(), int64_t(getK()), int64_t(getDim()), true, true";
  let flops = "countElements(getInput().getType())";
}

def Esper_OneHotOp : Esper_AtenOp<"one_hot", "aten::one_hot", [Pure]> {
  let summary = "indices as rows of an identity matrix";
  let description = [{
    Constraints:
    - (C1) `indices` holds i64.
    - (C2) `num_classes` is >= 1.

    Example:
    ```mlir
    %y = esper.one_hot %i {num_classes = 8 : i64} : (tensor<?x2xi64>) -> tensor<?x2x8xi64>
    ```
  }];
  let arguments = (ins Esper_Tensor:$indices, I64Attr:$num_classes);
  let results = (outs Esper_IndexTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let atenArgs = "getIndices(), int64_t(getNumClasses())";
  let flops = "0";
}

def Esper_TypeAsOp : Esper_AtenOp<"type_as", "aten::type_as", [Pure, LeadingAgnostic]> {
  let summary = "the same numbers in the element type of another tensor";
  let description = [{
    A floating result: a kernel that is switched to another precision carries
    the conversion along.

    Constraints:
    - (C1) `like` is floating.

    Example:
    ```mlir
    %y = esper.type_as %i, %x : (tensor<?x2xi64>, tensor<?x8xf32>) -> tensor<?x2xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, Esper_Tensor:$like);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let atenArgs = "getInput(), getLike()";
  let flops = "0";
  let hasFolder = 1;
}

def Esper_TopkGatingOp : Esper_MathOp<"topk_gating",
    [Pure, DeclareOpInterfaceMethods<CompositeOpInterface>]> {
  let summary = "the experts of each token and their shares";
  let description = [{
    The `k` greatest logits over the last dimension (one for each expert), and
    the softmax over those k as gates. `capacity_factor` is carried for hosts
    that limit the tokens of an expert; here every token reaches all its
    experts, so it changes no number.

    Constraints:
    - (C1) the logits have rank >= 1.
    - (C2) `k` is in [1, number of experts].
    - (C3) `capacity_factor` is positive and finite.

    Example:
    ```mlir
    %g, %i = esper.topk_gating %x {k = 2 : i64, capacity_factor = 1.250000e+00 : f64}
        : (tensor<?x8xf32>) -> (tensor<?x2xf32>, tensor<?x2xi64>)
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$logits, I64Attr:$k,
                       DefaultValuedAttr<F64Attr, "::llvm::APFloat(1.0)">:$capacity_factor);
  let results = (outs Esper_FloatTensor:$gates, Esper_IndexTensor:$indices);
  let assemblyFormat = Esper_PlainFormat;
  let flops = "countElements(getLogits().getType()) + 5.0 * countElements(getGates().getType())";
}

def Esper_MoeCombineOp : Esper_MathOp<"moe_combine",
    [Pure, AttrSizedOperandSegments, DeclareOpInterfaceMethods<CompositeOpInterface>]> {
  let summary = "outputs of experts, weighted by their gates";
  let description = [{
    Every expert has computed all tokens. With `indices`, gate j of a token
    belongs to the expert `indices[..., j]`:
    `y = sum over j of gates[..., j] * experts[indices[..., j]]`. Without,
    `gates` holds one weight for each expert and `top_k` is carried only.

    Constraints:
    - (C1) there are `num_experts` >= 1 experts of one shape (rank >= 1) and element type, the
      gates' element type too.
    - (C2) `top_k` is in [1, num_experts].
    - (C3) `gates` has the experts' leading dimensions and as last one `top_k` with `indices`,
      `num_experts` without.
    - (C4) `indices`, if present, holds i64 and has the shape of `gates`.

    Example:
    ```mlir
    %y = esper.moe_combine %g, %i experts(%a, %b) {num_experts = 2 : i64, top_k = 1 : i64}
        : (tensor<?x1xf32>, tensor<?x1xi64>, tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$gates, Optional<Esper_IndexTensor>:$indices,
                       Variadic<Esper_FloatTensor>:$experts, I64Attr:$num_experts, I64Attr:$top_k);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = [{
    $gates (`,` $indices^)? `experts` `(` $experts `)` attr-dict `:`
    functional-type(operands, results)
  }];
  let flops = "2.0 * countElements(getOutput().getType()) * getNumExperts()";
}

def Esper_MoeAuxLossOp : Esper_MathOp<"moe_aux_loss",
    [Pure, DeclareOpInterfaceMethods<CompositeOpInterface>]> {
  let summary = "how unevenly a router spreads its tokens";
  let description = [{
    `loss_coef * var(mean(softmax(logits)))`: the softmax over the last
    dimension (the experts), its mean over all leading ones, the unbiased
    variance of what is left. A scalar.

    Constraints:
    - (C1) the logits have rank >= 1.
    - (C2) there are at least 2 experts.
    - (C3) `loss_coef` is finite.

    Example:
    ```mlir
    %l = esper.moe_aux_loss %x {loss_coef = 1.000000e-02 : f64} : (tensor<?x8xf32>) -> tensor<f32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$logits, F64Attr:$loss_coef);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let flops = "7.0 * countElements(getLogits().getType())";
}

#endif // ESPER_OPS_ROUTING
