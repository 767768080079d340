//===- Terminal.cpp - What a terminal is given ----------------------------===//

#include "Terminal.h"
#include <cstdlib>
#include <string_view>
#include <unistd.h>

using namespace tez;

/// C0 and DEL, and C1 as UTF-8 has it (C2 80 to C2 9F).
std::string tool::printable(const std::string &text) {
  std::string made;
  for (size_t i = 0; i < text.size(); ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    made += byte < 0x20 || byte == 0x7F || c1 ? '?' : text[i];
    i += c1;
  }
  return made;
}

static bool isSet(const char *variable) {
  const char *value = std::getenv(variable);
  return value && *value;
}

static bool isDumb() {
  const char *terminal = std::getenv("TERM");
  return !terminal || std::string_view(terminal) == "dumb";
}

tool::Emphasis::Emphasis() : on(isatty(STDOUT_FILENO) && !isSet("NO_COLOR") && !isDumb()) {}

std::string tool::Emphasis::wrapped(const char *code, const std::string &text) const {
  return on ? std::string("\x1b[") + code + "m" + text + "\x1b[0m" : text;
}
