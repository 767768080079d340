//===- Xml.cpp ------------------------------------------------------------===//

#include "Xml.h"
#include <utility>

using namespace tez::worker;

static constexpr std::pair<std::string_view, char> entities[] = {
    {"&amp;", '&'}, {"&lt;", '<'},    {"&gt;", '>'},  {"&quot;", '"'},
    {"&#34;", '"'}, {"&apos;", '\''}, {"&#39;", '\''}};

std::vector<std::string_view> s3::elements(std::string_view text, std::string_view name) {
  std::string open = "<" + std::string(name), close = "</" + std::string(name) + ">";
  std::vector<std::string_view> found;
  for (size_t at = 0; (at = text.find(open, at)) != std::string_view::npos;) {
    at += open.size();
    size_t begin = text.find('>', at);
    if (begin == std::string_view::npos)
      break;
    // <Key is not <KeyCount, and <Key/> holds nothing
    if (std::string_view("> \t\r\n").find(text[at]) == std::string_view::npos ||
        text[begin - 1] == '/')
      continue;
    size_t end = text.find(close, begin);
    if (end == std::string_view::npos)
      break;
    found.push_back(text.substr(begin + 1, end - begin - 1));
    at = end + close.size();
  }
  return found;
}

static char entityAt(std::string_view text, size_t &at) {
  for (auto [name, letter] : entities)
    if (text.substr(at).starts_with(name)) {
      at += name.size();
      return letter;
    }
  return text[at++];
}

std::string s3::textOf(std::string_view text, std::string_view name) {
  auto found = elements(text, name);
  std::string out;
  if (!found.empty())
    for (size_t at = 0; at < found[0].size();)
      out += entityAt(found[0], at);
  return out;
}

std::string s3::escaped(std::string_view text) {
  std::string out;
  for (char letter : text)
    switch (letter) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    default:
      out += letter;
    }
  return out;
}
