//===- Json.h - JSON that others wrote --------------------------*- C++ -*-===//

#ifndef TEZ_SERVICE_WORKER_JSON_H
#define TEZ_SERVICE_WORKER_JSON_H

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace tez::worker {

using Json = nlohmann::ordered_json;

/// Nothing where `text` is no JSON, or nested so deep that writing it again
/// would overflow the stack.
std::optional<Json> parseJson(std::string_view text);

/// A number that is none (NaN) becomes null; bytes that are not UTF-8 become U+FFFD.
std::string toText(const Json &value);

/// The string at `key`, "" where there is none.
std::string textAt(const Json &object, const char *key);

/// The value at `key`, null where there is none.
const Json &valueAt(const Json &object, const char *key);

} // namespace tez::worker

#endif // TEZ_SERVICE_WORKER_JSON_H
