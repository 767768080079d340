//===- Compilation.h - One blueprint, compiled ------------------*- C++ -*-===//

#ifndef TEZ_LIB_SERVICE_WORKER_COMPILATION_H
#define TEZ_LIB_SERVICE_WORKER_COMPILATION_H

#include "tez/Service/Worker/Worker.h"

namespace tez::worker {

/// What became of a blueprint.
struct Compilation {
  /// NotValidated: no kernel came through validation, however it was compiled.
  enum class End { Kernel, BadBlueprint, NotValidated, Failed };
  End end = End::Failed;
  std::string reason;         ///< unless it is a kernel
  std::filesystem::path file; ///< the kernel,
  Json metadata;              ///< and what goes beside it into the store
};

/// Compiles `job` in `folder`, with validation; where the standard tier does not
/// come through that, once more without optimization. Throws CompilerDied and
/// GivenUp.
Compilation compile(const Job &job, const std::filesystem::path &folder,
                    const WorkerOptions &options, Compiler &compiler,
                    const std::function<bool()> &givenUp);

} // namespace tez::worker

#endif // TEZ_LIB_SERVICE_WORKER_COMPILATION_H
