//===- TorchScriptTypes.td - Types of the ts dialect --------*- tablegen -*-===//

#ifndef TORCHSCRIPT_TYPES
#define TORCHSCRIPT_TYPES

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/CommonTypeConstraints.td"
include "TorchScript/TorchScriptDialect.td"

class Ts_Type<string name, string spelling, string what> : TypeDef<Ts_Dialect, name> {
  let mnemonic = spelling;
  let summary = what;
}

def Ts_TensorType : Ts_Type<"Tensor", "tensor", "Tensor">;
def Ts_OptionalTensorType : Ts_Type<"OptionalTensor", "optional_tensor", "Tensor?">;
def Ts_TensorListType : Ts_Type<"TensorList", "tensors", "Tensor[]">;
def Ts_BoolType : Ts_Type<"Bool", "bool", "bool">;
def Ts_IntType : Ts_Type<"Int", "int", "int">;
def Ts_PackedType : Ts_Type<"Packed", "packed", "a weight packed for an 8-bit operator">;
def Ts_IntListType : Ts_Type<"IntList", "ints", "int[]">;
def Ts_Any : AnyTypeOf<[Ts_TensorType, Ts_OptionalTensorType, Ts_TensorListType, Ts_BoolType,
                        Ts_IntType, Ts_IntListType, Ts_PackedType]>;

#endif // TORCHSCRIPT_TYPES
