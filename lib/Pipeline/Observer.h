//===- Observer.h - What is seen of the passes as they run ------*- C++ -*-===//

#ifndef TEZ_PIPELINE_OBSERVER_H
#define TEZ_PIPELINE_OBSERVER_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Support/Timing.h"
#include "tez/Pipeline/Compiler.h"

namespace tez {

/// IR before and after passes, times (printed when it is destroyed) and
/// statistics, as the options ask. All text goes to the standard error stream.
class Observer {
public:
  explicit Observer(const CompileOptions &options);

  /// The phase that passes attached from now on belong to; its time runs until
  /// the next one begins.
  void begin(Phase phase);
  /// Once for each pass manager, before it runs.
  void attach(mlir::PassManager &passes);

  mlir::TimingScope &time() { return phase; }

  /// Sizes before and after every execution of a pass, in their order.
  std::vector<PassStatistics> statistics;

private:
  const CompileOptions &options;
  mlir::DefaultTimingManager timing;
  mlir::TimingScope root, phase; ///< end before `timing` prints
};

} // namespace tez

#endif // TEZ_PIPELINE_OBSERVER_H
