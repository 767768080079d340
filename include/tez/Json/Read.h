//===- Read.h - Typed values, or a report of what is wrong ------*- C++ -*-===//
//
// Each function returns the value in the type asked for, or reports one error
// at its place ("expected ..., found ...") and returns nullopt.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_JSON_READ_H
#define TEZ_JSON_READ_H

#include "tez/Json/Diagnostic.h"
#include "tez/Json/Value.h"

#include <limits>
#include <span>
#include <vector>

namespace tez::json {

/// Both ends belong to the range.
struct IntegerRange {
  int64_t min = std::numeric_limits<int64_t>::min();
  int64_t max = std::numeric_limits<int64_t>::max();
};

/// What a layer size may be.
inline constexpr IntegerRange kLayerSize{1, 2147483647};

/// `min` and `max` belong to the range, `above` and `below` do not.
struct NumberRange {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  double above = -std::numeric_limits<double>::infinity();
  double below = std::numeric_limits<double>::infinity();
};

/// A probability as dropout takes it.
inline constexpr NumberRange kProbability{.min = 0, .max = 1};

/// Lengths in characters, counted after trimming where that is asked for.
struct TextRule {
  size_t min = 0;
  size_t max = std::numeric_limits<size_t>::max();
  bool trim = false;
};

/// How many elements a list may have.
struct ListSize {
  size_t min = 0;
  size_t max = std::numeric_limits<size_t>::max();
};

std::optional<int64_t> readInteger(const Value &, DiagnosticSink &, const IntegerRange & = {});
std::optional<double> readNumber(const Value &, DiagnosticSink &, const NumberRange & = {});
std::optional<bool> readBoolean(const Value &, DiagnosticSink &);
std::optional<std::string_view> readString(const Value &, DiagnosticSink &, const TextRule & = {});
std::optional<Array> readArray(const Value &, DiagnosticSink &, const ListSize & = {});
std::optional<Object> readObject(const Value &, DiagnosticSink &);

/// One of the given strings, and no other spelling of it.
std::optional<std::string_view> readOneOf(const Value &, DiagnosticSink &,
                                          std::span<const std::string_view> choices);

/// Stops at the first wrong element.
std::optional<std::vector<int64_t>> readIntegers(const Value &, DiagnosticSink &,
                                                 const IntegerRange & = {}, const ListSize & = {});

/// torch's int-or-tuple: a list of `count` integers, or one that stands for all.
std::optional<std::vector<int64_t>> readIntegerOrList(const Value &, DiagnosticSink &, size_t count,
                                                      const IntegerRange & = {});

/// The same for numbers.
std::optional<std::vector<double>> readNumberOrList(const Value &, DiagnosticSink &, size_t count,
                                                    const NumberRange & = {});

/// Reports at a value.
void report(DiagnosticSink &, Severity, const Value &, std::string message, std::string hint = {});

/// Reports at the key under which an object holds the value.
void reportKey(DiagnosticSink &, Severity, const Value &, std::string message,
               std::string hint = {});

} // namespace tez::json

#endif // TEZ_JSON_READ_H
