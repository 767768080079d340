//===- Reduction.td - Sums and their kin --------------------*- tablegen -*-===//

#ifndef ESPER_OPS_REDUCTION
#define ESPER_OPS_REDUCTION

include "Esper/EsperBase.td"

def Esper_ReduceOp : Esper_MathOp<"reduce", [Pure, DeclareOpInterfaceMethods<AtenOpInterface>]> {
  let summary = "sum, mean, maximum, minimum or variance over dimensions";
  let description = [{
    Empty `dims` stand for all dimensions. `keepdim` leaves a 1 where a
    dimension was. The variance divides by the count less `correction`. A sum
    of integers is i64, as torch's.

    Constraints:
    - (C1) every one of `dims` is a dimension of the input.
    - (C2) none of them is named twice.
    - (C3) mean and var are of floating elements.
    - (C4) max and min are over at least one element.

    Example:
    ```mlir
    %y = esper.reduce %x {kind = #esper<reduce_kind mean>, dims = array<i64: -1>, keepdim = true}
        : (tensor<?x8xf32>) -> tensor<?x1xf32>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, Esper_ReduceKindAttr:$kind,
                       DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$dims,
                       DefaultValuedAttr<BoolAttr, "false">:$keepdim,
                       DefaultValuedAttr<I64Attr, "1">:$correction);
  let results = (outs Esper_Tensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let flops = "countElements(getInput().getType())";
}

def Esper_CumsumOp : Esper_AtenOp<"cumsum", "aten::cumsum", [Pure]> {
  let summary = "sums of all elements of a dimension up to each";
  let description = [{
    Constraints:
    - (C1) `dim` is a dimension of the input.

    Example:
    ```mlir
    %y = esper.cumsum %x {dim = -1 : i64} : (tensor<?x8xf32>) -> tensor<?x8xf32>
    ```
  }];
  let arguments = (ins Esper_FloatTensor:$input, I64Attr:$dim);
  let results = (outs Esper_FloatTensor:$output);
  let assemblyFormat = Esper_PlainFormat;
  let atenArgs = "getInput(), int64_t(getDim()), AtenNone()";
}

#endif // ESPER_OPS_REDUCTION
