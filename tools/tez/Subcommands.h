//===- Subcommands.h - The commands of tez ----------------------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_SUBCOMMANDS_H
#define TEZ_TOOLS_TEZ_SUBCOMMANDS_H

#include "tez/Pipeline/Compiler.h"
#include <CLI/CLI.hpp>

namespace tez::tool {

/// Each adds its subcommand to `app`; when that one was given, the callback
/// stores the exit code in `outcome`.
void addCompile(CLI::App &app, Outcome &outcome);
void addChoose(CLI::App &app, Outcome &outcome);
void addBisect(CLI::App &app, Outcome &outcome);
void addCheck(CLI::App &app, Outcome &outcome);
void addInspect(CLI::App &app, Outcome &outcome);
void addJobs(CLI::App &app, Outcome &outcome);
void addRun(CLI::App &app, Outcome &outcome);
void addServe(CLI::App &app, Outcome &outcome); ///< serve, token, worker, submit, status, retry
void addSign(CLI::App &app, Outcome &outcome);  ///< keygen, sign, verify
void addStats(CLI::App &app, Outcome &outcome);
void addValidate(CLI::App &app, Outcome &outcome);
void addRepack(CLI::App &app, Outcome &outcome);

/// "error: <message>" on stderr.
void printError(const std::string &message);

/// How diagnostics are shown; `--diagnostics`.
struct DiagnosticStyle {
  bool json = false;
  void addTo(CLI::App &command);
  /// Prints findings on stderr, those of the source with line and caret.
  void print(const json::Source &source, const std::vector<json::Diagnostic> &findings) const;
};

/// Digits only, at most `most`: CLI11 alone wraps or clamps what does not fit.
CLI::Validator wholeNumber(uint64_t most = INT64_MAX);

/// Writes each content to its path, in this order, once all of them are on disk
/// beside their places. Says what is wrong otherwise.
Outcome writeTogether(const std::vector<std::pair<std::string, llvm::StringRef>> &contents);

/// The same file, or the same path where there is none yet. "" is none.
bool sameFile(const std::string &a, const std::string &b);

/// Reads a regular file whole; an error message in `error` otherwise.
std::optional<std::string> readFile(const std::string &path, std::string &error);

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_SUBCOMMANDS_H
