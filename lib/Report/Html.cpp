//===- Html.cpp - Markup that cannot be broken out of ---------------------===//

#include "Html.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace tez::report;

static constexpr std::string_view kReplacement = "\xEF\xBF\xBD"; // U+FFFD

/// U+202A to U+202E and U+2066 to U+2069 let a text look like another one.
static bool turnsDirection(llvm::StringRef rest) {
  if (!rest.starts_with("\xE2\x80") && !rest.starts_with("\xE2\x81"))
    return false;
  auto last = rest.size() > 2 ? static_cast<unsigned char>(rest[2]) : 0;
  return rest[1] == '\x80' ? last >= 0xAA && last <= 0xAE : last >= 0xA6 && last <= 0xA9;
}

static std::string_view entityOf(char c) {
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  default:
    return {};
  }
}

std::string tez::report::escape(std::string_view text) {
  std::string valid = llvm::json::fixUTF8(llvm::StringRef(text));
  std::string made;
  for (size_t i = 0; i < valid.size(); ++i) {
    auto byte = static_cast<unsigned char>(valid[i]);
    std::string_view entity = entityOf(valid[i]);
    if (!entity.empty())
      made += entity;
    else if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F)
      made += kReplacement;
    else if (turnsDirection(llvm::StringRef(valid).drop_front(i))) {
      made += kReplacement;
      i += 2;
    } else
      made += valid[i];
  }
  return made;
}

void Html::begin(std::string_view tag, Attributes attributes) {
  out += '<';
  out += tag;
  for (const auto &[name, value] : attributes) {
    out += ' ';
    out += name;
    out += "=\"" + escape(value) + "\"";
  }
}

Html &Html::open(std::string_view tag, Attributes attributes) {
  begin(tag, attributes);
  out += '>';
  stack.emplace_back(tag);
  return *this;
}

/// A line break behind them would be a space in the text.
static bool isInline(std::string_view tag) { return tag == "b" || tag == "code" || tag == "span"; }

Html &Html::close() {
  out += "</" + stack.back() + ">";
  if (!isInline(stack.back()))
    out += '\n';
  stack.pop_back();
  return *this;
}

Html &Html::text(std::string_view text) {
  out += escape(text);
  return *this;
}

Html &Html::element(std::string_view tag, Attributes attributes, std::string_view content) {
  return open(tag, attributes).text(content).close();
}

Html &Html::empty(std::string_view tag, Attributes attributes) {
  begin(tag, attributes);
  out += "/>\n";
  return *this;
}

Html &Html::trusted(std::string_view markup) {
  out += markup;
  return *this;
}

std::string tez::report::coordinate(double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.2f", std::isfinite(value) ? value : 0.0);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.')
    text.pop_back();
  return text == "-0" ? "0" : text;
}
