//===- ProgramJson.cpp - A program in the schema of torch.export ----------===//

#include "ProgramJson.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <torch/version.h>

using namespace tez;
using namespace tez::program;
namespace json = llvm::json;

static constexpr int64_t schemaMajor = 8, schemaMinor = 20;
/// torch._C._get_max_operator_version() of 2.15.
static constexpr int64_t operatorVersion = 10;

//===----------------------------------------------------------------------===//
// Enumerations of the schema
//===----------------------------------------------------------------------===//

/// ATen's numbers plus one, but for bfloat16.
static int64_t scalarType(at::ScalarType type) {
  return type == at::kBFloat16 ? 13 : int64_t(type) + 1;
}

static int64_t memoryFormat(at::MemoryFormat format) {
  switch (format) {
  case at::MemoryFormat::Contiguous:
    return 1;
  case at::MemoryFormat::ChannelsLast:
    return 2;
  case at::MemoryFormat::ChannelsLast3d:
    return 3;
  default:
    return 4; // preserved
  }
}

static constexpr int64_t strided = 7, positional = 1, keyword = 2;

//===----------------------------------------------------------------------===//
// Arguments. A union is an object with one field.
//===----------------------------------------------------------------------===//

static json::Value named(const std::string &name) { return json::Object{{"name", name}}; }
static json::Value asTensor(const std::string &name) {
  return json::Object{{"as_tensor", named(name)}};
}

/// JSON has no number for what is not finite.
static json::Value real(double value) {
  if (std::isnan(value))
    return "NaN";
  if (std::isinf(value))
    return value > 0 ? "Infinity" : "-Infinity";
  return value;
}

static json::Value symbolicInt(const IntElement &element) {
  if (auto *symbolic = std::get_if<SymbolicInt>(&element))
    return json::Object{{"as_name", symbolic->name}};
  return json::Object{{"as_int", std::get<int64_t>(element)}};
}

/// An integer stands for what the operator's Python signature has an enumeration for.
static std::optional<json::Value> enumeration(const c10::IValue &value, const c10::Type &type) {
  if (const auto *optional = type.castRaw<c10::OptionalType>())
    return enumeration(value, *optional->getElementType());
  if (!value.isInt())
    return std::nullopt;
  if (type.kind() == c10::TypeKind::ScalarTypeType)
    return json::Object{{"as_scalar_type", scalarType(at::ScalarType(value.toInt()))}};
  if (type.kind() == c10::TypeKind::MemoryFormatType)
    return json::Object{{"as_memory_format", memoryFormat(at::MemoryFormat(value.toInt()))}};
  return std::nullopt;
}

static json::Value constant(const c10::IValue &value, const c10::Type &type) {
  if (std::optional<json::Value> found = enumeration(value, type))
    return *found;
  if (value.isNone())
    return json::Object{{"as_none", true}};
  if (value.isBool())
    return json::Object{{"as_bool", value.toBool()}};
  if (value.isInt())
    return json::Object{{"as_int", value.toInt()}};
  if (value.isDouble())
    return json::Object{{"as_float", real(value.toDouble())}};
  if (value.isString())
    return json::Object{{"as_string", value.toStringRef()}};
  json::Array elements;
  if (value.isIntList()) {
    for (int64_t element : value.toIntVector())
      elements.push_back(element);
    return json::Object{{"as_ints", std::move(elements)}};
  }
  TORCH_CHECK(value.isDoubleList(), "an argument of kind ", value.tagKind(),
              " has no form in an exported program");
  for (double element : value.toDoubleVector())
    elements.push_back(real(element));
  return json::Object{{"as_floats", std::move(elements)}};
}

static json::Value namesOf(const TensorList &list) {
  json::Array names;
  for (const std::string &name : list.names)
    names.push_back(named(name));
  return json::Object{{"as_tensors", std::move(names)}};
}

