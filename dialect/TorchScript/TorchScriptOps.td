//===- TorchScriptOps.td - Ops of the ts dialect ------------*- tablegen -*-===//

#ifndef TORCHSCRIPT_OPS
#define TORCHSCRIPT_OPS

include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "TorchScript/TorchScriptTypes.td"

class Ts_Op<string mnemonic, list<Trait> traits = []> : Op<Ts_Dialect, mnemonic, traits>;

def Ts_ModuleOp : Ts_Op<"module", [IsolatedFromAbove, Symbol, SymbolTable, NoTerminator, SingleBlock]> {
  let summary = "one kernel file: state and forward";
  let description = [{
    `trainable`: parameters require gradients; otherwise they do not.

    Constraints:
    - (C1) there is exactly one `ts.forward`, after the state.
    - (C2) no two parameters or buffers have the same name.
    - (C3) no name is also the path of a module that holds another.

    Example:
    ```mlir
    ts.module @scale trainable {
      ts.parameter "weight" : tensor<8xf32>
      ts.forward(%x: !ts.tensor "input") {
        %w = ts.get "weight" : !ts.tensor
        %y = ts.call "aten::mul"(%x, %w) : (!ts.tensor, !ts.tensor) -> !ts.tensor
        ts.return %y : !ts.tensor
      }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, UnitAttr:$trainable);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name (`trainable` $trainable^)? $body attr-dict";
  let extraClassDeclaration = "ForwardOp getForward();";
  let hasRegionVerifier = 1;
}

class Ts_StateOp<string mnemonic> : Ts_Op<mnemonic, [HasParent<"ModuleOp">]> {
  let arguments = (ins StrAttr:$name, TypeAttr:$type, OptionalAttr<StrAttr>:$memory);
  let assemblyFormat = "$name `:` $type (`memory` $memory^)? attr-dict";
  let builders = [OpBuilder<(ins "::llvm::StringRef":$name, "::mlir::Type":$type), [{
    build($_builder, $_state, name, type, ::mlir::StringAttr());
  }]>];
  let hasVerifier = 1;
}

def Ts_ParameterOp : Ts_StateOp<"parameter"> {
  let summary = "a parameter by its state-dict name";
  let description = [{
    Constraints:
    - (C1) the type is a tensor of static shape.
    - (C2) `memory`, if present, is "channels_last" and the rank 4 or 5: the order of the elements
      in the file, row-major without it.

    Example:
    ```mlir
    ts.parameter "0.weight" : tensor<256x128xf32>
    ```
  }];
}

def Ts_BufferOp : Ts_StateOp<"buffer"> {
  let summary = "a buffer by its state-dict name";
  let description = [{
    Constraints:
    - (C1) the type is a tensor of static shape.
    - (C2) `memory`, if present, is "channels_last" and the rank 4 or 5: the order of the elements
      in the file, row-major without it.

    Example:
    ```mlir
    ts.buffer "1.num_batches_tracked" : tensor<i64>
    ```
  }];
}

def Ts_PackedOp : Ts_Op<"packed", [HasParent<"ModuleOp">]> {
  let summary = "an 8-bit weight and its bias, packed for one operator";
  let description = [{
    An attribute of the module that holds what `prepack` (the operator
    "quantized::linear_prepack" or "quantized::conv2d_prepack") makes of a tensor
    with a scale for each slice of its dimension 0. `weight` (i8), `scales` and
    `bias` (f32; "": none) name tensors of the weights that the file is made with;
    they need not be state of the module. `sizes` are the arguments of a
    convolution: stride, padding, dilation, groups.

    Constraints:
    - (C1) `prepack` is one of the two operators.
    - (C2) `sizes` has 7 entries for a convolution and none for a linear.

    Example:
    ```mlir
    ts.module @quantized {
      ts.packed "packed" "quantized::linear_prepack" of "weight", "scales", "bias"
      ts.forward(%x: !ts.tensor "input") {
        %p = ts.get "packed" : !ts.packed
        %y = ts.call "quantized::linear_dynamic"(%x, %p, true) : (!ts.tensor, !ts.packed) -> !ts.tensor
        ts.return %y : !ts.tensor
      }
    }
    ```
  }];
  let arguments = (ins StrAttr:$name, StrAttr:$prepack, StrAttr:$weight, StrAttr:$scales,
                       StrAttr:$bias, DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$sizes);
  let assemblyFormat = "$name $prepack `of` $weight `,` $scales `,` $bias attr-dict";
  let hasVerifier = 1;
}

def Ts_SubmoduleOp : Ts_Op<"submodule", [HasParent<"ModuleOp">]> {
  let summary = "a submodule that holds no state but a training flag";
  let description = [{
    Constraints:
    - (C1) the path is not empty.

    Example:
    ```mlir
    ts.submodule "2"
    ```
  }];
  let arguments = (ins StrAttr:$path);
  let assemblyFormat = "$path attr-dict";
  let hasVerifier = 1;
}

def Ts_ForwardOp : Ts_Op<"forward", [HasParent<"ModuleOp">, IsolatedFromAbove,
                                     SingleBlockImplicitTerminator<"ReturnOp">]> {
  let summary = "the method forward";
  let description = [{
    Arguments carry the names callers may use; an `!ts.optional_tensor` has the
    default None.

    Constraints:
    - (C1) there is a distinct, valid identifier for every argument.
    - (C2) an argument is a tensor or an optional tensor.

    Example:
    ```mlir
    ts.forward(%q: !ts.tensor "query", %k: !ts.optional_tensor "key") {
      ts.return %q : !ts.tensor
    }
    ```
  }];
  let arguments = (ins StrArrayAttr:$names);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasRegionVerifier = 1;
}

def Ts_ReturnOp : Ts_Op<"return", [Terminator, ReturnLike, HasParent<"ForwardOp">]> {
  let summary = "the results of forward; several make a tuple";
  let description = [{
    Constraints:
    - (C1) it ends a ts.forward.

    Example:
    ```mlir
    ts.return %y, %w : !ts.tensor, !ts.tensor
    ```
  }];
  let arguments = (ins Variadic<Ts_TensorType>:$results);
  let builders = [OpBuilder<(ins), [{ build($_builder, $_state, ::mlir::ValueRange{}); }]>];
  let assemblyFormat = "($results^ `:` type($results))? attr-dict";
}

def Ts_GetOp : Ts_Op<"get"> {
  let summary = "a parameter, buffer or packed weight by its name";
  let description = [{
    Constraints:
    - (C1) the module has a parameter or buffer of that name, and for a `!ts.packed` a packed weight.

    Example:
    ```mlir
    %w = ts.get "0.weight" : !ts.tensor
    ```
  }];
  let arguments = (ins StrAttr:$name);
  let results = (outs AnyTypeOf<[Ts_TensorType, Ts_PackedType]>:$value);
  let assemblyFormat = "$name attr-dict `:` type($value)";
}

def Ts_TrainingOp : Ts_Op<"training"> {
  let summary = "the training flag of a submodule (\"\": the kernel itself)";
  let description = [{
    Example:
    ```mlir
    %t = ts.training "2" : !ts.bool
    ```
  }];
  let arguments = (ins StrAttr:$path);
  let results = (outs Ts_BoolType:$flag);
  let assemblyFormat = "$path attr-dict `:` type($flag)";
}

def Ts_CallOp : Ts_Op<"call"> {
  let summary = "one operator call";
  let description = [{
    Arguments in schema order; literals stand inline. In `args`, a unit
    attribute marks the place of the next operand and the symbol @none is None.

    Constraints:
    - (C1) the operator is a row of include/tez/Dialect/TorchScript/Operators.def.
    - (C2) the arguments fit the row's schema in number and type.
    - (C3) a trainable module calls no row whose note says "infer only" and none of kind InPlace.
    - (C4) the results are those of the schema.

    Example:
    ```mlir
    %y = ts.call "aten::dropout"(%x, 5.000000e-01, %t) : (!ts.tensor, !ts.bool) -> !ts.tensor
    ```
  }];
  let arguments = (ins StrAttr:$callee, Variadic<Ts_Any>:$operands, ArrayAttr:$args);
  let results = (outs Variadic<Ts_Any>:$results);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}

def Ts_ListOp : Ts_Op<"list", [Pure]> {
  let summary = "a list of tensors";
  let description = [{
    Example:
    ```mlir
    %l = ts.list %a, %b
    ```
  }];
  let arguments = (ins Variadic<Ts_TensorType>:$elements);
  let results = (outs Ts_TensorListType:$list);
  let assemblyFormat = "$elements attr-dict";
  }

def Ts_IntOp : Ts_Op<"int", [Pure]> {
  let summary = "a number, as an element of a list of numbers";
  let description = [{
    Example:
    ```mlir
    %n = ts.int 7
    ```
  }];
  let arguments = (ins I64Attr:$value);
  let results = (outs Ts_IntType:$result);
  let assemblyFormat = "$value attr-dict";
}

def Ts_IntListOp : Ts_Op<"int_list", [Pure]> {
  let summary = "a list of numbers of which some are known only at run time";
  let description = [{
    Example:
    ```mlir
    %l = ts.int_list %h, %w
    ```
  }];
  let arguments = (ins Variadic<Ts_IntType>:$elements);
  let results = (outs Ts_IntListType:$list);
  let assemblyFormat = "$elements attr-dict";
}

def Ts_UnpackOp : Ts_Op<"unpack", [Pure]> {
  let summary = "the elements of a list of tensors";
  let description = [{
    Example:
    ```mlir
    %a, %b = ts.unpack %l : !ts.tensor, !ts.tensor
    ```
  }];
  let arguments = (ins Ts_TensorListType:$list);
  let results = (outs Variadic<Ts_TensorType>:$elements);
  let assemblyFormat = "$list attr-dict `:` type($elements)";
}

def Ts_IsNoneOp : Ts_Op<"is_none", [Pure]> {
  let summary = "was the optional argument left out";
  let description = [{
    Example:
    ```mlir
    %n = ts.is_none %key
    ```
  }];
  let arguments = (ins Ts_OptionalTensorType:$input);
  let results = (outs Ts_BoolType:$flag);
  let assemblyFormat = "$input attr-dict";
}

def Ts_UnwrapOp : Ts_Op<"unwrap", [Pure]> {
  let summary = "the tensor in an optional that is there";
  let description = [{
    Example:
    ```mlir
    %k = ts.unwrap %key
    ```
  }];
  let arguments = (ins Ts_OptionalTensorType:$input);
  let results = (outs Ts_TensorType:$value);
  let assemblyFormat = "$input attr-dict";
}

def Ts_RequireRankOp : Ts_Op<"require_rank"> {
  let summary = "raises an error unless a tensor has this many dimensions";
  let description = [{
    `name` is what the error calls the tensor.

    Constraints:
    - (C1) the rank is not negative.

    Example:
    ```mlir
    ts.require_rank %x "input" 3
    ```
  }];
  let arguments = (ins Ts_TensorType:$input, StrAttr:$name, I64Attr:$rank);
  let assemblyFormat = "$input $name $rank attr-dict";
  let hasVerifier = 1;
}

def Ts_IfOp : Ts_Op<"if", [SingleBlock, NoRegionArguments]> {
  let summary = "prim::If";
  let description = [{
    Constraints:
    - (C1) both branches yield the results' types.

    Example:
    ```mlir
    %r = ts.if %n -> (!ts.tensor) {
      ts.yield %q : !ts.tensor
    } else {
      %u = ts.unwrap %key
      ts.yield %u : !ts.tensor
    }
    ```
  }];
  let arguments = (ins Ts_BoolType:$condition);
  let regions = (region SizedRegion<1>:$then_region, SizedRegion<1>:$else_region);
  let results = (outs Variadic<Ts_Any>:$results);
  let assemblyFormat = [{
    $condition (`->` `(` type($results)^ `)`)? $then_region `else` $else_region attr-dict
  }];
  let hasRegionVerifier = 1;
}

def Ts_YieldOp : Ts_Op<"yield", [Terminator, ReturnLike, HasParent<"IfOp">]> {
  let summary = "the values of a branch";
  let description = [{
    Constraints:
    - (C1) it ends a branch of ts.if.

    Example:
    ```mlir
    ts.yield %q : !ts.tensor
    ```
  }];
  let arguments = (ins Variadic<Ts_Any>:$results);
  let builders = [OpBuilder<(ins), [{ build($_builder, $_state, ::mlir::ValueRange{}); }]>];
  let assemblyFormat = "($results^ `:` type($results))? attr-dict";
}

#endif // TORCHSCRIPT_OPS
