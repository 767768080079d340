//===- Rebuild.h - tez verify --rebuild -------------------------*- C++ -*-===//

#ifndef TEZ_TOOLS_TEZ_REBUILD_H
#define TEZ_TOOLS_TEZ_REBUILD_H

#include "Subcommands.h"

namespace tez {
struct Recipe;
}

namespace tez::tool {

/// What a kernel file does not hold and was made with; on the command lines of
/// verify --rebuild and repack.
struct MissingArguments {
  std::vector<std::string> samples;
  CompileOptions given; ///< weights, samples, plugins, limits
  DiagnosticStyle style;

  /// With `needed`, they are refused without it.
  void addTo(CLI::App &command, CLI::Option *needed = nullptr);
  /// Reads the recipe of the file of this path and content and adds what is given;
  /// says what is wrong otherwise. `weightsInFile`: where the file has them.
  Outcome finish(const std::string &path, llvm::StringRef bytes, Recipe &recipe,
                 bool weightsInFile = false);
};

/// Compiles the blueprint in the file once more and compares the bytes.
Outcome rebuild(const std::string &path, llvm::StringRef bytes, MissingArguments &missing,
                bool noValidate);

} // namespace tez::tool

#endif // TEZ_TOOLS_TEZ_REBUILD_H
