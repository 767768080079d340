//===- Activation.td - Non-linear functions -----------------*- tablegen -*-===//

#ifndef ESPER_OPS_ACTIVATION
#define ESPER_OPS_ACTIVATION

include "Esper/EsperBase.td"

def Esper_ActivationOp : Esper_MathOp<"activation",
    [Pure, LeadingAgnostic, DeclareOpInterfaceMethods<AtenOpInterface>]> {
  let summary = "a function of each element";
  let description = [{
    The functions, their ATen names and their parameters are the rows of
    include/tez/Dialect/Esper/Activations.def. `gelu` is the exact erf form,
    `gelu_tanh` the approximation.

    Constraints:
    - (C1) `kind` is a row of the table.
    - (C2) there are as many parameters as the row has.
    - (C3) the input is floating.

    Example:
    ```mlir
    %y = esper.activation "leaky_relu"(1.000000e-02) %x : tensor<?x8xf32>
    ```
  }];
  let arguments = (ins StrAttr:$kind, DefaultValuedAttr<DenseF64ArrayAttr, "{}">:$parameters,
                       Esper_Tensor:$input);
  let results = (outs Esper_Tensor:$output);
  let assemblyFormat = "$kind custom<Parameters>($parameters) $input attr-dict `:` type($input)";
  let hasFolder = 1;
}

def Esper_PReluOp : Esper_AtenOp<"prelu", "aten::prelu", [Pure]> {
  let summary = "relu with a learned slope for negative values";
  let description = [{
    Constraints:
    - (C1) `weight` has rank 1.
    - (C2) `weight` has one element or as many as dimension 1 of the input (dimension 0 of a rank-1 input: one).

    Example:
    ```mlir
    %y = esper.prelu %x, %w : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, Esper_FloatTensor:$weight);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let atenArgs = "getInput(), getWeight()";
}

def Esper_GluOp : Esper_AtenOp<"glu", "aten::glu", [Pure]> {
  let summary = "first half times sigmoid of the second half";
  let description = [{
    Constraints:
    - (C1) `dim` is a dimension of the input.
    - (C2) that dimension is even.

    Example:
    ```mlir
    %y = esper.glu %x {dim = -1 : i64} : (tensor<?x8xf32>) -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, I64Attr:$dim);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let atenArgs = "getInput(), int64_t(getDim())";
}

class Esper_SoftmaxLike<string mnemonic, string name> : Esper_AtenOp<mnemonic, name, [Pure]> {
  let arguments = (ins Esper_FloatTensor:$input, I64Attr:$dim);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let atenArgs = "getInput(), int64_t(getDim()), AtenNone()";
  let flops = "5.0 * countElements(getOutput().getType())";
}

def Esper_SoftmaxOp : Esper_SoftmaxLike<"softmax", "aten::softmax"> {
  let summary = "exponentials over one dimension, divided by their sum";
  let description = [{
    Constraints:
    - (C1) `dim` is a dimension of the input.

    Example:
    ```mlir
    %y = esper.softmax %x {dim = -1 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
    ```
  }];
}

def Esper_LogSoftmaxOp : Esper_SoftmaxLike<"log_softmax", "aten::log_softmax"> {
  let summary = "logarithm of the softmax";
  let description = [{
    Constraints:
    - (C1) `dim` is a dimension of the input.

    Example:
    ```mlir
    %y = esper.log_softmax %x {dim = -1 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
    ```
  }];
}

#endif // ESPER_OPS_ACTIVATION
