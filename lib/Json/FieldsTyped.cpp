//===- FieldsTyped.cpp - The typed fields: what each call reads -----------===//

#include "tez/Json/Fields.h"

using namespace tez::json;

using Integers = std::vector<int64_t>;

/// Fetches the field and hands it to `reader`, which reports what is wrong.
template <typename Reader>
auto Fields::read(std::string_view name, Presence presence, Reader reader) {
  std::optional<Value> found = fetch(name, presence);
  using Result = decltype(reader(*found, *diagnostics));
  if (!found)
    return Result();
  Result result = reader(*found, *diagnostics);
  if (!result)
    markFaulty(name);
  return result;
}

// What each type of field passes to read().

static auto asInteger(const IntegerRange &range) {
  return [&range](const Value &v, DiagnosticSink &s) { return readInteger(v, s, range); };
}
static auto asNumber(const NumberRange &range) {
  return [&range](const Value &v, DiagnosticSink &s) { return readNumber(v, s, range); };
}
static auto asString(const TextRule &rule) {
  return [&rule](const Value &v, DiagnosticSink &s) { return readString(v, s, rule); };
}
static auto asOneOf(Fields::Words choices) {
  return [choices](const Value &v, DiagnosticSink &s) {
    return readOneOf(v, s, {choices.begin(), choices.size()});
  };
}
static auto asIntegers(const IntegerRange &range, const ListSize &size) {
  return [&](const Value &v, DiagnosticSink &s) { return readIntegers(v, s, range, size); };
}
static auto asIntegerOrList(size_t count, const IntegerRange &range) {
  return [&range, count](const Value &v, DiagnosticSink &s) {
    return readIntegerOrList(v, s, count, range);
  };
}
static auto asIntegerOrAnyList(const IntegerRange &range, const ListSize &size) {
  return [&](const Value &v, DiagnosticSink &s) {
    return v.isArray() ? readIntegers(v, s, range, size) : readIntegerOrList(v, s, 1, range);
  };
}
static auto asArray(const ListSize &size) {
  return [&size](const Value &v, DiagnosticSink &s) { return readArray(v, s, size); };
}

//===----------------------------------------------------------------------===//
// Required
//===----------------------------------------------------------------------===//

std::optional<int64_t> Fields::integer(std::string_view name, const IntegerRange &range) {
  return read(name, Presence::Required, asInteger(range));
}
std::optional<double> Fields::number(std::string_view name, const NumberRange &range) {
  return read(name, Presence::Required, asNumber(range));
}
std::optional<bool> Fields::boolean(std::string_view name) {
  return read(name, Presence::Required, readBoolean);
}
std::optional<std::string_view> Fields::string(std::string_view name, const TextRule &rule) {
  return read(name, Presence::Required, asString(rule));
}
std::optional<std::string_view> Fields::oneOf(std::string_view name, Words choices) {
  return read(name, Presence::Required, asOneOf(choices));
}
std::optional<Integers> Fields::integers(std::string_view name, const IntegerRange &range,
                                         const ListSize &size) {
  return read(name, Presence::Required, asIntegers(range, size));
}
std::optional<Integers> Fields::integerOrList(std::string_view name, size_t count,
                                              const IntegerRange &range) {
  return read(name, Presence::Required, asIntegerOrList(count, range));
}
std::optional<Integers> Fields::integerOrAnyList(std::string_view name, const IntegerRange &range,
                                                 const ListSize &size) {
  return read(name, Presence::Required, asIntegerOrAnyList(range, size));
}
std::optional<Object> Fields::object(std::string_view name) {
  return read(name, Presence::Required, readObject);
}
std::optional<Array> Fields::array(std::string_view name, const ListSize &size) {
  return read(name, Presence::Required, asArray(size));
}

//===----------------------------------------------------------------------===//
// Optional
//===----------------------------------------------------------------------===//

std::optional<int64_t> Fields::optionalInteger(std::string_view name, const IntegerRange &range) {
  return read(name, Presence::Optional, asInteger(range));
}
std::optional<double> Fields::optionalNumber(std::string_view name, const NumberRange &range) {
  return read(name, Presence::Optional, asNumber(range));
}
std::optional<bool> Fields::optionalBoolean(std::string_view name) {
  return read(name, Presence::Optional, readBoolean);
}
std::optional<std::string_view> Fields::optionalString(std::string_view name,
                                                       const TextRule &rule) {
  return read(name, Presence::Optional, asString(rule));
}
std::optional<std::string_view> Fields::optionalOneOf(std::string_view name, Words choices) {
  return read(name, Presence::Optional, asOneOf(choices));
}
std::optional<Integers> Fields::optionalIntegers(std::string_view name, const IntegerRange &range,
                                                 const ListSize &size) {
  return read(name, Presence::Optional, asIntegers(range, size));
}
std::optional<Integers> Fields::optionalIntegerOrList(std::string_view name, size_t count,
                                                      const IntegerRange &range) {
  return read(name, Presence::Optional, asIntegerOrList(count, range));
}
std::optional<Integers> Fields::optionalIntegerOrAnyList(std::string_view name,
                                                         const IntegerRange &range,
                                                         const ListSize &size) {
  return read(name, Presence::Optional, asIntegerOrAnyList(range, size));
}
std::optional<std::vector<double>> Fields::optionalNumberOrList(std::string_view name, size_t count,
                                                                const NumberRange &range) {
  return read(name, Presence::Optional, [&](const Value &v, DiagnosticSink &s) {
    return readNumberOrList(v, s, count, range);
  });
}
std::optional<Object> Fields::optionalObject(std::string_view name) {
  return read(name, Presence::Optional, readObject);
}
std::optional<Array> Fields::optionalArray(std::string_view name, const ListSize &size) {
  return read(name, Presence::Optional, asArray(size));
}

//===----------------------------------------------------------------------===//
// With a default
//===----------------------------------------------------------------------===//

int64_t Fields::integerOr(std::string_view name, int64_t fallback, const IntegerRange &range) {
  return optionalInteger(name, range).value_or(fallback);
}
double Fields::numberOr(std::string_view name, double fallback, const NumberRange &range) {
  return optionalNumber(name, range).value_or(fallback);
}
bool Fields::booleanOr(std::string_view name, bool fallback) {
  return optionalBoolean(name).value_or(fallback);
}
std::string_view Fields::stringOr(std::string_view name, std::string_view fallback,
                                  const TextRule &rule) {
  return optionalString(name, rule).value_or(fallback);
}
std::string_view Fields::oneOf(std::string_view name, Words choices, std::string_view fallback) {
  return optionalOneOf(name, choices).value_or(fallback);
}
Integers Fields::integersOr(std::string_view name, Integers fallback, const IntegerRange &range,
                            const ListSize &size) {
  return optionalIntegers(name, range, size).value_or(std::move(fallback));
}
Integers Fields::integerOrListOr(std::string_view name, size_t count, int64_t fallback,
                                 const IntegerRange &range) {
  return optionalIntegerOrList(name, count, range).value_or(Integers(count, fallback));
}
