//===- Progress.h - How far a long command is -------------------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_PROGRESS_H
#define TEZ_TOOLS_TEZ_PROGRESS_H

#include <cstddef>
#include <string>

namespace tez::tool {

/// A bar on a terminal; a plain line for each item elsewhere. On stderr.
class Progress {
public:
  explicit Progress(size_t total);
  ~Progress();
  /// Clears the bar's line before other output, such as diagnostics.
  void clear();
  void done(const std::string &item, bool success);

private:
  void draw(const std::string &item);
  size_t total, finished = 0, failed = 0;
  bool terminal;
};

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_PROGRESS_H
