//===- NegateWithoutScaling.td - A rule outside of Tezzeret -----*- tablegen -*-===//

include "mlir/IR/PatternBase.td"
include "Esper/EsperOps.td"

/// Exact: a product with -1 has the other sign and the same digits.
def NegateWithoutScaling : Pat<
  (Esper_ScaleOp $x, ConstantAttr<F64Attr, "-1.0">),
  (Esper_ActivationOp ConstantStrAttr<StrAttr, "neg">, ConstantAttr<DenseF64ArrayAttr, "{}">, $x)>;
