//===- Choice.td - Comparing, choosing, whole numbers -------*- tablegen -*-===//

#ifndef ESPER_OPS_CHOICE
#define ESPER_OPS_CHOICE

include "Esper/EsperBase.td"

def Esper_Mask : RankedTensorOf<[I1]>;

def Esper_FullOp : Esper_MathOp<"full", [Pure, LeadingAgnostic, DeclareOpInterfaceMethods<AtenOpInterface>]> {
  let summary = "one number everywhere";
  let description = [{
    Of the element type of `like`; of `shape`, or without one of the shape of
    `like`. Of integers the number is rounded towards zero.

    Constraints:
    - (C1) the sizes in `shape` are >= 0.

    Example:
    ```mlir
    %y = esper.full %x {value = 1.270000e+02 : f64, shape = array<i64>} : (tensor<?x8xf32>) -> tensor<f32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$like, F64Attr:$value, OptionalAttr<DenseI64ArrayAttr>:$shape);
  let results = (outs Esper_Tensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let flops = "0";
}

def Esper_CompareOp : Esper_MathOp<"compare", [Pure, LeadingAgnostic, DeclareOpInterfaceMethods<AtenOpInterface>]> {
  let summary = "a comparison, element by element";
  let description = [{
    Constraints:
    - (C1) the shapes broadcast by torch's rule.
    - (C2) the element types are equal.

    Example:
    ```mlir
    %m = esper.compare gt %a, %b : (tensor<?x8xf32>, tensor<f32>) -> tensor<?x8xi1>
    ```
  }];
  let arguments = (ins Esper_CompareKindAttr:$kind, Esper_Tensor:$left, Esper_Tensor:$right);
  let results = (outs Esper_Mask:$output);
  let assemblyFormat = "$kind $left `,` $right attr-dict `:` functional-type(operands, results)";
}

def Esper_WhereOp : Esper_AtenOp<"where", "aten::where", [Pure, LeadingAgnostic]> {
  let summary = "elements of one tensor where a mask is set, of another elsewhere";
  let description = [{
    Constraints:
    - (C1) the three shapes broadcast by torch's rule.
    - (C2) the element types of the two tensors are equal.

    Example:
    ```mlir
    %y = esper.where %m, %a, %b : (tensor<?x8xi1>, tensor<?x8xf32>, tensor<f32>) -> tensor<?x8xf32>
    ```
  }];
  let arguments = (ins Esper_Mask:$mask, Esper_Tensor:$left, Esper_Tensor:$right);
  let results = (outs Esper_Tensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let atenArgs = "getMask(), getLeft(), getRight()";
}

def Esper_RemainderOp : Esper_AtenOp<"remainder", "aten::remainder", [Pure, LeadingAgnostic]> {
  let summary = "what a division rounded down leaves";
  let description = [{
    As Python's `%`: the result has the sign of the divisor. A divisor of 0 is
    an error of torch for integers and NaN else.

    Constraints:
    - (C1) the shapes broadcast by torch's rule.
    - (C2) the element types are equal.

    Example:
    ```mlir
    %y = esper.remainder %n, %p : (tensor<i64>, tensor<i64>) -> tensor<i64>
    ```
  }];
  let arguments = (ins Esper_Tensor:$left, Esper_Tensor:$right);
  let results = (outs Esper_Tensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let atenArgs = "getLeft(), getRight()";
}

def Esper_ToIntegerOp : Esper_AtenOp<"to_integer", "aten::to.dtype", [Pure, LeadingAgnostic]> {
  let summary = "numbers rounded towards zero, as whole numbers";
  let description = [{
    No gradient passes. What `to` cannot hold is not defined, as in torch.

    Constraints:
    - (C1) `to` is i8, i16, i32 or i64.

    Example:
    ```mlir
    %q = esper.to_integer %x {to = i8} : (tensor<?x8xf32>) -> tensor<?x8xi8>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, TypeAttr:$to);
  let results = (outs Esper_IndexTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let atenArgs = "getInput(), getTorchDtype(), false, false, AtenNone()";
  let flops = "0";
  let extraClassDeclaration = [{
    /// torch's number for `to` (c10/core/ScalarType.h).
    int64_t getTorchDtype();
  }];
}

def Esper_IsGivenOp : Esper_Op<"is_given", [Pure]> {
  let summary = "did the caller pass this optional input";
  let description = [{
    Constraints:
    - (C1) the input is an optional tensor.

    Example:
    ```mlir
    %g = esper.is_given %base : !esper.optional<tensor<?x8xf32>>
    ```
  }];
  let arguments = (ins Esper_OptionalType:$input);
  let results = (outs I1:$flag);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

def Esper_SelectOp : Esper_MathOp<"select", [Pure, LeadingAgnostic]> {
  let summary = "one of two tensors by a mode or by what was given";
  let description = [{
    Both are computed; the gradient goes to the one that was chosen.

    Constraints:
    - (C1) the two have the same element type and shapes that can be equal.

    Example:
    ```mlir
    %y = esper.select %t, %a, %b : tensor<?x8xf32>, tensor<?x8xf32> -> tensor<?x8xf32>
    ```
  }];
  let arguments = (ins I1:$flag, Esper_Tensor:$left, Esper_Tensor:$right);
  let results = (outs Esper_Tensor:$output);
  let assemblyFormat = [{
    $flag `,` $left `,` $right attr-dict `:` type($left) `,` type($right) `->` type($output)
  }];
  let flops = "0";
  let hasFolder = 1;
}

#endif // ESPER_OPS_CHOICE
