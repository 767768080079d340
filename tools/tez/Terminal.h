//===- Terminal.h - What a terminal is given --------------------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_TERMINAL_H
#define TEZ_TOOLS_TEZ_TERMINAL_H

#include <string>

namespace tez::tool {

/// `text` of an untrusted file, without what would move a terminal's cursor or change
/// its state: control characters become '?'.
std::string printable(const std::string &text);

/// Emphasis on the standard output; none where it is no terminal or $NO_COLOR is set
/// (no-color.org).
class Emphasis {
public:
  Emphasis();
  std::string heading(const std::string &text) const { return wrapped("1", text); }
  std::string good(const std::string &text) const { return wrapped("32", text); }
  std::string bad(const std::string &text) const { return wrapped("1;31", text); }

private:
  std::string wrapped(const char *code, const std::string &text) const;
  bool on;
};

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_TERMINAL_H
