//===- Compilation.h - One blueprint, compiled ------------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_WORKER_COMPILATION_H
#define TEZ_LIB_SERVICE_WORKER_COMPILATION_H

#include "tez/Service/Worker/Worker.h"

namespace tez::worker {

/// What became of a blueprint.
struct Compilation {
  /// NotValidated: no kernel came through validation, however it was compiled.
  /// Model: instead of a kernel, an ONNX model, that was checked or not ("status" in
  /// the metadata).
  enum class End { Kernel, Model, BadBlueprint, NotValidated, Failed };
  End end = End::Failed;
  std::string reason;              ///< unless it is a kernel
  std::filesystem::path file = {}; ///< the kernel or model,
  Json metadata = {};              ///< and what goes beside it into the store
};

/// A try to compile `job` in `folder`. What it calls throws CompilerDied and GivenUp.
struct Attempt {
  const Job &job;
  const std::filesystem::path folder;
  const WorkerOptions &options;
  Compiler &compiler;
  const std::function<bool()> givenUp;

  std::filesystem::path blueprint() const { return folder / "blueprint.json"; }
  /// Of messages: the diagnostics, without the name of a folder that is gone when they
  /// are read, or how `program` ended.
  std::string said(const char *program, const Compiler::Result &result) const;
};

/// Compiles with validation; where the standard tier does not come through that, once more
/// without optimization; then compileModel.
Compilation compile(const Attempt &attempt);

/// The last step: an ONNX model of the blueprint, which compile() has written. Where the checker
/// says that it computes what the interpreter does its "status" is validated; where it cannot tell
/// (no onnxruntime), testing. Where there is no such model `otherwise`, with the reason of that
/// added. Of the two throws GivenUp alone.
Compilation compileModel(const Attempt &attempt, Compilation otherwise);

/// The id of the row of what has the name `name` in a registry: blueprints of the same text
/// share that, and have a row each.
std::string rowIdOf(const std::string &name, const std::string &blueprintId);

} // namespace tez::worker

#endif // TEZ_LIB_SERVICE_WORKER_COMPILATION_H
