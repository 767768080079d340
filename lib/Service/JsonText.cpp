//===- JsonText.cpp -------------------------------------------------------===//

#include "JsonText.h"
#include "tez/Json/Document.h"
#include "tez/Json/Text.h"
#include <ctime>
#include <map>

using namespace tez;
using namespace tez::service;

std::string service::quoted(std::string_view text) {
  return json::quote(json::abbreviate(text, 200));
}

/// One way to write a value; its depth was limited when it came in.
static std::string canonical(const json::Value &value) {
  if (auto object = value.object()) {
    std::map<std::string_view, std::string> members;
    for (json::Member member : *object)
      members[member.key] = canonical(member.value);
    std::string out = "{";
    for (const auto &[key, text] : members)
      out += json::quote(key) + ":" + text + ",";
    return out + "}";
  }
  if (auto array = value.array())
    return jsonArray(*array, canonical);
  if (auto text = value.string())
    return json::quote(*text);
  return std::string(value.source());
}

static std::string canonicalText(std::string_view text) {
  json::Source source("", std::string(text));
  json::DiagnosticList faults;
  auto document = json::Document::parse(source, faults, {.maxBytes = size_t(1) << 30});
  return document ? canonical(document->root()) : std::string(text);
}

bool service::sameJson(std::string_view a, std::string_view b) {
  return a == b || canonicalText(a) == canonicalText(b);
}

void JsonObject::begin(std::string_view key) {
  if (out.size() > 1)
    out += ',';
  ((out += '"') += key) += "\":"; // keys are our own words
}

JsonObject &JsonObject::text(std::string_view key, std::string_view value) {
  begin(key);
  out += json::quote(value);
  return *this;
}

JsonObject &JsonObject::textOrNull(std::string_view key, const std::optional<std::string> &value) {
  return value ? text(key, *value) : raw(key, std::nullopt);
}

JsonObject &JsonObject::number(std::string_view key, int64_t value) {
  return raw(key, std::to_string(value));
}

JsonObject &JsonObject::boolean(std::string_view key, bool value) {
  return raw(key, value ? "true" : "false");
}

JsonObject &JsonObject::raw(std::string_view key, const std::optional<std::string> &value) {
  begin(key);
  out += value ? *value : "null";
  return *this;
}

JsonObject &JsonObject::with(const JsonObject &other) {
  if (out.size() > 1 && other.out.size() > 1)
    out += ',';
  out += std::string_view(other.out).substr(1);
  return *this;
}

JsonObject &JsonObject::time(std::string_view key, int64_t microseconds) {
  time_t seconds = microseconds / 1'000'000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char date[32], fraction[16];
  std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(fraction, sizeof fraction, ".%06dZ", int(microseconds % 1'000'000));
  return text(key, std::string(date) + fraction);
}
