//===- Elementwise.td - Arithmetic with broadcasting --------*- tablegen -*-===//

#ifndef ESPER_OPS_ELEMENTWISE
#define ESPER_OPS_ELEMENTWISE

include "Esper/EsperBase.td"

class Esper_BinaryOp<string mnemonic, string name, list<Trait> traits = []>
    : Esper_AtenOp<mnemonic, name, traits # [Pure, LeadingAgnostic]> {
  let arguments = (ins Esper_Tensor:$left, Esper_Tensor:$right);
  let results = (outs Esper_Tensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let atenArgs = "getLeft(), getRight()";
}

def Esper_AddOp : Esper_BinaryOp<"add", "aten::add"> {
  let summary = "sum, element by element";
  let description = [{
    Constraints:
    - (C1) the shapes broadcast by torch's rule.
    - (C2) the element types are equal.

    Example:
    ```mlir
    %y = esper.add %a, %b : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
    ```
  }];
  let atenArgs = "getLeft(), getRight(), 1";
}

def Esper_SubtractOp : Esper_BinaryOp<"subtract", "aten::sub"> {
  let summary = "difference, element by element";
  let description = [{
    Constraints:
    - (C1) the shapes broadcast by torch's rule.
    - (C2) the element types are equal.

    Example:
    ```mlir
    %y = esper.subtract %a, %b : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
    ```
  }];
  let atenArgs = "getLeft(), getRight(), 1";
}

def Esper_MultiplyOp : Esper_BinaryOp<"multiply", "aten::mul"> {
  let summary = "product, element by element";
  let description = [{
    Constraints:
    - (C1) the shapes broadcast by torch's rule.
    - (C2) the element types are equal.

    Example:
    ```mlir
    %y = esper.multiply %a, %b : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
    ```
  }];
}

def Esper_DivideOp : Esper_BinaryOp<"divide", "aten::div"> {
  let summary = "quotient, element by element";
  let description = [{
    Constraints:
    - (C1) the shapes broadcast by torch's rule.
    - (C2) the element types are equal and floating.

    Example:
    ```mlir
    %y = esper.divide %a, %b : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
    ```
  }];
}

def Esper_MaximumOp : Esper_BinaryOp<"maximum", "aten::maximum"> {
  let summary = "the greater element";
  let description = [{
    NaN wins; equal elements share the gradient half and half.

    Constraints:
    - (C1) the shapes broadcast by torch's rule.
    - (C2) the element types are equal.

    Example:
    ```mlir
    %y = esper.maximum %a, %b : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
    ```
  }];
}

def Esper_MinimumOp : Esper_BinaryOp<"minimum", "aten::minimum"> {
  let summary = "the smaller element";
  let description = [{
    NaN wins; equal elements share the gradient half and half.

    Constraints:
    - (C1) the shapes broadcast by torch's rule.
    - (C2) the element types are equal.

    Example:
    ```mlir
    %y = esper.minimum %a, %b : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
    ```
  }];
}

def Esper_ScaleOp : Esper_AtenOp<"scale", "aten::mul", [Pure, LeadingAgnostic]> {
  let summary = "product with a number";
  let description = [{
    Constraints:
    - (C1) the input is floating.

    Example:
    ```mlir
    %y = esper.scale %x, 5.000000e-01 : tensor<?x8xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, F64Attr:$value);
  let results = (outs Esper_Tensor:$output);
  let assemblyFormat = "$input `,` $value attr-dict `:` type($input)";
  let atenArgs = "getInput(), getValue()";
  let hasFolder = 1;
}

def Esper_DetachOp : Esper_AtenOp<"detach", "aten::detach", [Pure, LeadingAgnostic]> {
  let summary = "the same values, without gradient";
  let description = [{
    Example:
    ```mlir
    %y = esper.detach %x : tensor<?x8xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input);
  let results = (outs Esper_Tensor:$output);
  let assemblyFormat = "$input attr-dict `:` type($input)";
  let atenArgs = "getInput()";
  let flops = "0";
  let hasFolder = 1;
}

def Esper_ClipGradientOp : Esper_MathOp<"clip_gradient", [Pure, LeadingAgnostic]> {
  let summary = "the same values; their gradient is scaled down to a norm";
  let description = [{
    With g the gradient that comes in and n its `norm_type`-norm over all
    elements (infinite: the greatest magnitude), what goes out is
    `g * min(1, max_norm / (n + 1e-6))`, the rule of
    `torch.nn.utils.clip_grad_norm_`. TorchScript has no form for it: a kernel
    that trains is refused, in one for inference it is dropped.

    Constraints:
    - (C1) `max_norm` is positive and finite.
    - (C2) `norm_type` is positive; it may be infinite.

    Example:
    ```mlir
    %y = esper.clip_gradient(1.000000e+00) %x {norm_type = 2.000000e+00 : f64} : tensor<?x8xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, F64Attr:$max_norm, F64Attr:$norm_type);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = "`(` $max_norm `)` $input attr-dict `:` type($input)";
  let flops = "0";
}

#endif // ESPER_OPS_ELEMENTWISE
