//===- NumberLexer.cpp - Numbers ------------------------------------------===//

#include "Lexer.h"
#include "tez/Json/Text.h"

#include <charconv>

using namespace tez::json;

namespace {
/// Walks over a number by the grammar of RFC 8259, section 6. `reason` says
/// where it leaves the grammar.
struct NumberGrammar {
  std::string_view token;
  size_t pos = 0;
  bool plain = true; ///< neither fraction nor exponent
  const char *reason = nullptr;

  bool at(char c) const { return pos < token.size() && token[pos] == c; }

  bool accept(char c) {
    bool hit = at(c);
    pos += hit;
    return hit;
  }

  bool digits(const char *missing) {
    size_t begin = pos;
    while (pos < token.size() && token[pos] >= '0' && token[pos] <= '9')
      ++pos;
    if (pos == begin)
      reason = missing;
    return pos != begin;
  }

  bool whole() {
    size_t begin = pos;
    if (!digits("a number begins with a digit or a minus sign and a digit"))
      return false;
    if (token[begin] == '0' && pos > begin + 1)
      reason = "a number has no leading zeros";
    return !reason;
  }

  bool fraction() {
    if (!accept('.'))
      return true;
    plain = false;
    return digits("a decimal point is followed by a digit");
  }

  bool exponent() {
    if (!accept('e') && !accept('E'))
      return true;
    plain = false;
    if (!accept('+'))
      accept('-');
    return digits("an exponent has a digit");
  }

  bool number() {
    accept('-');
    if (!whole() || !fraction() || !exponent())
      return false;
    if (pos != token.size())
      reason = "this is not a number";
    return !reason;
  }
};
} // namespace

/// Whether a number that from_chars puts out of range is too large; the other
/// numbers out of range are too small to tell from zero, which is harmless.
static bool isHuge(std::string_view token) {
  size_t first = token.find_first_of("123456789");
  size_t mark = std::min(token.find_first_of("eE"), token.size());
  size_t point = std::min(token.find('.'), mark);
  if (first >= mark)
    return false;
  auto magnitude = static_cast<int64_t>(point) - static_cast<int64_t>(first);
  std::string_view digits = token.substr(std::min(mark + 1, token.size()));
  bool negative = digits.starts_with('-');
  digits.remove_prefix(negative || digits.starts_with('+'));
  int64_t exponent = 0;
  for (char digit : digits)
    exponent = std::min<int64_t>(exponent * 10 + (digit - '0'), int64_t(1) << 40);
  return magnitude + (negative ? -exponent : exponent) > 0;
}

static bool overflowsDouble(std::string_view token, bool plain) {
  // Short numbers without an exponent are the rule and need no conversion.
  if (plain && token.size() < 300)
    return false;
  double value;
  auto [end, code] = std::from_chars(token.data(), token.data() + token.size(), value);
  return code == std::errc::result_out_of_range && isHuge(token);
}

std::optional<Fault> tez::json::scanNumber(std::string_view text, size_t &pos) {
  std::string_view token = text.substr(pos, wordLength(text, pos));
  NumberGrammar grammar{token};
  auto fault = [&](std::string reason, std::string expected) {
    return Fault{pos, token.size(),
                 "expected " + expected + ", found " + abbreviate(token, 40) + " (" + reason + ")"};
  };
  if (token.substr(0, 4) == "-Inf" || token.substr(0, 4) == "-inf" || token.substr(0, 4) == "-NaN")
    return fault("JSON numbers are finite", "a number");
  if (!grammar.number())
    return fault(grammar.reason, "a number");
  if (overflowsDouble(token, grammar.plain))
    return fault("out of range", "a number that a double can hold");
  pos += token.size();
  return std::nullopt;
}
