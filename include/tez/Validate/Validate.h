//===- Validate.h - Does the emitted file compute the kernel? ---*- C++ -*-===//

#ifndef TEZ_VALIDATE_VALIDATE_H
#define TEZ_VALIDATE_VALIDATE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "tez/Dialect/Esper/ConcreteShapes.h"
#include "tez/Dialect/Esper/Esper.h"
#include "tez/Dialect/TorchScript/TorchScript.h"
#include "tez/Interpreter/Tensor.h"
#include "tez/Support/ChildProcess.h"
#include "tez/Torch/Runtime.h"
#include "tez/Weights/WeightStore.h"
#include <map>
#include <optional>

namespace tez {

/// Undecided: not enough was seen to say either; never a guess.
enum class Answer { Pass, Fail, Undecided };
llvm::StringRef name(Answer answer);

/// Kernel and reference called in turns; milliseconds a call, pair by pair.
struct PairedTimes {
  std::vector<double> kernel, reference;
  double ratio = 0;         ///< median of kernel / reference
  double low = 0, high = 0; ///< its 95 % interval
};

/// What one validation found, for reports. Errors are absolute.
struct Verdict {
  std::string check; ///< "outputs", "gradients", ...
  Answer answer = Answer::Pass;
  double worstError = 0;  ///< largest |kernel - oracle| of the fp32 runs
  double worstRatio = 0;  ///< largest error / bound; at most 1 when passed
  double worstDouble = 0; ///< largest |kernel - oracle| of the fp64 runs
  /// Kernels of reduced precision: rms(kernel - oracle) / rms(oracle), the largest
  /// of all runs and outputs.
  double drop = 0;
  unsigned runs = 0;
  std::vector<std::string> notes;
  /// What the check measured, by name: norms of gradients, bytes.
  std::vector<std::pair<std::string, double>> figures;
  std::optional<PairedTimes> race; ///< of "performance", whose answer depends on the clock

  bool passed() const { return answer == Answer::Pass; }
  void require(bool holds) { answer = holds ? answer : Answer::Fail; }
};

/// Of the process that runs the suite; `memory` is beyond what its parent has.
inline constexpr ChildLimits suiteLimits = {
    .cpuSeconds = 600, .wallSeconds = 1800, .memory = uint64_t(16) << 30};

struct PlainFile;
namespace native {
struct MachineCode;
} // namespace native

/// An emitted file on trial. Not for use by several threads at once.
struct KernelUnderTest {
  ts::ModuleOp lowered;                     ///< what is run
  mlir::OwningOpRef<mlir::ModuleOp> oracle; ///< the reference, composites decomposed
  WeightStore weights;                      ///< as emitted
  std::string bytes;                        ///< the file
  std::unique_ptr<LoadedKernel> loaded;     ///< after load(): the file, or its twin's
  /// For a kernel that calls operators only a GPU has: what holds `lowered`, the same
  /// kernel in operators of the CPU. Else null, and `lowered` is what was emitted.
  mlir::OwningOpRef<mlir::ModuleOp> twin;
  std::vector<std::string> notes;         ///< for the verdicts on outputs
  std::string subject = "emitted kernel"; ///< what errors call it
  /// `loaded` is machine code in the graph's place: runs in fp64 are the graph's and tell
  /// nothing of it.
  bool onlyFp32 = false;
  /// The kernel once more, for processors; null: none.
  std::shared_ptr<const std::vector<native::MachineCode>> machineCode;
  /// For the runs in fp64 where weights were computed at compile time: the same
  /// module, those weights not rounded. Else null, and `loaded` serves.
  std::unique_ptr<LoadedKernel> exact;
  WeightStore exactWeights;
  /// For a kernel of reduced precision: what became `lowered`, with its derived
  /// state. Evaluated with rounding it is the model of the kernel's errors, and
  /// without it the reference in other words. Else null.
  mlir::OwningOpRef<mlir::ModuleOp> model;
  /// Calls to judge the errors of `model` on; empty: random ones. And the drop from
  /// which on there is a warning.
  std::vector<std::vector<HostTensor>> samples;
  double dropLimit = 0.1;
  TorchRuntime *runtime = nullptr;
  uint64_t seed = 0;
  double benchBudget = 30; ///< milliseconds for measuring speed; 0: none
  ChildLimits limits = suiteLimits;
  /// In a child of its own at once: for kernels that are likely to fail, which others have
  /// to be judged in twice.
  bool alone = false;
  bool foreign = false; ///< `bytes` are not what `lowered` was emitted as
  std::vector<Verdict> verdicts;
  std::shared_ptr<PlainFile> plain; ///< made when first asked for
  /// `weights` as the interpreter takes them, those that it has asked for.
  std::map<std::string, interp::Tensor> oracleState;
  /// smallestShapes of the reference by batch and skip, those that were asked for.
  std::map<std::pair<int64_t, unsigned>, std::optional<InputShapes>> shapes;

  esper::KernelOp reference() const;
  /// Loads the file into this process; to be called once, before it is run.
  llvm::Error load();
  /// Do runs in fp64 tell what the kernel computes? Not of a foreign file with folded
  /// weights: nobody has them but rounded.
  bool runsInDouble() const;
  /// The kernel for runs in fp64 or not.
  std::unique_ptr<LoadedKernel> &kernel(bool inDouble) {
    return inDouble && exact ? exact : loaded;
  }
};

/// Emits `lowered` and prepares the oracle from `reference` (which is copied); loads
/// nothing. `model` for kernels of reduced precision. Null after an error at the
/// module.
std::shared_ptr<KernelUnderTest> emitForValidation(ts::ModuleOp lowered, esper::KernelOp reference,
                                                   WeightStore weights, uint64_t seed,
                                                   mlir::OwningOpRef<mlir::ModuleOp> model = {});

/// The checks of the suite, in their order.
std::vector<llvm::StringRef> validationChecks();
/// Does its answer depend on the clock, so that it is no evidence of what is in a file.
bool dependsOnClock(llvm::StringRef check);
/// "" or what is wrong with `name` as that of a check.
std::string refuseUnknownCheck(llvm::StringRef name);

/// Loads the file and runs the checks named (none: all), in a child process, up to the
/// first that fails. Where nothing speaks against it the child is one that has judged kernels
/// before; what it does not pass is judged once more in a child of its own. Appends to
/// `file.verdicts`. Errors are emitted at the op where the difference begins, else at the kernel;
/// also where the child does not come to its end.
mlir::LogicalResult validate(KernelUnderTest &file, llvm::ArrayRef<std::string> checks = {});

} // namespace tez

#endif // TEZ_VALIDATE_VALIDATE_H