static json::Value reference(const Reference &given, const c10::Type &type) {
  if (auto *tensor = std::get_if<Tensor>(&given))
    return asTensor(tensor->name);
  if (auto *list = std::get_if<TensorList>(&given))
    return namesOf(*list);
  if (auto *symbolic = std::get_if<SymbolicInt>(&given))
    return json::Object{{"as_sym_int", json::Object{{"as_name", symbolic->name}}}};
  if (auto *ints = std::get_if<IntList>(&given)) {
    json::Array elements;
    for (const IntElement &element : *ints)
      elements.push_back(symbolicInt(element));
    return json::Object{{"as_sym_ints", std::move(elements)}};
  }
  return constant(std::get<c10::IValue>(given), type);
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

static json::Value symInt(const Size &size) {
  if (size.isConstant())
    return json::Object{{"as_int", size.hint()}};
  return json::Object{{"as_expr", json::Object{{"expr_str", size.expression()},
                                               {"hint", json::Object{{"as_int", size.hint()}}}}}};
}

static json::Value symInts(llvm::ArrayRef<Size> sizes) {
  json::Array array;
  for (const Size &size : sizes)
    array.push_back(symInt(size));
  return array;
}

static json::Value tensorMeta(const Meta &meta) {
  return json::Object{{"dtype", scalarType(meta.type)},
                      {"sizes", symInts(meta.sizes)},
                      {"requires_grad", meta.requiresGrad},
                      {"device", json::Object{{"type", "cpu"}, {"index", nullptr}}},
                      {"strides", symInts(meta.strides)},
                      {"storage_offset", symInt(meta.offset)},
                      {"layout", strided}};
}

//===----------------------------------------------------------------------===//
// The graph
//===----------------------------------------------------------------------===//

/// "aten::add.Tensor" as torch.ops spells it.
static std::string targetOf(const c10::FunctionSchema &schema) {
  llvm::StringRef name = schema.name();
  auto [space, function] = name.split("::");
  std::string overload = schema.overload_name().empty() ? "default" : schema.overload_name();
  return ("torch.ops." + space + "." + function + "." + overload).str();
}

/// What has its default and is taken by name alone is left out, as torch does.
static json::Value inputsOf(const Call &call) {
  json::Array inputs;
  for (auto [argument, given] : llvm::zip(call.schema->arguments(), call.arguments)) {
    auto *value = std::get_if<c10::IValue>(&given);
    if (argument.kwarg_only() && value && argument.default_value() == *value)
      continue;
    inputs.push_back(json::Object{{"name", argument.name()},
                                  {"arg", reference(given, *argument.real_type())},
                                  {"kind", argument.kwarg_only() ? keyword : positional}});
  }
  return inputs;
}

/// The node is called after its result, where that is one.
static json::Value nodeOf(const Call &call) {
  json::Array outputs;
  for (const Reference &result : call.results)
    outputs.push_back(reference(result, *c10::TensorType::get()));
  json::Value name = nullptr;
  if (call.results.size() == 1)
    if (auto *tensor = std::get_if<Tensor>(&call.results[0]))
      name = tensor->name;
  return json::Object{{"target", targetOf(*call.schema)},       {"inputs", inputsOf(call)},
                      {"outputs", std::move(outputs)},          {"metadata", json::Object{}},
                      {"is_hop_single_tensor_return", nullptr}, {"name", std::move(name)}};
}

static json::Value graphOf(const Program &program) {
  json::Array inputs, outputs, nodes;
  json::Object tensors, sizes;
  for (const State &state : program.state)
    inputs.push_back(asTensor(state.argument));
  for (const std::string &name : program.inputs)
    inputs.push_back(asTensor(name));
  for (const std::string &name : program.outputs)
    outputs.push_back(asTensor(name));
  for (const Call &call : program.calls)
    nodes.push_back(nodeOf(call));
  for (const auto &[name, meta] : program.tensors)
    tensors[name] = tensorMeta(meta);
  for (const auto &[name, size] : program.sizes)
    sizes[name] = symInt(size);
  return json::Object{{"inputs", std::move(inputs)},        {"outputs", std::move(outputs)},
                      {"nodes", std::move(nodes)},          {"tensor_values", std::move(tensors)},
                      {"sym_int_values", std::move(sizes)}, {"sym_bool_values", json::Object{}},
                      {"is_single_tensor_return", false},   {"custom_obj_values", json::Object{}},
                      {"sym_float_values", json::Object{}}};
}

//===----------------------------------------------------------------------===//
// The signature, and how callers see it
//===----------------------------------------------------------------------===//

static json::Value inputSpec(const State &state) {
  if (state.isParameter)
    return json::Object{{"parameter", json::Object{{"arg", named(state.argument)},
                                                   {"parameter_name", state.name}}}};
  return json::Object{{"buffer", json::Object{{"arg", named(state.argument)},
                                              {"buffer_name", state.name},
                                              {"persistent", true}}}};
}

static json::Value signatureOf(const Program &program) {
  json::Array inputs, outputs;
  for (const State &state : program.state)
    inputs.push_back(inputSpec(state));
  for (const std::string &name : program.inputs)
    inputs.push_back(json::Object{{"user_input", json::Object{{"arg", asTensor(name)}}}});
  for (const std::string &name : program.outputs)
    outputs.push_back(json::Object{{"user_output", json::Object{{"arg", asTensor(name)}}}});
  return json::Object{{"input_specs", std::move(inputs)}, {"output_specs", std::move(outputs)}};
}

static json::Value leaf() {
  return json::Object{{"type", nullptr}, {"context", nullptr}, {"children_spec", json::Array{}}};
}
static json::Value tuple(json::Array children) {
  return json::Object{
      {"type", "builtins.tuple"}, {"context", "null"}, {"children_spec", std::move(children)}};
}
static json::Value tupleOfLeaves(size_t count) {
  json::Array children;
  for (size_t i = 0; i < count; ++i)
    children.push_back(leaf());
  return tuple(std::move(children));
}

/// A tree of Python containers, version 1, as text.
static std::string treeSpec(json::Value tree) {
  std::string text;
  llvm::raw_string_ostream(text) << json::Value(json::Array{1, std::move(tree)});
  return text;
}

/// Positional inputs and no others; one result as itself, several as a tuple.
static json::Value callOf(const Program &program, const ProgramRequest &request) {
  json::Array names;
  for (const auto &input : request.inputs)
    if (input)
      names.push_back(input->name);
  json::Value keywords =
      json::Object{{"type", "builtins.dict"}, {"context", "[]"}, {"children_spec", json::Array{}}};
  json::Value results =
      program.outputs.size() == 1 ? leaf() : tupleOfLeaves(program.outputs.size());
  json::Value arguments =
      tuple(json::Array{tupleOfLeaves(program.inputs.size()), std::move(keywords)});
  json::Object signature{{"inputs", json::Array{}},
                         {"outputs", json::Array{}},
                         {"in_spec", treeSpec(std::move(arguments))},
                         {"out_spec", treeSpec(std::move(results))},
                         {"forward_arg_names", std::move(names)}};
  return json::Array{json::Object{{"fqn", ""}, {"signature", std::move(signature)}}};
}

std::string tez::program::programJson(const Program &program, const ProgramRequest &request) {
  json::Object ranges;
  for (auto [number, least] : llvm::enumerate(request.least))
    ranges[symbolName(unsigned(number))] = json::Object{{"min_val", least}, {"max_val", nullptr}};
  json::Object module{{"graph", graphOf(program)},
                      {"signature", signatureOf(program)},
                      {"module_call_graph", callOf(program, request)},
                      {"metadata", json::Object{}},
                      {"treespec_namedtuple_fields", json::Object{}}};
  json::Object whole{
      {"graph_module", std::move(module)},
      {"opset_version", json::Object{{"aten", operatorVersion}}},
      {"range_constraints", std::move(ranges)},
      {"schema_version", json::Object{{"major", schemaMajor}, {"minor", schemaMinor}}},
      {"verifiers", json::Array{"TRAINING"}},
      {"torch_version", TORCH_VERSION},
      {"guards_code", json::Array{}}};
  std::string text;
  llvm::raw_string_ostream(text) << json::Value(std::move(whole));
  return text;
}

std::string tez::program::weightsConfigJson(const Program &program) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  json::OStream out(stream); // keeps the order, which is that of the state dict
  out.object([&] {
    out.attributeObject("config", [&] {
      for (auto [i, state] : llvm::enumerate(program.state))
        out.attribute(state.name, json::Object{{"path_name", weightRecord(i)},
                                               {"is_param", state.isParameter},
                                               {"use_pickle", false},
                                               {"tensor_meta", tensorMeta(state.meta)}});
    });
  });
  return text;
}
