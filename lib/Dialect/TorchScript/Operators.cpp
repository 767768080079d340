//===- Operators.cpp - Reads the schemas of Operators.def -----------------===//

#include "tez/Dialect/TorchScript/Operators.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSwitch.h"
#include <vector>

using namespace llvm;
using namespace tez::ts;

namespace {
struct Row {
  StringRef schema;
  Gradient gradient;
  StringRef since, note;
};
} // namespace

static constexpr Row rows[] = {
#define TEZ_OPERATOR(SCHEMA, GRADIENT, SINCE, NOTE) {SCHEMA, Gradient::GRADIENT, SINCE, NOTE},
#include "tez/Dialect/TorchScript/Operators.def"
#undef TEZ_OPERATOR
};

/// "SymInt[2]" is an int list, "Tensor(a!)" a tensor, "Device?" only ever None.
static SchemaType parseType(StringRef text) {
  bool optional = text.consume_back("?");
  if (size_t open = text.find('['); open != StringRef::npos) {
    SchemaType list = StringSwitch<SchemaType>(text.take_front(open))
                          .Case("Tensor", SchemaType::TensorList)
                          .Case("float", SchemaType::OptionalFloatList)
                          .Default(optional ? SchemaType::OptionalIntList : SchemaType::IntList);
    return list;
  }
  text = text.take_until([](char c) { return c == '('; });
  return StringSwitch<SchemaType>(text)
      .Case("Tensor", optional ? SchemaType::OptionalTensor : SchemaType::Tensor)
      .Cases("int", "SymInt", "MemoryFormat", "ScalarType",
             optional ? SchemaType::OptionalInt : SchemaType::Int)
      .Case("float", optional ? SchemaType::OptionalFloat : SchemaType::Float)
      .Case("bool", optional ? SchemaType::OptionalBool : SchemaType::Bool)
      .Case("str", optional ? SchemaType::OptionalString : SchemaType::String)
      .Case("Scalar", optional ? SchemaType::OptionalScalar : SchemaType::Scalar)
      .Case("__torch__.torch.classes.quantized.LinearPackedParamsBase", SchemaType::Packed)
      .Case("__torch__.torch.classes.quantized.Conv2dPackedParamsBase", SchemaType::Packed)
      .Default(SchemaType::None);
}

/// Splits at commas outside of brackets.
static SmallVector<StringRef> splitList(StringRef text) {
  SmallVector<StringRef> parts;
  int depth = 0;
  size_t begin = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    depth += StringRef("([").contains(text[i]) - StringRef(")]").contains(text[i]);
    if (text[i] == ',' && depth == 0) {
      parts.push_back(text.slice(begin, i).trim());
      begin = i + 1;
    }
  }
  if (!text.substr(begin).trim().empty())
    parts.push_back(text.substr(begin).trim());
  return parts;
}

/// The type of "Tensor(a -> *) self" or "int[2] stride=1": all before the
/// last space that is outside of brackets.
static StringRef typeOfArgument(StringRef argument) {
  int depth = 0;
  for (size_t i = 0; i < argument.size(); ++i) {
    depth += StringRef("([").contains(argument[i]) - StringRef(")]").contains(argument[i]);
    if (argument[i] == ' ' && depth == 0)
      return argument.take_front(i);
  }
  return argument;
}

static Operator parseRow(const Row &row) {
  Operator op;
  op.schema = row.schema;
  op.gradient = row.gradient;
  op.since = row.since;
  op.note = row.note;
  auto [head, tail] = row.schema.split('(');
  op.name = head.split('.').first;
  auto [arguments, results] = tail.rsplit(" -> ");
  // A "->" inside an alias annotation does not end the arguments: rsplit.
  for (StringRef argument : splitList(arguments.drop_back()))
    if (argument != "*")
      op.arguments.push_back(parseType(typeOfArgument(argument)));
  if (results.consume_front("("))
    results.consume_back(")");
  for (StringRef result : splitList(results))
    op.results.push_back(parseType(result.ends_with("[]") ? "Tensor[]" : typeOfArgument(result)));
  op.mayShareMemory = results.contains("(a") || row.note.contains("may return its input");
  return op;
}

static const std::vector<Operator> &table() {
  static const std::vector<Operator> operators = [] {
    std::vector<Operator> parsed;
    for (const Row &row : rows)
      parsed.push_back(parseRow(row));
    std::stable_sort(parsed.begin(), parsed.end(),
                     [](const Operator &a, const Operator &b) { return a.name < b.name; });
    return parsed;
  }();
  return operators;
}

ArrayRef<Operator> tez::ts::allOperators() { return table(); }

ArrayRef<Operator> tez::ts::operatorsNamed(StringRef name) {
  auto before = [](const Operator &op, StringRef n) { return op.name < n; };
  auto begin = std::lower_bound(table().begin(), table().end(), name, before);
  auto end = begin;
  while (end != table().end() && end->name == name)
    ++end;
  return ArrayRef<Operator>(table()).slice(begin - table().begin(), end - begin);
}

StringRef tez::ts::spelling(SchemaType type) {
  static constexpr StringRef names[] = {
      "Tensor", "Tensor?",  "Tensor[]", "int",     "int?",          "float",
      "float?", "bool",     "bool?",    "str",     "str?",          "int[]",
      "int[]?", "float[]?", "Scalar",   "Scalar?", "packed weight", "None"};
  return names[int(type)];
}

bool tez::ts::mayShareMemory(StringRef name) {
  return llvm::any_of(operatorsNamed(name), [](const Operator &row) { return row.mayShareMemory; });
}

bool tez::ts::isInPlaceForm(StringRef name) {
  return name.ends_with("_") && llvm::any_of(operatorsNamed(name), [](const Operator &row) {
           return row.gradient == Gradient::InPlace;
         });
}
