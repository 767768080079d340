//===- Observer.cpp - What is seen of the passes as they run --------------===//

#include "Observer.h"

using namespace mlir;
using namespace tez;

static unsigned countOps(Operation *top) {
  unsigned count = 0;
  top->walk([&](Operation *) { ++count; });
  return count;
}

namespace {
class SizeRecorder : public PassInstrumentation {
public:
  explicit SizeRecorder(std::vector<PassStatistics> &statistics) : statistics(statistics) {}

  // A nested pipeline is a pass without a flag.
  void runBeforePass(Pass *pass, Operation *op) override {
    open.push_back(statistics.size());
    if (!pass->getArgument().empty())
      statistics.push_back({pass->getArgument().str(), countOps(op), 0});
  }
  void runAfterPass(Pass *pass, Operation *op) override {
    size_t index = open.pop_back_val();
    if (!pass->getArgument().empty())
      statistics[index].opsAfter = countOps(op);
  }
  void runAfterPassFailed(Pass *pass, Operation *op) override { runAfterPass(pass, op); }

private:
  std::vector<PassStatistics> &statistics;
  SmallVector<size_t> open; ///< of the passes that run now, outermost first
};
} // namespace

Observer::Observer(const CompileOptions &options) : options(options) {
  if (!options.timing)
    return;
  timing.setEnabled(true);
  timing.setDisplayMode(DefaultTimingManager::DisplayMode::Tree);
  timing.setOutput(createOutputStrategy(DefaultTimingManager::OutputFormat::Text, llvm::errs()));
  root = timing.getRootScope();
}

void Observer::begin(Phase next) {
  if (!options.timing)
    return;
  phase.stop();
  phase = root.nest(name(next));
}

/// A filter of enableIRPrinting; none where nothing is to be printed.
static std::function<bool(Pass *, Operation *)> matching(const std::vector<std::string> &flags) {
  if (flags.empty())
    return nullptr;
  return [&flags](Pass *pass, Operation *) {
    return !pass->getArgument().empty() &&
           (llvm::is_contained(flags, "all") || llvm::is_contained(flags, pass->getArgument()));
  };
}

void Observer::attach(PassManager &passes) {
  if (!options.printBefore.empty() || !options.printAfter.empty())
    passes.enableIRPrinting(matching(options.printBefore), matching(options.printAfter),
                            /*printModuleScope=*/false, /*printAfterOnlyOnChange=*/false);
  if (options.statistics)
    passes.addInstrumentation(std::make_unique<SizeRecorder>(statistics));
  passes.enableTiming(phase); // after all else, so that its own cost is not counted
}
