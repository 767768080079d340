//===- Commands.h - A command line of tez, run ------------------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_COMMANDS_H
#define TEZ_TOOLS_TEZ_COMMANDS_H

#include <string>
#include <vector>

namespace tez::tool {

/// Runs `tez WORDS...` in this process, output and messages on its streams, and returns the
/// exit code. Not for several threads.
int runCommand(const std::vector<std::string> &words);

/// Runs one command a line of standard input, as `tez jobs` says in its help, until it ends.
int runJobs();

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_COMMANDS_H
