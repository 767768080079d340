//===- Answer.h - What a process that ran the suite says --------*- C++ -*-===//

#ifndef TEZ_LIB_VALIDATE_ANSWER_H
#define TEZ_LIB_VALIDATE_ANSWER_H

#include "Suite.h"

namespace tez {

/// The locations that a diagnostic about `file` may have. They travel between processes
/// as indices: both sides have the same modules, so they count the same places.
class Places {
public:
  explicit Places(const KernelUnderTest &file);
  /// What has no place has the kernel's.
  size_t indexOf(mlir::Location location) const { return indices.lookup(location); }
  mlir::Location at(size_t index) const { return index < all.size() ? all[index] : all.front(); }

private:
  void add(mlir::Location location);

  std::vector<mlir::Location> all;
  llvm::DenseMap<mlir::Location, size_t> indices;
};

/// Loads the file, which is not loaded yet, and runs the checks in this process; their
/// verdicts and diagnostics, as bytes.
std::string answerOf(KernelUnderTest &file, llvm::ArrayRef<const Check *> checks,
                     const Places &places, llvm::function_ref<void(size_t)> progress);

/// Did all checks pass.
bool hasPassed(llvm::StringRef answer);

/// Emits the diagnostics of the answer here and appends its verdicts to the file's.
mlir::LogicalResult takeAnswer(KernelUnderTest &file, const Places &places, llvm::StringRef answer);

} // namespace tez

#endif // TEZ_LIB_VALIDATE_ANSWER_H
