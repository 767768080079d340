//===- JsonText.h - Writing and comparing JSON ------------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_JSONTEXT_H
#define TEZ_LIB_SERVICE_JSONTEXT_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tez::service {

/// As a JSON string; also how names stand in messages (a long one is cut there).
std::string quoted(std::string_view text);

/// Whether two JSON texts say the same: white space and the order of keys do
/// not count, every digit does.
bool sameJson(std::string_view a, std::string_view b);

/// An object, field by field.
class JsonObject {
public:
  JsonObject &text(std::string_view key, std::string_view value);
  JsonObject &textOrNull(std::string_view key, const std::optional<std::string> &value);
  JsonObject &number(std::string_view key, int64_t value);
  JsonObject &boolean(std::string_view key, bool value);
  /// `value` is JSON already; absent: null.
  JsonObject &raw(std::string_view key, const std::optional<std::string> &value);
  /// Microseconds since 1970 as 2026-11-27T00:00:00.000000Z.
  JsonObject &time(std::string_view key, int64_t microseconds);

  JsonObject &with(const JsonObject &other); ///< and its fields

  std::string done() const { return out + "}"; }

private:
  void begin(std::string_view key);
  std::string out = "{";
};

/// `[...]` of what `toJson` makes of each record.
template <typename Records, typename ToJson>
std::string jsonArray(const Records &records, ToJson toJson) {
  std::string out = "[";
  for (const auto &record : records)
    (out.size() > 1 ? out += ',' : out) += toJson(record);
  return out += "]";
}

} // namespace tez::service

#endif // TEZ_LIB_SERVICE_JSONTEXT_H
