//===- NativeCode.cpp - The machine code of a compilation -----------------===//

#include "Compilation.h"
#include "tez/Native/Runner.h"
#include "tez/Native/Tune.h"
#include "tez/Validate/DerivedWeights.h"

using namespace mlir;
using namespace tez;

/// What `--cpu=` names, or an error for the first that there is not.
static llvm::Expected<std::vector<native::Target>> findTargets(const CompileOptions &options,
                                                               const ScheduleRecord &schedules) {
  std::vector<native::Target> targets;
  for (const std::string &cpu : options.cpus) {
    llvm::Expected<native::Target> target =
        native::findTarget(cpu, options.precision != Precision::Fp32);
    if (!target)
      return target.takeError();
    if (auto found = schedules.find(cpu); found != schedules.end())
      for (const auto &[product, schedule] : found->second)
        target->schedules.push_back(product + ":" + schedule);
    targets.push_back(std::move(*target));
  }
  // A loader takes the first that its processor has.
  llvm::stable_sort(targets, [](const native::Target &a, const native::Target &b) {
    return native::rankOf(a.level) > native::rankOf(b.level);
  });
  return targets;
}

/// Code of `module` (see native::compile) for each target; none, after remarks, where an op has no
/// lowering. Code that is `toBeRun` here comes with its twin with checks.
static llvm::Expected<std::vector<native::MachineCode>>
compileForTargets(mlir::ModuleOp module, const WeightStore &weights,
                  llvm::ArrayRef<native::Target> targets, bool toBeRun, mlir::TimingScope &time) {
  std::vector<native::MachineCode> made;
  for (const native::Target &target : targets) {
    bool withChecked = toBeRun && native::Runner::canRun(target);
    auto code = native::compile(module, weights, target, withChecked, time.nest("machine code"));
    if (!code)
      return code.takeError();
    if (!*code)
      return std::vector<native::MachineCode>();
    made.push_back(std::move(**code));
  }
  return made;
}

/// The same kernel for processors, from the passes' result and the weights that the graph was
/// made of, derived ones included.
LogicalResult Compilation::makeMachineCode(const WeightStore &weights) {
  if (!optimized)
    return success();
  auto targets = findTargets(options, options.schedules);
  if (!targets)
    return fail(Outcome::Usage, targets.takeError());
  auto made = compileForTargets(*optimized, weights, *targets, options.validate, observer.time());
  if (!made)
    return fail(Outcome::Invalid, made.takeError());
  if (made->empty())
    return success(); // remarks say why
  machineCode = native::makeRecords(*made);
  if (file)
    file->machineCode = std::make_shared<std::vector<native::MachineCode>>(std::move(*made));
  return success();
}

/// Machine code out of a file is not run to see what it does: it could do anything. It has to be
/// what is made here, and that is run.
LogicalResult Compilation::compareMachineCode() {
  llvm::Expected<ExtraRecords> found = readExtras(*options.given, native::recordsFolder);
  if (!found)
    return fail(Outcome::Invalid, found.takeError());
  if (*found == machineCode)
    return success();
  return fail(Outcome::Invalid,
              llvm::createStringError(
                  "the machine code in the file is not what its blueprint compiles to: it was "
                  "changed, or another build of the compiler made it (tez repack makes it anew)"));
}

/// As far as machine code needs it.
std::optional<ScheduleRecord> Compilation::findSchedules(const ScheduleRecord &known,
                                                         bool measures) {
  if (failed(preparePlugins()) || failed(import()) || failed(simplify()) || failed(lower()))
    return std::nullopt;
  ScheduleRecord record;
  if (!optimized)
    return record;
  auto weights = loadWeights(*reference->getOps<esper::KernelOp>().begin());
  auto targets = findTargets(options, {});
  if (llvm::Error error = llvm::joinErrors(weights.takeError(), targets.takeError()))
    return (void)environmentError(std::move(error)), std::nullopt;
  if (failed(addDerivedWeights(*module->getOps<ts::ModuleOp>().begin(), *weights)))
    return std::nullopt;
  for (const native::Target &target : *targets) {
    auto own = known.find(target.name);
    auto found =
        native::schedulesFor(*optimized, *weights, target,
                             own == known.end() ? native::Schedules() : own->second, measures);
    if (!found)
      return (void)environmentError(found.takeError()), std::nullopt;
    if (!found->empty())
      record[target.name] = std::move(*found);
  }
  return record;
}
