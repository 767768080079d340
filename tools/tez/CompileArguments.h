//===- CompileArguments.h - Options of compile and bisect -------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_COMPILEARGUMENTS_H
#define TEZ_TOOLS_TEZ_COMPILEARGUMENTS_H

#include "Subcommands.h"

namespace tez::tool {

/// What shapes the kernel, on the command line of every command that compiles.
struct CompileArguments {
  std::string purpose = "train", precision = "fp32";
  std::vector<std::string> samples, cpus;
  bool noValidate = false;
  bool hasInt8Member = false; ///< of a portfolio: --calibrate is for that
  CompileOptions options;
  DiagnosticStyle style;

  void addTo(CLI::App &command);
  /// Fills in `options`; says what is wrong otherwise.
  Outcome finish();

private:
  void addLimits(CLI::App &command);
  Outcome finishPrecision();
  Outcome finishProcessors();
};

/// --checks, --bench-budget and limits, of every command that validates.
void addSuiteOptions(CLI::App &command, CompileOptions &options);

/// Reads the inputs of calls that int8 is calibrated with (.npy); says what is wrong
/// otherwise.
Outcome readSamples(const std::vector<std::string> &paths, std::vector<Sample> &samples);

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_COMPILEARGUMENTS_H
