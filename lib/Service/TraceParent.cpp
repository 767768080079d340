//===- TraceParent.cpp ----------------------------------------------------===//

#include "tez/Service/TraceParent.h"
#include "tez/Service/Digest.h"
#include <algorithm>

using namespace tez;
using namespace tez::service;

static bool isHex(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

static bool isId(std::string_view text) {
  return isHex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

// version-trace-span-flags: 2, 32, 16 and 2 digits.
std::optional<TraceParent> service::parseTraceParent(std::string_view text) {
  constexpr size_t size = 55;
  if (text.size() < size || text[2] != '-' || text[35] != '-' || text[52] != '-')
    return std::nullopt;
  std::string_view version = text.substr(0, 2), trace = text.substr(3, 32),
                   span = text.substr(36, 16);
  bool fits = text.size() == size || (version != "00" && text[size] == '-');
  if (!fits || !isHex(version) || version == "ff" || !isId(trace) || !isId(span) ||
      !isHex(text.substr(53, 2)))
    return std::nullopt;
  return TraceParent{std::string(trace), std::string(span)};
}

std::string service::traceIdOf(const std::string &blueprintId) {
  return sha256Hex("tez blueprint " + blueprintId).substr(0, 32);
}

std::string service::newSpan() { return sha256Hex(randomSecret()).substr(0, 16); }
