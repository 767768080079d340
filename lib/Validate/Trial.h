//===- Trial.h - One run of the kernel beside the oracle --------*- C++ -*-===//

#ifndef TEZ_LIB_VALIDATE_TRIAL_H
#define TEZ_LIB_VALIDATE_TRIAL_H

#include "tez/Analysis/Shapes.h"
#include "tez/Interpreter/Interpreter.h"
#include "tez/Validate/Inputs.h"
#include "tez/Validate/Validate.h"

namespace tez {

/// How the kernel is called.
struct Trial {
  InputShapes shapes;
  bool training = false;
  bool inDouble = false;
  bool gradients = false;
  bool withoutOptionals = false; ///< optional inputs are left out
  uint64_t seed = 0;
  std::vector<HostTensor> given; ///< inputs in place of random ones
  MemoryLayout layout = MemoryLayout::Contiguous;
};

/// What both sides answered.
struct TrialResult {
  RunResult kernel;
  std::unique_ptr<interp::Evaluation> oracle;
};

/// The reference with its composites expanded and nothing else done to it, but for
/// what no result hangs on: what the interpreter evaluates. Null after an error.
mlir::OwningOpRef<mlir::ModuleOp> makeOracle(esper::KernelOp reference);

/// Such kernels are judged on fewer runs: each costs gigabytes.
bool hasManyParameters(esper::KernelOp kernel);

/// The inputs of the trial, random ones where none are given.
inline std::vector<std::optional<HostTensor>> makeInputs(esper::KernelOp kernel,
                                                         const Trial &trial) {
  if (!trial.given.empty())
    return {trial.given.begin(), trial.given.end()};
  return randomInputs(kernel, trial.shapes, trial.seed, trial.withoutOptionals);
}

/// How `trial` calls the kernel. `oracle`, for the shapes of its outputs, if the trial
/// has gradients.
RunRequest makeRequest(KernelUnderTest &file, const Trial &trial,
                       const interp::Evaluation *oracle = nullptr);

/// A weight as the interpreter takes it, widened once.
interp::Tensor oracleState(KernelUnderTest &file, llvm::StringRef name);

/// smallestShapes of the reference, looked for once: each costs inferring all shapes.
const std::optional<InputShapes> &shapesOf(KernelUnderTest &file, int64_t batch, unsigned skip = 0);

/// What the interpreter says to the trial, its results perturbed by `perturbation`
/// (Environment). Null after an error.
std::unique_ptr<interp::Evaluation> runOracle(KernelUnderTest &file, const Trial &trial,
                                              double perturbation = 0, uint64_t noise = 0);

/// Runs both sides on the same inputs, masks and upstream gradients. Failure
/// after an error at the kernel.
mlir::FailureOr<TrialResult> runTrial(KernelUnderTest &file, const Trial &trial);

/// The same call in fp64, where rounding cannot excuse a difference.
inline Trial inDouble(Trial trial) {
  trial.inDouble = true;
  return trial;
}

/// The trials for a kernel, the cheap ones first. Empty after an error (no
/// shape that the kernel admits was found).
std::vector<Trial> planTrials(KernelUnderTest &file, bool gradients);

/// Up to `most` calls of the plan in fp32, all inputs given, with random upstream
/// gradients if wanted.
std::vector<RunRequest> plannedCalls(KernelUnderTest &file, bool gradients, size_t most);
/// The first of them; nullopt when there is none.
std::optional<RunRequest> firstCall(KernelUnderTest &file, bool gradients);

/// Fails after an error unless `result` is what the oracle says, within the rules.
mlir::LogicalResult judgeOutputs(KernelUnderTest &file, const Trial &trial,
                                 const TrialResult &result, Verdict &verdict);

/// What torch's own operators make of the reference, one by one, loaded: oracle B of
/// the rules, and the measure of errors that no compiler is to blame for. Null where
/// it cannot be made; `file` itself where it is that, byte for byte. Lives as long as `file`.
KernelUnderTest *plainFile(KernelUnderTest &file);
/// Then a comparison of the two tells nothing.
bool isPlainFile(KernelUnderTest &file);

/// The same, but attention by torch's scaled_dot_product_attention; null also where there is none
/// and for kernels that train.
KernelUnderTest *attendingFile(KernelUnderTest &file);

/// Does the kernel of `model` hold numbers of fewer bits than fp32.
bool isNarrow(mlir::ModuleOp model);
/// The check "outputs" for kernels of reduced precision, on `more` calls than it plans.
mlir::LogicalResult checkPrecision(KernelUnderTest &file, Verdict &verdict,
                                   llvm::ArrayRef<Trial> more = {});

/// Finds the first op of the reference whose value differs in the emitted
/// module; null when none does.
mlir::Operation *findDivergence(KernelUnderTest &file, const Trial &trial);

} // namespace tez

#endif // TEZ_LIB_VALIDATE_TRIAL_H
