//===- Commands.h - What tez-registry does ----------------------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_REGISTRY_COMMANDS_H
#define TEZ_TOOLS_TEZ_REGISTRY_COMMANDS_H

#include <CLI/CLI.hpp>

namespace tez::tool {

// The exit codes of tez (README.md); here the service is the whole environment.
inline constexpr int usageError = 2, environmentError = 4;

/// Each adds a command to `app`; it throws what goes wrong.
void addServe(CLI::App &app);
void addToken(CLI::App &app);

/// `--db`.
void addDatabaseOption(CLI::App &command, std::string &place);

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_REGISTRY_COMMANDS_H
