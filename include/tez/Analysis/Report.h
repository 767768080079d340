//===- Report.h - All that can be said of a kernel unseen -------*- C++ -*-===//

#ifndef TEZ_ANALYSIS_REPORT_H
#define TEZ_ANALYSIS_REPORT_H

#include "tez/Analysis/Cost.h"
#include "tez/Analysis/Lint.h"

namespace tez {

/// What a kernel may cost at most; nullopt: as much as it likes.
struct CostLimits {
  std::optional<double> flops;
  std::optional<int64_t> parameters;
  std::optional<int64_t> bytes;           ///< of parameters and buffers
  std::optional<int64_t> activationBytes; ///< KernelCost::activationBytes()
};

struct AnalysisOptions {
  /// Fills dynamic first dimensions. nullopt: costs are those of a batch of 1,
  /// hazards those of any batch.
  std::optional<int64_t> batch;
  CostLimits limits;
  std::vector<std::string> rules; ///< lint rules to run; empty: all
};

/// Pass: no findings. Warn: hazards. Refuse: a limit is exceeded.
enum class Judgement { Pass, Warn, Refuse };
llvm::StringRef name(Judgement judgement); ///< "pass", "warn", "refuse"

struct AnalysisReport {
  std::string kernel;
  int64_t batch = 1;
  std::vector<std::string> inputNames;
  KernelCost cost;
  std::vector<Finding> findings; ///< limits first
  std::vector<double> signals;   ///< for each of cost.ops: size of the signal behind it

  Judgement judgement() const;

  /// A table with one line an op, of which the first `maxOps` are shown.
  void printText(llvm::raw_ostream &stream, size_t maxOps = 100) const;
  /// One JSON object on one line. Numbers that are not finite are null.
  void printJson(llvm::raw_ostream &stream) const;
};

/// Cost, lint and limits. Linear in the number of ops; changes nothing. Safe
/// on different kernels of one context at a time.
AnalysisReport analyze(esper::KernelOp kernel, const AnalysisOptions &options = {});

/// What exceeds its limit, as findings of the rule "limit" that refuse.
std::vector<Finding> checkLimits(esper::KernelOp kernel, const KernelCost &cost,
                                 const CostLimits &limits);

/// Emits every finding at its place: limits as errors, the rest as warnings.
void emitFindings(llvm::ArrayRef<Finding> findings);

} // namespace tez

#endif // TEZ_ANALYSIS_REPORT_H
