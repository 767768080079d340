//===- Lint.h - Hazards in a kernel, rule by rule ---------------*- C++ -*-===//
//
// A rule is one file in lib/Analysis/Rules and one row in its Rules.cpp. Rules
// look at the kernel as it is, with its dynamic dimensions: they say only what
// holds for every input. None of them changes anything, all are linear in the
// number of ops.
//
//===----------------------------------------------------------------------===//

#ifndef TEZ_ANALYSIS_LINT_H
#define TEZ_ANALYSIS_LINT_H

#include "tez/Analysis/Intervals.h"
#include "tez/Analysis/Moments.h"
#include "llvm/ADT/DenseSet.h"

namespace tez {

/// Something that a rule or a limit has to say about a place.
struct Finding {
  llvm::StringRef rule; ///< the rule's name; static storage
  mlir::Location location;
  std::string message;  ///< what was found and why it matters
  bool refuses = false; ///< true for limits
};

/// What rules share. Built once a kernel, lives as long as the rules run.
class LintContext {
public:
  LintContext(esper::KernelOp kernel, const MomentMap &moments, std::optional<int64_t> batch,
              std::vector<Finding> &findings);

  esper::KernelOp kernel;
  /// The batch size the caller asked about; nullopt: any.
  std::optional<int64_t> batch;
  Intervals intervals;
  const MomentMap &moments;

  /// The op's results have a part in an output or in a buffer's update.
  bool isLive(mlir::Operation *op) const { return live.contains(op); }
  /// The size of a dimension of a value, dynamic first ones being the batch
  /// when the caller said how large it is.
  int64_t dimSize(mlir::Value value, int64_t dim) const;

  /// Adds a finding of the rule that runs.
  void report(mlir::Location location, const llvm::Twine &message);

  llvm::StringRef rule; ///< the rule that runs

private:
  llvm::DenseSet<mlir::Operation *> live;
  std::vector<Finding> &findings;
};

struct LintRule {
  llvm::StringLiteral name; ///< "dead-node"
  llvm::StringLiteral summary;
  void (*check)(LintContext &context);
};

/// All rules, in the order in which they run.
llvm::ArrayRef<LintRule> lintRules();

/// Runs the rules named in `only`, or all when it is empty. Names without a
/// rule are ignored.
std::vector<Finding> lint(esper::KernelOp kernel, const MomentMap &moments,
                          std::optional<int64_t> batch = std::nullopt,
                          llvm::ArrayRef<std::string> only = {});

} // namespace tez

#endif // TEZ_ANALYSIS_LINT_H
