//===- State.td - Kernels, their state and their mode -------*- tablegen -*-===//

#ifndef ESPER_OPS_STATE
#define ESPER_OPS_STATE

include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "Esper/EsperBase.td"

def Esper_KernelOp : Esper_Op<"kernel", [IsolatedFromAbove, FunctionOpInterface, Symbol,
                                         SingleBlockImplicitTerminator<"ReturnOp">]> {
  let summary = "one network: inputs, state, body";
  let description = [{
    The body ends in `esper.return`. `leading_any` says that the kernel accepts
    any number of leading dimensions; the declared types show one. An input
    with `esper.fixed_rank` is refused at run time when it has another rank
    than declared: some layer would mean something else.

    Constraints:
    - (C1) every input is a ranked tensor or `!esper.optional` of one, and every result a ranked tensor.
    - (C2) no two params or buffers have the same name.
    - (C3) with `leading_any`, every computation is LeadingAgnostic.
    - (C4) `esper.fixed_rank` stands at tensors only, and not beside `leading_any`.

    Example:
    ```mlir
    esper.kernel @affine(%x: tensor<?x4xf32>) -> tensor<?x2xf32> attributes {leading_any} {
      %w = esper.param "weight" <uniform, -5.000000e-01, 5.000000e-01> : tensor<2x4xf32>
      %y = esper.linear %x, %w : (tensor<?x4xf32>, tensor<2x4xf32>) -> tensor<?x2xf32>
      esper.return %y : tensor<?x2xf32>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type,
                       OptionalAttr<DictArrayAttr>:$arg_attrs,
                       OptionalAttr<DictArrayAttr>:$res_attrs,
                       UnitAttr:$leading_any);
  let regions = (region SizedRegion<1>:$body);
  let extraClassDeclaration = [{
    ::mlir::ArrayRef<::mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ::mlir::ArrayRef<::mlir::Type> getResultTypes() { return getFunctionType().getResults(); }
    ::mlir::Region *getCallableRegion() { return &getBody(); }
    ReturnOp getReturn();
    /// The name the blueprint gives to input `i` ("input0" when it gives none).
    std::string getInputName(unsigned i);
  }];
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

def Esper_ReturnOp : Esper_Op<"return", [Terminator, ReturnLike, Pure, HasParent<"KernelOp">,
                                         AttrSizedOperandSegments]> {
  let summary = "results of a kernel and what becomes of its buffers";
  let description = [{
    Constraints:
    - (C1) the types of the results are those the kernel declares.
    - (C2) every update names a buffer of the kernel, once.
    - (C3) an update has the type of its buffer.

    Example:
    ```mlir
    esper.kernel @count(%x: tensor<?xf32>) -> tensor<?xf32> {
      %t = esper.training ""
      %n = esper.buffer "calls" <constant, 0.000000e+00> : tensor<i64>
      %m = esper.increment %n, %t : tensor<i64>
      esper.return %x : tensor<?xf32> updates("calls" = %m : tensor<i64>)
    }
    ```
  }];
  let arguments = (ins Variadic<Esper_Tensor>:$results, Variadic<Esper_Tensor>:$updates,
                       DefaultValuedAttr<StrArrayAttr, "{}">:$updateNames);
  let builders = [OpBuilder<(ins "::mlir::ValueRange":$results), [{
    build($_builder, $_state, results, {}, $_builder.getStrArrayAttr({}));
  }]>, OpBuilder<(ins), [{ build($_builder, $_state, ::mlir::ValueRange{}); }]>];
  let assemblyFormat = [{
    ($results^ `:` type($results))? custom<Updates>($updateNames, $updates, type($updates)) attr-dict
  }];
  let hasVerifier = 1;
}

class Esper_StateOp<string mnemonic> : Esper_Op<mnemonic, [MemoryEffects<[MemWrite<Esper_StateResource>]>]> {
  let arguments = (ins StrAttr:$name, Esper_InitAttr:$init, OptionalAttr<Esper_MemoryFormatAttr>:$memory);
  let builders = [OpBuilder<(ins "::mlir::Type":$type, "const ::llvm::Twine &":$name, "InitAttr":$init), [{
    build($_builder, $_state, type, $_builder.getStringAttr(name), init, MemoryFormatAttr());
  }]>];
  let assemblyFormat = "$name $init (`memory` $memory^)? attr-dict `:` type($value)";
  let hasVerifier = 1;
}

def Esper_ParamOp : Esper_StateOp<"param"> {
  let summary = "a trainable parameter, named as in the state dict";
  let description = [{
    `memory` says how the file lays the elements out (row-major without it);
    the values are the same.

    Constraints:
    - (C1) the name is not empty and has no empty part between dots.
    - (C2) the shape is static.
    - (C3) the initialiser's numbers are finite, a uniform's bounds ascend, a normal's deviation is
      not negative.
    - (C4) `memory`, if present, fits the rank: channels_last 4 or 5.

    Example:
    ```mlir
    %w = esper.param "0.weight" <uniform, -1.250000e-01, 1.250000e-01> : tensor<256x64xf32>
    ```
  }];
  let results = (outs Esper_FloatTensor:$value);
}

def Esper_BufferOp : Esper_StateOp<"buffer"> {
  let summary = "state that is not trained, named as in the state dict";
  let description = [{
    `memory` as for `esper.param`.

    Constraints:
    - (C1) the name is not empty and has no empty part between dots.
    - (C2) the shape is static.
    - (C3) the initialiser's numbers are finite, a uniform's bounds ascend, a normal's deviation is
      not negative.
    - (C4) `memory`, if present, fits the rank: channels_last 4 or 5.

    Example:
    ```mlir
    %m = esper.buffer "1.running_mean" <constant, 0.000000e+00> : tensor<8xf32>
    ```
  }];
  let results = (outs Esper_Tensor:$value);
}

def Esper_TrainingOp : Esper_Op<"training", [Pure]> {
  let summary = "is this submodule in training mode";
  let description = [{
    `module` is the path of the submodule in the state dict's naming ("": the
    kernel itself). Hosts switch single submodules.

    Constraints:
    - (C1) the path has no empty part between dots.

    Example:
    ```mlir
    %t = esper.training "1"
    ```
  }];
  let arguments = (ins StrAttr:$module);
  let results = (outs I1:$flag);
  let assemblyFormat = "$module attr-dict";
  let hasVerifier = 1;
}

def Esper_FlagOp : Esper_Op<"flag", [Pure, ConstantLike]> {
  let summary = "a mode known at compile time";
  let description = [{
    Example:
    ```mlir
    %f = esper.flag false
    ```
  }];
  let arguments = (ins BoolAttr:$value);
  let results = (outs I1:$flag);
  let assemblyFormat = "$value attr-dict";
  let hasFolder = 1;
}

def Esper_IncrementOp : Esper_Op<"increment", [Pure, AllTypesMatch<["input", "output"]>]> {
  let summary = "a counter, plus one in training";
  let description = [{
    Constraints:
    - (C1) the counter is a tensor of integers.

    Example:
    ```mlir
    %m = esper.increment %n, %t : tensor<i64>
    ```
  }];
  let arguments = (ins Esper_Tensor:$input, I1:$training);
  let results = (outs Esper_Tensor:$output);
  let assemblyFormat = "$input `,` $training attr-dict `:` type($input)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Esper_ValueOrOp : Esper_Op<"value_or", [Pure]> {
  let summary = "an optional input, or a default when it is left out";
  let description = [{
    Constraints:
    - (C1) the default and the result have the tensor type inside the optional.

    Example:
    ```mlir
    %k = esper.value_or %key, %query : !esper.optional<tensor<?x?x8xf32>>
    ```
  }];
  let arguments = (ins Esper_OptionalType:$input, Esper_Tensor:$fallback);
  let results = (outs Esper_Tensor:$output);
  let assemblyFormat = "$input `,` $fallback attr-dict `:` custom<ValueOrTypes>(type($input), type($fallback), type($output))";
  let hasVerifier = 1;
}

#endif // ESPER_OPS_STATE
