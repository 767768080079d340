//===- SourceForms.h - What torch prints beside operators -------*- C++ -*-===//
//
// tools/allow-list copies these lists for the Python package: one string a line.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_ARTIFACT_SOURCEFORMS_H
#define TEZ_LIB_ARTIFACT_SOURCEFORMS_H

namespace tez::source {

/// Operators that are no mathematics: tests, lengths, messages of errors.
inline constexpr const char *formOperators[] = {
    "aten::__is__", "aten::__isnot__", "aten::__not__", "aten::format",         "aten::ge",
    "aten::le",     "aten::len",       "aten::lt",      "prim::RaiseException",
};

/// Classes of torch's own that a file may hold objects of.
inline constexpr const char *packedClasses[] = {
    "__torch__.torch.classes.quantized.Conv2dPackedParamsBase",
    "__torch__.torch.classes.quantized.LinearPackedParamsBase",
};

/// Names in types.
inline constexpr const char *typeNames[] = {
    "Any",   "Dict",  "Final", "List",    "None",  "NoneType", "Optional", "Tensor",
    "Tuple", "Union", "bool",  "complex", "float", "int",      "number",   "str",
};

/// Names of values.
inline constexpr const char *constantNames[] = {
    "False", "None", "True", "inf", "infj", "nan", "nanj",
};

/// Names that lead to operators: never those of locals.
inline constexpr const char *reservedNames[] = {
    "CONSTANTS", "__torch__", "annotate",       "getattr",       "ops",
    "range",     "torch",     "unchecked_cast", "uninitialized",
};

/// What pickles may name, the file's own classes apart.
inline constexpr const char *pickleGlobals[] = {
    "collections.OrderedDict",
    "torch._utils._rebuild_qtensor",
    "torch._utils._rebuild_tensor_v2",
    "torch.jit._pickle.build_boollist",
    "torch.jit._pickle.build_doublelist",
    "torch.jit._pickle.build_intlist",
    "torch.jit._pickle.build_tensorlist",
    "torch.jit._pickle.restore_type_tag",
    "torch.per_channel_affine",
    "torch.per_tensor_affine",
};

} // namespace tez::source

#endif // TEZ_LIB_ARTIFACT_SOURCEFORMS_H
