//===- Query.cpp ----------------------------------------------------------===//

#include "../JsonText.h"
#include "Door.h"
#include "tez/Json/Text.h"
#include <algorithm>
#include <charconv>

using namespace tez;
using namespace tez::service;

static int hexDigit(char letter) {
  constexpr std::string_view digits = "0123456789abcdef";
  size_t at = digits.find(letter >= 'A' && letter <= 'F' ? char(letter + 32) : letter);
  return at == std::string_view::npos ? -1 : int(at);
}

std::string service::percentDecoded(std::string_view text, bool plusIsBlank) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += plusIsBlank && text[i] == '+' ? ' ' : text[i];
      continue;
    }
    int high = i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
    int low = i + 2 < text.size() ? hexDigit(text[i + 2]) : -1;
    if (high < 0 || low < 0)
      throw Fault(400, "expected two hexadecimal digits behind % in the address, found " +
                           quoted(text.substr(i, 3)));
    out += char(high * 16 + low);
    i += 2;
  }
  return out;
}

Query::Query(std::string_view text) {
  while (!text.empty()) {
    std::string_view part = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    if (part.empty())
      continue;
    size_t equals = std::min(part.find('='), part.size());
    std::string name = percentDecoded(part.substr(0, equals), true);
    for (const auto &other : parameters)
      if (other.first == name)
        throw Fault(422, name + ": is given twice");
    std::string_view value = equals < part.size() ? part.substr(equals + 1) : std::string_view();
    parameters.emplace_back(name, percentDecoded(value, true));
  }
}

std::optional<std::string> Query::take(std::string_view name) {
  asked.emplace_back(name);
  for (const auto &[key, value] : parameters)
    if (key == name)
      return value;
  return std::nullopt;
}

std::optional<std::string> Query::oneOf(std::string_view name,
                                        std::span<const std::string_view> words) {
  std::optional<std::string> value = take(name);
  if (value && std::ranges::find(words, *value) == words.end())
    throw Fault(422, std::string(name) + ": expected one of " + json::quotedList(words) +
                         ", found " + quoted(*value));
  return value;
}

std::optional<int64_t> Query::integer(std::string_view name, int64_t least, int64_t most) {
  std::optional<std::string> text = take(name);
  if (!text)
    return std::nullopt;
  int64_t value = 0;
  auto [end, fault] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (text->empty() || fault != std::errc() || end != text->data() + text->size() ||
      value < least || value > most)
    throw Fault(422, std::string(name) + ": expected an integer from " + std::to_string(least) +
                         " to " + std::to_string(most) + ", found " + quoted(*text));
  return value;
}

void Query::finish() const {
  std::vector<std::string_view> known(asked.begin(), asked.end());
  for (const auto &parameter : parameters) {
    if (std::ranges::find(asked, parameter.first) != asked.end())
      continue;
    std::string hint = json::didYouMean(parameter.first, known);
    throw Fault(422, quoted(parameter.first) + ": is no parameter of this call" +
                         (hint.empty() ? "" : "; " + hint));
  }
}
