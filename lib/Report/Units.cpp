//===- Units.cpp - Texts and numbers as the page shows them ---------------===//

#include "Units.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace tez::report;

static bool beginsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

size_t tez::report::lengthOf(const std::string &text) {
  size_t length = 0;
  for (char c : text)
    length += beginsCharacter(c);
  return length;
}

/// The byte where character `count` begins.
static size_t byteOf(const std::string &text, size_t count) {
  size_t at = 0;
  for (; at < text.size(); ++at)
    if (beginsCharacter(text[at]) && count-- == 0)
      break;
  return at;
}

std::string tez::report::shortened(const std::string &text, size_t most) {
  size_t length = lengthOf(text);
  if (length <= most)
    return text;
  size_t head = (most - 1) / 2, tail = most - 1 - head;
  return text.substr(0, byteOf(text, head)) + "\xE2\x80\xA6" +
         text.substr(byteOf(text, length - tail));
}

static std::string formatted(const char *format, double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format(format, value);
  return text;
}

/// "2.96e-07" has a zero that nobody reads.
static std::string withShortExponent(std::string text) {
  size_t at = text.find('e');
  if (at != std::string::npos && text.size() == at + 4 && text[at + 2] == '0')
    text.erase(at + 2, 1);
  return text;
}

std::string tez::report::numberText(double value) {
  if (std::isnan(value))
    return "not a number";
  if (std::isinf(value))
    return value > 0 ? "infinite" : "-infinite";
  double size = std::fabs(value);
  if (value == std::trunc(value) && size < 1e6)
    return formatted("%.0f", value);
  return withShortExponent(formatted(size < 1e-3 || size >= 1e6 ? "%.2e" : "%.3g", value));
}

std::string tez::report::percentText(double fraction) {
  if (!std::isfinite(fraction))
    return numberText(fraction);
  if (fraction == 0)
    return "0 %";
  return fraction < 0.001 ? "< 0.1 %"
                          : formatted(fraction < 0.1 ? "%.1f %%" : "%.0f %%", fraction * 100);
}

std::string tez::report::timeText(double milliseconds) {
  if (!std::isfinite(milliseconds))
    return numberText(milliseconds);
  if (milliseconds < 0.1)
    return formatted("%.3g \xC2\xB5s", milliseconds * 1000);
  return milliseconds < 1000 ? formatted("%.3g ms", milliseconds)
                             : formatted("%.2f s", milliseconds / 1000);
}
