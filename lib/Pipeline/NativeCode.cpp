//===- NativeCode.cpp -----------------------------------------------------===//

#include "NativeCode.h"
#include "tez/Native/Runner.h"

using namespace tez;

llvm::Expected<std::vector<native::Target>> tez::findTargets(llvm::ArrayRef<std::string> cpus,
                                                             const ScheduleRecord &schedules) {
  std::vector<native::Target> targets;
  for (const std::string &cpu : cpus) {
    llvm::Expected<native::Target> target = native::findTarget(cpu);
    if (!target)
      return target.takeError();
    if (auto found = schedules.find(cpu); found != schedules.end())
      for (const auto &[product, schedule] : found->second)
        target->schedules.push_back(product + ":" + schedule);
    targets.push_back(std::move(*target));
  }
  return targets;
}

llvm::Expected<std::vector<native::MachineCode>>
tez::compileForTargets(mlir::ModuleOp module, const WeightStore &weights,
                       llvm::ArrayRef<native::Target> targets, bool toBeRun,
                       mlir::TimingScope &time) {
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
