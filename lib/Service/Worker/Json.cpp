//===- Json.cpp -----------------------------------------------------------===//

#include "tez/Service/Worker/Json.h"

using namespace tez;
using worker::Json;

static constexpr int mostDepth = 256;

/// Of brackets outside of strings, before any tree is built.
static bool isTooDeep(std::string_view text) {
  int depth = 0;
  bool inString = false;
  for (size_t i = 0; i < text.size() && depth <= mostDepth; ++i) {
    char letter = text[i];
    if (inString && letter == '\\')
      ++i;
    else if (letter == '"')
      inString = !inString;
    else if (!inString)
      depth += (letter == '[' || letter == '{') - (letter == ']' || letter == '}');
  }
  return depth > mostDepth;
}

std::optional<Json> worker::parseJson(std::string_view text) {
  if (isTooDeep(text))
    return std::nullopt;
  Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded())
    return std::nullopt;
  return value;
}

std::string worker::toText(const Json &value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const Json &worker::valueAt(const Json &object, const char *key) {
  static const Json none;
  auto found = object.is_object() ? object.find(key) : object.end();
  return found == object.end() ? none : *found;
}

std::string worker::textAt(const Json &object, const char *key) {
  const Json &value = valueAt(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}
