//===- Read.cpp - Typed values, or a report of what is wrong --------------===//

#include "tez/Json/Read.h"

#include "tez/Json/Text.h"

#include <charconv>
#include <cmath>

using namespace tez::json;

static std::nullopt_t expected(const Value &value, DiagnosticSink &sink, const std::string &what,
                               const std::string &why = {}, std::string hint = {}) {
  std::string message = "expected " + what + ", found " + describe(value);
  if (!why.empty())
    message += " (" + why + ")";
  report(sink, Severity::Error, value, std::move(message), std::move(hint));
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// What is expected, in words
//===----------------------------------------------------------------------===//

static std::string inWords(const IntegerRange &range) {
  IntegerRange all;
  std::string min = std::to_string(range.min), max = std::to_string(range.max);
  if (range.min == all.min && range.max == all.max)
    return "an integer";
  if (range.max == all.max)
    return "an integer of at least " + min;
  if (range.min == all.min)
    return "an integer of at most " + max;
  return "an integer from " + min + " to " + max;
}

static std::string shortest(double value) {
  char buffer[32];
  auto [end, code] = std::to_chars(buffer, buffer + sizeof(buffer), value);
  return std::string(buffer, end);
}

static std::string inWords(const NumberRange &range) {
  std::string words;
  auto add = [&](double bound, const char *relation) {
    if (std::isfinite(bound))
      words += (words.empty() ? " " : " and ") + std::string(relation) + " " + shortest(bound);
  };
  add(range.min, "of at least");
  add(range.above, "greater than");
  add(range.max, "of at most");
  add(range.below, "less than");
  return "a number" + words;
}

/// " of 1 to 255 characters"; nothing for any length.
static std::string describeCount(size_t min, size_t max, const std::string &unit) {
  bool bounded = max != std::numeric_limits<size_t>::max();
  if (!bounded && min == 0)
    return {};
  std::string least = std::to_string(min), most = std::to_string(max);
  std::string count = !bounded     ? "at least " + least
                      : min == max ? least
                      : min == 0   ? "at most " + most
                                   : least + " to " + most;
  size_t last = bounded ? max : min;
  return " of " + count + " " + unit + (last == 1 ? "" : "s");
}

//===----------------------------------------------------------------------===//
// Readers
//===----------------------------------------------------------------------===//

std::optional<int64_t> tez::json::readInteger(const Value &value, DiagnosticSink &sink,
                                              const IntegerRange &range) {
  std::optional<int64_t> integer = value.integer();
  if (integer && *integer >= range.min && *integer <= range.max)
    return integer;
  const char *why = value.kind() != Kind::Number ? ""
                    : value.isIntegerToken()     ? "out of range"
                                                 : "an integer has no fraction and no exponent";
  return expected(value, sink, inWords(range), why);
}

std::optional<double> tez::json::readNumber(const Value &value, DiagnosticSink &sink,
                                            const NumberRange &range) {
  std::optional<double> number = value.number();
  if (!number)
    return expected(value, sink, inWords(range));
  if (!(*number >= range.min && *number <= range.max && *number > range.above &&
        *number < range.below))
    return expected(value, sink, inWords(range), "out of range");
  return number;
}

std::optional<bool> tez::json::readBoolean(const Value &value, DiagnosticSink &sink) {
  std::optional<bool> boolean = value.boolean();
  return boolean ? boolean : expected(value, sink, "true or false");
}

std::optional<std::string_view> tez::json::readString(const Value &value, DiagnosticSink &sink,
                                                      const TextRule &rule) {
  std::string what = "a string" + describeCount(rule.min, rule.max, "character");
  std::optional<std::string_view> string = value.string();
  if (!string)
    return expected(value, sink, what);
  if (rule.trim)
    string = trim(*string);
  size_t length = countCharacters(*string);
  if (length < rule.min || length > rule.max)
    return expected(value, sink, what,
                    std::to_string(length) + (length == 1 ? " character" : " characters") +
                        (rule.trim ? " after trimming" : ""));
  return string;
}

std::optional<Array> tez::json::readArray(const Value &value, DiagnosticSink &sink,
                                          const ListSize &size) {
  std::string what = "an array" + describeCount(size.min, size.max, "element");
  std::optional<Array> array = value.array();
  if (!array)
    return expected(value, sink, what);
  if (array->size() < size.min || array->size() > size.max)
    return expected(value, sink, what, std::to_string(array->size()) + " in it");
  return array;
}

std::optional<Object> tez::json::readObject(const Value &value, DiagnosticSink &sink) {
  std::optional<Object> object = value.object();
  if (!object)
    return expected(value, sink, "an object");
  return object;
}

std::optional<std::string_view> tez::json::readOneOf(const Value &value, DiagnosticSink &sink,
                                                     std::span<const std::string_view> choices) {
  std::string what = (choices.size() > 1 ? "one of " : "") + quotedList(choices, 40);
  std::optional<std::string_view> string = value.string();
  if (!string)
    return expected(value, sink, what);
  for (std::string_view choice : choices)
    if (choice == *string)
      return choice;
  return expected(value, sink, what, "", didYouMean(*string, choices));
}

/// The elements as `readOne` takes them, up to the first that it refuses.
template <typename T, typename ReadOne>
static std::optional<std::vector<T>> readList(const Value &value, DiagnosticSink &sink,
                                              const ListSize &size, ReadOne readOne) {
  std::optional<Array> array = readArray(value, sink, size);
  if (!array)
    return std::nullopt;
  std::vector<T> list;
  list.reserve(array->size());
  for (Value element : *array) {
    std::optional<T> one = readOne(element);
    if (!one)
      return std::nullopt;
    list.push_back(*one);
  }
  return list;
}

/// A list of `count` values, or one number that stands for all of them.
template <typename T, typename Range, typename ReadOne>
static std::optional<std::vector<T>> readOneOrList(const Value &value, DiagnosticSink &sink,
                                                   size_t count, const Range &range,
                                                   ReadOne readOne) {
  if (value.isArray())
    return readList<T>(value, sink, {.min = count, .max = count}, readOne);
  if (value.kind() != Kind::Number)
    return expected(value, sink,
                    inWords(range) + ", or an array" + describeCount(count, count, "element"));
  std::optional<T> one = readOne(value);
  if (!one)
    return std::nullopt;
  return std::vector<T>(count, *one);
}

std::optional<std::vector<int64_t>> tez::json::readIntegers(const Value &value,
                                                            DiagnosticSink &sink,
                                                            const IntegerRange &range,
                                                            const ListSize &size) {
  return readList<int64_t>(value, sink, size,
                           [&](const Value &v) { return readInteger(v, sink, range); });
}

std::optional<std::vector<int64_t>> tez::json::readIntegerOrList(const Value &value,
                                                                 DiagnosticSink &sink, size_t count,
                                                                 const IntegerRange &range) {
  return readOneOrList<int64_t>(value, sink, count, range,
                                [&](const Value &v) { return readInteger(v, sink, range); });
}

std::optional<std::vector<double>> tez::json::readNumberOrList(const Value &value,
                                                               DiagnosticSink &sink, size_t count,
                                                               const NumberRange &range) {
  return readOneOrList<double>(value, sink, count, range,
                               [&](const Value &v) { return readNumber(v, sink, range); });
}
