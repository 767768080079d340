//===- Fields.h - Reads an object field by field ----------------*- C++ -*-===//
//
// A reader asks for every field by its name, in the order of the constructor
// it mirrors, and ends with finish():
//
//   std::optional<Linear> readLinear(Fields &f) {
//     auto in = f.integer("in_features", kLayerSize);
//     auto out = f.integer("out_features", kLayerSize);
//     bool bias = f.booleanOr("bias", true);
//     if (!f.finish())
//       return std::nullopt;
//     return Linear{*in, *out, bias};
//   }
//
// No call stops at an error: each reports what is wrong at its place and
// returns nullopt or the default, so that one run names all faults. A field is
// reported at most once. finish() reports the fields nobody asked for, and is
// true only if nothing at all was wrong; then every required field has a value.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_JSON_FIELDS_H
#define TEZ_JSON_FIELDS_H

#include "tez/Json/Read.h"

#include <initializer_list>
#include <string>
#include <vector>

namespace tez::json {

/// What `null` is for a field that may be absent. For a required field, and
/// inside lists, it is always an error.
enum class Nulls : uint8_t {
  Refused,    ///< as in `config` and `attributes`
  MeanAbsent, ///< as in envelopes, nodes, edges and carried metadata
};

/// Not for use by several threads at once. The document and the sink must
/// outlive it; names are copied.
class Fields {
public:
  using Words = std::initializer_list<std::string_view>;

  Fields(const Object &object, DiagnosticSink &sink, Nulls nulls = Nulls::Refused);

  /// Joins a second object, such as `init_params` beside `config`. A field
  /// given in both is an error. What is missing is missing in the first one.
  void alsoFrom(const Object &other);

  /// True when the field is given (under MeanAbsent: and not null). The field
  /// still has to be read: finish() refuses one that was only looked at.
  bool has(std::string_view name);

  /// The type the field is given in, for fields of several types; nullopt when
  /// it is absent as has() means it. The field still has to be read:
  ///
  ///   if (f.kind("padding") == Kind::String)
  ///     mode = f.oneOf("padding", {"same", "valid"});
  ///   else
  ///     pads = f.integerOrListOr("padding", 2, 0, {.min = 0});
  std::optional<Kind> kind(std::string_view name);

  // Required: absent is an error.
  std::optional<int64_t> integer(std::string_view name, const IntegerRange &range = {});
  std::optional<double> number(std::string_view name, const NumberRange &range = {});
  std::optional<bool> boolean(std::string_view name);
  std::optional<std::string_view> string(std::string_view name, const TextRule &rule = {});
  std::optional<std::string_view> oneOf(std::string_view name, Words choices);
  std::optional<std::vector<int64_t>>
  integers(std::string_view name, const IntegerRange &range = {}, const ListSize &size = {});
  /// One integer stands for `count` of them.
  std::optional<std::vector<int64_t>> integerOrList(std::string_view name, size_t count,
                                                    const IntegerRange &range = {});
  /// One integer, or a list of any length (`normalized_shape`).
  std::optional<std::vector<int64_t>> integerOrAnyList(std::string_view name,
                                                       const IntegerRange &range = {},
                                                       const ListSize &size = {.min = 1});
  std::optional<Object> object(std::string_view name);
  std::optional<Array> array(std::string_view name, const ListSize &size = {});
  std::optional<Value> value(std::string_view name); ///< of any type, null too

  // With a default, taken when the field is absent (and after an error).
  int64_t integerOr(std::string_view name, int64_t fallback, const IntegerRange &range = {});
  double numberOr(std::string_view name, double fallback, const NumberRange &range = {});
  bool booleanOr(std::string_view name, bool fallback);
  std::string_view stringOr(std::string_view name, std::string_view fallback,
                            const TextRule &rule = {});
  std::string_view oneOf(std::string_view name, Words choices, std::string_view fallback);
  std::vector<int64_t> integersOr(std::string_view name, std::vector<int64_t> fallback,
                                  const IntegerRange &range = {}, const ListSize &size = {});
  std::vector<int64_t> integerOrListOr(std::string_view name, size_t count, int64_t fallback,
                                       const IntegerRange &range = {});

