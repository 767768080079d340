//===- Rebuild.h - A kernel file made once more -----------------*- C++ -*-===//

#ifndef TEZ_PIPELINE_REBUILD_H
#define TEZ_PIPELINE_REBUILD_H

#include "tez/Pipeline/Compiler.h"

namespace tez {

/// What a sealed kernel file says of how it was made.
struct Recipe {
  CompileOptions options;
  std::string blueprint; ///< its text
  bool isMlir = false;   ///< else JSON
  bool ownWeights = false, calibrated = false;
  size_t plugins = 0; ///< how many were loaded
};

/// Reads metadata.json, evidence.json and blueprint. Weights of its own, samples
/// and plugins are not in a file: whoever compiles adds them to the options. The
/// error names the record and the key.
llvm::Expected<Recipe> readRecipe(llvm::StringRef kernel);

/// Refuses `given` (weights, samples, plugins, limits) unless it is exactly what the
/// recipe needs; the recipe's options then have it.
llvm::Error complete(Recipe &recipe, const CompileOptions &given);

/// Is `rebuilt` the file `kernel`. The error says what differs first: a part of what
/// it is made from, a record, or bytes between the records. With `withoutEvidence`
/// neither verdicts nor what tells that there are any counts.
llvm::Error compareRebuilt(llvm::StringRef kernel, llvm::StringRef rebuilt, bool withoutEvidence);

/// compile() with the state dict that options.weights would name, read already.
CompileResult compile(const json::Source &source, const CompileOptions &options, WeightStore given,
                      json::DiagnosticSink &sink);

} // namespace tez

#endif // TEZ_PIPELINE_REBUILD_H
