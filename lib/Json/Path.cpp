//===- Path.cpp - The names of places -------------------------------------===//

#include "tez/Json/Text.h"
#include "tez/Json/Value.h"

#include <algorithm>
#include <vector>

using namespace tez::json;

static bool isPlain(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

static void appendKeyToPath(std::string &path, std::string_view key) {
  if (!isPlain(key)) {
    path += '[' + quote(abbreviate(key)) + ']';
    return;
  }
  if (!path.empty())
    path += '.';
  path += abbreviate(key);
}

static void appendKeyToPointer(std::string &pointer, std::string_view key) {
  pointer += '/';
  for (char c : key) {
    if (c == '~')
      pointer += "~0";
    else if (c == '/')
      pointer += "~1";
    else
      pointer += c;
  }
}

/// The value and all that hold it, the root left out, outermost first.
static std::vector<Value> wayTo(Value value) {
  std::vector<Value> way;
  while (std::optional<Value> up = value.parent()) {
    way.push_back(value);
    value = *up;
  }
  std::reverse(way.begin(), way.end());
  return way;
}

std::string Value::path() const {
  std::string path;
  for (const Value &step : wayTo(*this)) {
    if (std::optional<size_t> index = step.index())
      path += '[' + std::to_string(*index) + ']';
    else
      appendKeyToPath(path, *step.key());
  }
  return path;
}

std::string Value::pointer() const {
  std::string pointer;
  for (const Value &step : wayTo(*this)) {
    if (std::optional<size_t> index = step.index())
      pointer += '/' + std::to_string(*index);
    else
      appendKeyToPointer(pointer, *step.key());
  }
  return pointer;
}

void tez::json::appendField(std::string &path, std::string &pointer, std::string_view key) {
  appendKeyToPath(path, key);
  appendKeyToPointer(pointer, key);
}