  // Optional: nullopt when absent (and after an error, which ok() tells).
  std::optional<int64_t> optionalInteger(std::string_view name, const IntegerRange &range = {});
  std::optional<double> optionalNumber(std::string_view name, const NumberRange &range = {});
  std::optional<bool> optionalBoolean(std::string_view name);
  std::optional<std::string_view> optionalString(std::string_view name, const TextRule &rule = {});
  std::optional<std::string_view> optionalOneOf(std::string_view name, Words choices);
  std::optional<std::vector<int64_t>> optionalIntegers(std::string_view name,
                                                       const IntegerRange &range = {},
                                                       const ListSize &size = {});
  std::optional<std::vector<int64_t>> optionalIntegerOrList(std::string_view name, size_t count,
                                                            const IntegerRange &range = {});
  std::optional<std::vector<int64_t>> optionalIntegerOrAnyList(std::string_view name,
                                                               const IntegerRange &range = {},
                                                               const ListSize &size = {.min = 1});
  std::optional<std::vector<double>> optionalNumberOrList(std::string_view name, size_t count,
                                                          const NumberRange &range = {});
  std::optional<Object> optionalObject(std::string_view name);
  std::optional<Array> optionalArray(std::string_view name, const ListSize &size = {});

  /// The field as it stands, of any type, null too; nothing is checked. For
  /// fields of several types and for what is only carried.
  std::optional<Value> raw(std::string_view name);

  /// The fields of an object inside this one. When it is wrong (or absent
  /// where it is required) the error is reported here, the result stays
  /// silent and its finish() is false.
  Fields child(std::string_view name, Nulls childNulls = Nulls::Refused);
  /// The same, but an absent object is an empty one.
  Fields childOrEmpty(std::string_view name, Nulls childNulls = Nulls::Refused);

  /// Known, and not supported: an error with this reason where it is given.
  void refuse(std::string_view name, std::string reason);

  /// Reports at the field, or at the object when the field is absent. An
  /// error makes ok() false. A field has at most one error.
  void error(std::string_view name, std::string message, std::string hint = {});
  void warning(std::string_view name, std::string message, std::string hint = {});

  /// Makes ok() false for a field whose fault the caller found and reported
  /// itself, for instance at an element of a raw() one.
  void fail(std::string_view name) { markFaulty(name); }

  /// Reports every field that no call asked for, with the nearest that was.
  /// Call it last, once. Returns ok().
  bool finish();

  /// True while nothing wrong was found.
  bool ok() const { return good; }

  /// The object that is read; of an absent one, the object it is absent from.
  const Value &place() const { return holder; }
  DiagnosticSink &sink() const { return *diagnostics; }

private:
  enum class State : uint8_t { Present, Absent, Broken };
  enum class Presence : uint8_t { Required, Optional };
  struct Part {
    Object object;
    std::vector<bool> taken;
  };

  Fields(const Value &holder, State state, std::vector<std::string> absentNames,
         DiagnosticSink &sink, Nulls nulls);
  Fields openChild(std::string_view name, Presence presence, Nulls childNulls);

  bool isKnown(std::string_view name) const;
  bool isFaulty(std::string_view name) const;
  std::optional<Value> take(std::string_view name);
  std::optional<Value> fetch(std::string_view name, Presence presence);
  void reportMissing(std::string_view name);
  void reportAtHolder(Severity severity, std::string_view name, std::string message,
                      std::string hint);
  void reportUnknown(const Part &part, size_t &budget);
  void markFaulty(std::string_view name);

  template <typename Reader> auto read(std::string_view name, Presence presence, Reader reader);

  Value holder;
  DiagnosticSink *diagnostics;
  std::vector<std::string> absentNames; ///< of an absent object: its names below `holder`
  std::vector<Part> parts;
  std::vector<std::string> asked;
  std::vector<std::string> faulty;
  State state;
  Nulls nulls;
  bool good;
};

} // namespace tez::json

#endif // TEZ_JSON_FIELDS_H
