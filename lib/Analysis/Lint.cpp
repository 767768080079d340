//===- Lint.cpp - Warn of hazards, refuse what exceeds a limit ------------===//

#include "tez/Analysis/Lint.h"
#include "tez/Analysis/Passes.h"
#include "tez/Analysis/Report.h"

namespace tez {
#define GEN_PASS_DEF_LINT
#include "tez/Analysis/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;

//===----------------------------------------------------------------------===//
// tez-lint
//===----------------------------------------------------------------------===//

/// -1 is no limit.
template <typename T> static std::optional<T> given(T limit) {
  return limit < 0 ? std::nullopt : std::optional(limit);
}

namespace {
struct Lint : tez::impl::LintBase<Lint> {
  using LintBase::LintBase;

  LogicalResult initialize(MLIRContext *context) override {
    for (const std::string &rule : rules)
      if (llvm::none_of(lintRules(), [&](const LintRule &row) { return row.name == rule; }))
        return emitError(UnknownLoc::get(context)) << "there is no lint rule '" << rule << "'";
    options.rules.assign(rules.begin(), rules.end());
    if (batch > 0)
      options.batch = batch;
    options.limits = {given<double>(maxFlops), given<int64_t>(maxParameters),
                      given<int64_t>(maxBytes), given<int64_t>(maxActivationBytes)};
    return success();
  }

  void runOnOperation() override {
    AnalysisReport report = analyze(getOperation(), options);
    emitFindings(report.findings);
    for (const Finding &finding : report.findings)
      ++(finding.refuses ? numRefusals : numWarnings);
    if (report.judgement() == Judgement::Refuse)
      return signalPassFailure();
    markAllAnalysesPreserved();
  }

private:
  AnalysisOptions options;
};
} // namespace
