//===- EsperBase.td - Base classes of esper ops -------------*- tablegen -*-===//

#ifndef ESPER_BASE
#define ESPER_BASE

include "mlir/IR/OpBase.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "Esper/EsperDialect.td"
include "Esper/EsperTypes.td"
include "Esper/EsperAttrs.td"
include "Esper/EsperInterfaces.td"

// State is read by ops that must neither disappear nor be merged: a parameter
// without a user is still in the state dict.
def Esper_StateResource : Resource<"::tez::esper::StateResource">;
// The stream of random numbers: its draws are neither reordered nor dropped.
def Esper_RandomResource : Resource<"::tez::esper::RandomResource">;
defvar Esper_DrawsRandom = MemoryEffects<[MemRead<Esper_RandomResource>, MemWrite<Esper_RandomResource>]>;

// Base of all ops. `flops`, `aten`, `atenArgs` are the facts of the
// interfaces as C++ expressions over the op's accessors.
class Esper_Op<string mnemonic, list<Trait> traits = []>
    : Op<Esper_Dialect, mnemonic, traits> {
  code flops = "";
  code aten = "";
  code atenArgs = "";
  code spatialRank = "0"; // what a `#` in `aten` stands for
  let extraClassDefinition =
      !if(!empty(flops), "", "double $cppClass::getFlops() { return " # flops # "; }\n") #
      !if(!empty(aten), "",
          "void $cppClass::getAtenCall(AtenCall &call) { call.set(" # aten # ", {" # atenArgs # "}, " # spatialRank # "); }\n");
}

// A computation: result types are inferred from the operands by the op's one
// shape rule. FLOPs: one per element of the first result unless said otherwise.
class Esper_MathOp<string mnemonic, list<Trait> traits = []>
    : Esper_Op<mnemonic, traits # [InferTypeOpAdaptor, DeclareOpInterfaceMethods<CostOpInterface>]> {
  let flops = "countElements(getOperation()->getResult(0).getType())";
}

// A computation that is exactly one ATen call. A `#` in the name stands for
// the number of spatial dimensions (`spatialRank`).
class Esper_AtenOp<string mnemonic, string name, list<Trait> traits = []>
    : Esper_MathOp<mnemonic, traits # [DeclareOpInterfaceMethods<AtenOpInterface>]> {
  let aten = "\"" # name # "\"";
}

defvar Esper_PlainFormat = "operands attr-dict `:` functional-type(operands, results)";

#endif // ESPER_BASE
