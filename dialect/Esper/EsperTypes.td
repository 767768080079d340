//===- EsperTypes.td - Types of the esper dialect -----------*- tablegen -*-===//

#ifndef ESPER_TYPES
#define ESPER_TYPES

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/CommonTypeConstraints.td"
include "Esper/EsperDialect.td"

def Esper_OptionalType : TypeDef<Esper_Dialect, "Optional"> {
  let mnemonic = "optional";
  let summary = "a tensor that the caller may leave out";
  let description = "Example: `!esper.optional<tensor<?x?x256xf32>>`.";
  let parameters = (ins "::mlir::RankedTensorType":$tensor);
  let assemblyFormat = "`<` $tensor `>`";
}

def Esper_Tensor : RankedTensorOf<[AnyFloat, AnySignlessInteger]>;
def Esper_FloatTensor : RankedTensorOf<[AnyFloat]>;
def Esper_IndexTensor : RankedTensorOf<[AnySignlessInteger]>;

#endif // ESPER_TYPES
