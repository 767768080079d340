//===- EsperAttrs.td - Attributes and enums of esper --------*- tablegen -*-===//

#ifndef ESPER_ATTRS
#define ESPER_ATTRS

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "Esper/EsperDialect.td"

class Esper_Enum<string name, string summary, list<I32EnumCase> cases>
    : I32Enum<name, summary, cases> {
  let cppNamespace = "::tez::esper";
}
class Esper_EnumAttr<I32Enum enum, string mnemonic> : EnumAttr<Esper_Dialect, enum, mnemonic> {
  let assemblyFormat = "$value";
}

def Esper_InitKind : Esper_Enum<"InitKind", "what a parameter or buffer starts from", [
  I32EnumCase<"Constant", 0, "constant">, I32EnumCase<"Uniform", 1, "uniform">,
  I32EnumCase<"Normal", 2, "normal">, I32EnumCase<"Range", 3, "range">,
  I32EnumCase<"Lower", 4, "lower">]>;

def Esper_InitAttr : AttrDef<Esper_Dialect, "Init"> {
  let mnemonic = "init";
  let summary = "how a parameter or buffer is filled before training";
  let description = [{
    `constant, c`; `uniform, low, high`; `normal, mean, std`; `range, first, step`,
    element by element in row-major order; `lower, a, b`: a up to the diagonal of
    the last two dimensions, b above it. `zero_row` is the row that an embedding's padding index keeps at zero (-1: none).
    Example: `#esper.init<uniform, -1.250000e-01, 1.250000e-01>`.
  }];
  let parameters = (ins EnumParameter<Esper_InitKind>:$kind, APFloatParameter<"first">:$first,
                        APFloatParameter<"second">:$second, "int64_t":$zeroRow);
  let builders = [AttrBuilder<(ins "InitKind":$kind, "double":$a, CArg<"double", "0.0">:$b,
                                   CArg<"int64_t", "-1">:$zeroRow), [{
    return $_get($_ctxt, kind, ::llvm::APFloat(a), ::llvm::APFloat(b), zeroRow);
  }]>];
  let extraClassDeclaration = [{
    double getA() const { return getFirst().convertToDouble(); }
    double getB() const { return getSecond().convertToDouble(); }
  }];
  let hasCustomAssemblyFormat = 1;
}

def Esper_ReduceKind : Esper_Enum<"ReduceKind", "reduction", [
  I32EnumCase<"Sum", 0, "sum">, I32EnumCase<"Mean", 1, "mean">, I32EnumCase<"Max", 2, "max">,
  I32EnumCase<"Min", 3, "min">, I32EnumCase<"Var", 4, "var">]>;
def Esper_ReduceKindAttr : Esper_EnumAttr<Esper_ReduceKind, "reduce_kind">;

def Esper_CompareKind : Esper_Enum<"CompareKind", "comparison", [
  I32EnumCase<"Eq", 0, "eq">, I32EnumCase<"Ne", 1, "ne">, I32EnumCase<"Lt", 2, "lt">,
  I32EnumCase<"Le", 3, "le">, I32EnumCase<"Gt", 4, "gt">, I32EnumCase<"Ge", 5, "ge">]>;
def Esper_CompareKindAttr : Esper_EnumAttr<Esper_CompareKind, "compare_kind">;

def Esper_DropoutKind : Esper_Enum<"DropoutKind", "what dropout drops", [
  I32EnumCase<"Element", 0, "element">, I32EnumCase<"Feature", 1, "feature">,
  I32EnumCase<"Alpha", 2, "alpha">, I32EnumCase<"FeatureAlpha", 3, "feature_alpha">]>;
def Esper_DropoutKindAttr : Esper_EnumAttr<Esper_DropoutKind, "dropout_kind">;

def Esper_PadMode : Esper_Enum<"PadMode", "what padding is filled with", [
  I32EnumCase<"Constant", 0, "constant">, I32EnumCase<"Reflect", 1, "reflect">,
  I32EnumCase<"Replicate", 2, "replicate">, I32EnumCase<"Circular", 3, "circular">]>;
def Esper_PadModeAttr : Esper_EnumAttr<Esper_PadMode, "pad_mode">;

def Esper_UpsampleMode : Esper_Enum<"UpsampleMode", "interpolation", [
  I32EnumCase<"Nearest", 0, "nearest">, I32EnumCase<"Linear", 1, "linear">,
  I32EnumCase<"Bilinear", 2, "bilinear">, I32EnumCase<"Trilinear", 3, "trilinear">,
  I32EnumCase<"Bicubic", 4, "bicubic">, I32EnumCase<"NearestExact", 5, "nearest_exact">]>;
def Esper_UpsampleModeAttr : Esper_EnumAttr<Esper_UpsampleMode, "upsample_mode">;

def Esper_MemoryFormat : Esper_Enum<"MemoryFormat", "order of a tensor's elements in memory", [
  I32EnumCase<"Contiguous", 0, "contiguous">, I32EnumCase<"ChannelsLast", 1, "channels_last">]>;
def Esper_MemoryFormatAttr : Esper_EnumAttr<Esper_MemoryFormat, "memory_format">;

#endif // ESPER_ATTRS
