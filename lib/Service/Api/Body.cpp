//===- Body.cpp -----------------------------------------------------------===//

#include "../../Json/Utf8.h"
#include "../JsonText.h"
#include "Door.h"
#include "tez/Json/Text.h"
#include <cmath>

using namespace tez;
using namespace tez::service;

std::string service::faultOfId(std::string_view id, size_t most) {
  size_t count = 0;
  for (size_t pos = 0; pos < id.size(); ++count) {
    json::Utf8Character at = json::decodeUtf8(id, pos);
    if (at.fault || json::isUnprintable(at.code) || at.code == '/')
      return "expected printable characters without \"/\", found " + quoted(id);
    pos += at.length;
  }
  if (id == "." || id == "..")
    return "expected a name that an address can hold, found " + quoted(id);
  if (count < 1 || count > most)
    return "expected 1 to " + std::to_string(most) + " characters, found " + std::to_string(count);
  return "";
}

static std::string withHint(const json::Diagnostic &fault) {
  std::string text = fault.path.empty() ? fault.message : fault.path + ": " + fault.message;
  return fault.hint.empty() ? text : text + "; " + fault.hint;
}

/// application/json, with whatever parameters.
static void checkType(const http::Request &request) {
  std::string type = request.contentType.value_or("");
  std::string_view kind = json::trim(std::string_view(type).substr(0, type.find(';')));
  constexpr std::string_view wanted = "application/json";
  auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; };
  if (!std::equal(kind.begin(), kind.end(), wanted.begin(), wanted.end(), same))
    throw Fault(415, "expected Content-Type: application/json, found " + quoted(type));
}

Body::Body(const http::Request &request) : source("", request.body) {
  checkType(request);
  document = json::Document::parse(source, faults, {.maxBytes = size_t(1) << 30});
  if (!document) {
    const json::Diagnostic &fault = faults.all().at(0);
    throw Fault(400, "line " + std::to_string(fault.line) + ", column " +
                         std::to_string(fault.column) + ": " + withHint(fault));
  }
  auto object = json::readObject(document->root(), faults);
  if (!object)
    throw Fault(422, withHint(faults.all().at(0)));
  fields = std::make_unique<json::Fields>(*object, faults, json::Nulls::MeanAbsent);
}

std::string Body::id(std::string_view name, size_t most) {
  std::string id(fields->string(name).value_or("-"));
  if (std::string fault = faultOfId(id, most); !fault.empty())
    fields->error(name, fault);
  return id;
}

std::string Body::text(std::string_view name, size_t least, size_t most) {
  return std::string(fields->string(name, {least, most}).value_or(""));
}

std::optional<std::string> Body::optionalText(std::string_view name, size_t most) {
  auto text = fields->optionalString(name, {1, most});
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

std::string Body::oneOf(std::string_view name, std::span<const std::string_view> words) {
  std::optional<json::Value> value = fields->value(name);
  auto word = value ? json::readOneOf(*value, faults, words) : std::nullopt;
  if (value && !word)
    fields->fail(name);
  return std::string(word.value_or(""));
}

/// `52.0` too: what JSON Schema calls an integer, the API's clients know by that.
static std::optional<int64_t> readWhole(const json::Value &value, json::DiagnosticSink &sink,
                                        json::IntegerRange range) {
  double number = value.number().value_or(0.5);
  constexpr double exact = 1ll << 53;
  if (!value.isIntegerToken() && std::trunc(number) == number && std::abs(number) <= exact &&
      int64_t(number) >= range.min && int64_t(number) <= range.max)
    return int64_t(number);
  return json::readInteger(value, sink, range);
}

std::optional<int64_t> Body::whole(std::string_view name, json::IntegerRange range) {
  std::optional<json::Value> value = fields->value(name);
  auto number = value ? readWhole(*value, faults, range) : std::nullopt;
  if (value && !number)
    fields->fail(name);
  return number;
}

int64_t Body::integer(std::string_view name, int64_t least, int64_t most) {
  return whole(name, {least, most}).value_or(least);
}

int64_t Body::integerOr(std::string_view name, int64_t fallback, int64_t least, int64_t most) {
  return (fields->has(name) ? whole(name, {least, most}) : fields->optionalInteger(name))
      .value_or(fallback);
}

std::string Body::object(std::string_view name) {
  auto object = fields->object(name);
  return object ? std::string(object->value().source()) : "";
}

std::optional<std::string> Body::optionalObject(std::string_view name) {
  auto object = fields->optionalObject(name);
  return object ? std::optional<std::string>(object->value().source()) : std::nullopt;
}

void Body::finish() {
  if (fields->finish())
    return;
  std::string detail;
  for (const json::Diagnostic &fault : faults.all())
    if (fault.severity == json::Severity::Error)
      detail += (detail.empty() ? "" : "; ") + withHint(fault);
  throw Fault(422, detail);
}
