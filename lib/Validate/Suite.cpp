//===- Suite.cpp - The checks of the validation suite ---------------------===//

#include "Suite.h"
#include "Twin.h"
#include "llvm/ADT/StringExtras.h"
#include <cstring>

using namespace mlir;
using namespace tez;

static bool always(const KernelUnderTest &) { return true; }
static bool trains(const KernelUnderTest &file) {
  return ts::ModuleOp(file.lowered).getTrainable();
}
/// Kernels of fewer bits are judged by "outputs": no bound holds for all their values.
static bool isExact(const KernelUnderTest &file) { return !file.model; }
/// The speed of what stands in for a GPU's operators tells nothing, nor does that of fewer
/// bits here: it is another processor that they are for.
static bool isMeasured(const KernelUnderTest &file) {
  return file.benchBudget > 0 && !file.model && !callsOnlyGpu(file.lowered);
}

static bool hasMachineCode(const KernelUnderTest &file) { return bool(file.machineCode); }
static bool hasMeasuredCode(const KernelUnderTest &file) {
  return hasMachineCode(file) && isMeasured(file);
}

/// The cheap ones that find most first.
static constexpr Check rows[] = {
    {"outputs", checkOutputs, always},
    {"gradients", checkGradients, trains},
    {"modes", checkModes, always},
    {"purity", checkPurity, always},
    {"determinism", checkDeterminism, always},
    {"refusals", checkRefusals, always},
    {"special-inputs", checkSpecialInputs, isExact},
    {"directions", checkDirections, trains},
    {"graft", checkGraft, trains, /*beside=*/true},
    {"memory", checkMemory, always},
    {"native-bounds", checkNativeBounds, hasMachineCode},
    {"native", checkNative, hasMachineCode},
    {"native-performance", checkNativePerformance, hasMeasuredCode},
    {"performance", checkPerformance, isMeasured},
};

ArrayRef<Check> tez::allChecks() { return rows; }

std::vector<StringRef> tez::validationChecks() {
  std::vector<StringRef> names;
  for (const Check &check : rows)
    names.push_back(check.name);
  return names;
}

bool tez::dependsOnClock(StringRef check) {
  return check == "performance" || check == "native-performance";
}

std::string tez::refuseUnknownCheck(StringRef name) {
  if (llvm::is_contained(validationChecks(), name))
    return "";
  return ("there is no check '" + name + "', expected some of ").str() +
         llvm::join(validationChecks(), ", ");
}

LogicalResult tez::runChecks(KernelUnderTest &file, ArrayRef<const Check *> checks,
                             llvm::function_ref<void(size_t)> progress) {
  for (auto [i, check] : llvm::enumerate(checks)) {
    progress(i);
    Verdict verdict;
    verdict.check = check->name;
    verdict.require(succeeded(check->run(file, verdict)));
    file.verdicts.push_back(verdict);
    if (verdict.answer == Answer::Fail)
      return failure();
  }
  return success();
}

std::vector<std::pair<std::string, std::optional<HostTensor>>>
tez::namedResults(const RunResult &result) {
  std::vector<std::pair<std::string, std::optional<HostTensor>>> all;
  for (auto [i, output] : llvm::enumerate(result.outputs))
    all.emplace_back("output " + std::to_string(i), output);
  for (const auto &[name, buffer] : result.buffers)
    all.emplace_back("buffer '" + name + "'", buffer);
  for (const auto &[name, gradient] : result.parameterGradients)
    all.emplace_back("the gradient of '" + name + "'", gradient);
  for (auto [i, gradient] : llvm::enumerate(result.inputGradients))
    all.emplace_back("the gradient of input " + std::to_string(i), gradient);
  return all;
}

static bool sameBits(const HostTensor &a, const HostTensor &b) {
  return a.shape() == b.shape() && a.dtype() == b.dtype() &&
         (a.numBytes() == 0 || std::memcmp(a.data(), b.data(), a.numBytes()) == 0);
}

static bool sameBits(const std::optional<HostTensor> &a, const std::optional<HostTensor> &b) {
  return a.has_value() == b.has_value() && (!a || sameBits(*a, *b));
}

std::string tez::firstDifference(const RunResult &a, const RunResult &b) {
  for (const auto &[one, other] : llvm::zip(namedResults(a), namedResults(b)))
    if (!sameBits(one.second, other.second))
      return one.first;
  return "";
}

FailureOr<RunResult> tez::runAgain(KernelUnderTest &file, LoadedKernel &kernel,
                                   const RunRequest &request) {
  llvm::Expected<RunResult> result = kernel.run(request);
  if (result)
    return std::move(*result);
  return file.lowered.emitError() << "the emitted kernel does not run again: "
                                  << llvm::toString(result.takeError());
}

LogicalResult tez::requireSame(KernelUnderTest &file, const RunResult &a, const RunResult &b,
                               const llvm::Twine &where) {
  std::string different = firstDifference(a, b);
  if (different.empty())
    return success();
  return file.lowered.emitError() << where << ": " << different << " is not the same";
}
