//===- Suite.h - The checks of the validation suite -------------*- C++ -*-===//
//
// A check is one file of this folder and one row in Suite.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_LIB_VALIDATE_SUITE_H
#define TEZ_LIB_VALIDATE_SUITE_H

#include "tez/Validate/Validate.h"

namespace tez {

/// Fills `verdict` and fails after an error at an op where the kernel is wrong. The
/// file is loaded, in a process that may crash.
using RunCheck = mlir::LogicalResult(KernelUnderTest &file, Verdict &verdict);

struct Check {
  llvm::StringRef name;
  RunCheck *run;
  bool (*applies)(const KernelUnderTest &file);
  /// It takes as long as all others, for a small kernel, and goes beside them.
  bool beside = false;
};

llvm::ArrayRef<Check> allChecks();

RunCheck checkOutputs, checkGradients, checkSpecialInputs, checkDirections, checkModes, checkGraft,
    checkPurity, checkMemory, checkDeterminism, checkRefusals, checkNativeBounds, checkNative,
    checkNativePerformance, checkPerformance;

/// Outputs, buffers and gradients by what errors call them; nullopt: no gradient.
std::vector<std::pair<std::string, std::optional<HostTensor>>>
namedResults(const RunResult &result);

/// "" or the first result of which the bits differ.
std::string firstDifference(const RunResult &a, const RunResult &b);

/// One call more of `kernel`, the file's own or a copy. Failure after an error.
mlir::FailureOr<RunResult> runAgain(KernelUnderTest &file, LoadedKernel &kernel,
                                    const RunRequest &request);

/// Failure after an error that says `where` unless the bits are the same.
mlir::LogicalResult requireSame(KernelUnderTest &file, const RunResult &a, const RunResult &b,
                                const llvm::Twine &where);

/// `kernel`, what `file` is on trial with, against `reference` with one call, for the file's
/// budget; fills answer, runs and race. Failure after an error where it is too slow.
mlir::LogicalResult raceKernels(KernelUnderTest &file, LoadedKernel &kernel,
                                LoadedKernel &reference, const RunRequest &request,
                                Verdict &verdict);

/// The rows named, here and now: what validate() does in its child. `progress` is told
/// which row is run.
mlir::LogicalResult runChecks(KernelUnderTest &file, llvm::ArrayRef<const Check *> checks,
                              llvm::function_ref<void(size_t)> progress);

} // namespace tez

#endif // TEZ_LIB_VALIDATE_SUITE_H
