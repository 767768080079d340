//===- Report.cpp - All that can be said of a kernel unseen ---------------===//

#include "tez/Analysis/Report.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace tez;
using namespace tez::esper;

llvm::StringRef tez::name(Judgement judgement) {
  switch (judgement) {
  case Judgement::Pass:
    return "pass";
  case Judgement::Warn:
    return "warn";
  case Judgement::Refuse:
    return "refuse";
  }
  return "";
}

Judgement AnalysisReport::judgement() const {
  if (llvm::any_of(findings, [](const Finding &finding) { return finding.refuses; }))
    return Judgement::Refuse;
  return findings.empty() ? Judgement::Pass : Judgement::Warn;
}

//===----------------------------------------------------------------------===//
// Limits
//===----------------------------------------------------------------------===//

namespace {
struct LimitRow {
  StringRef quantity;
  double found;
  std::optional<double> limit;
};
} // namespace

static std::optional<double> asDouble(std::optional<int64_t> value) {
  return value ? std::optional(double(*value)) : std::nullopt;
}

static std::string plain(double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.0f", value);
  return text;
}

std::vector<Finding> tez::checkLimits(KernelOp kernel, const KernelCost &cost,
                                      const CostLimits &limits) {
  const LimitRow rows[] = {
      {"parameters", double(cost.parameters), asDouble(limits.parameters)},
      {"bytes of parameters and buffers", double(cost.stateBytes()), asDouble(limits.bytes)},
      {"FLOPs", cost.flops, limits.flops},
      {"bytes of activations", double(cost.activationBytes()), asDouble(limits.activationBytes)}};
  std::vector<Finding> findings;
  for (const LimitRow &row : rows)
    if (row.limit && row.found > *row.limit)
      findings.push_back({"limit", kernel.getLoc(),
                          ("the kernel has " + plain(row.found) + " " + row.quantity +
                           ", the limit is " + plain(*row.limit))
                              .str(),
                          true});
  return findings;
}

void tez::emitFindings(ArrayRef<Finding> findings) {
  for (const Finding &finding : findings)
    (finding.refuses ? emitError(finding.location) : emitWarning(finding.location))
        << finding.message << " [" << finding.rule << "]";
}

//===----------------------------------------------------------------------===//
// Analysis
//===----------------------------------------------------------------------===//

/// The rows of the cost table are the kernel's computations in their order.
static std::vector<double> signalsOf(KernelOp kernel, const MomentMap &moments,
                                     const KernelCost &cost) {
  std::vector<double> signals;
  for (Operation &op : kernel.getBody().front())
    if (isa<CostOpInterface, CompositeOpInterface>(op))
      signals.push_back(moments.of(op.getResult(0)).signalSize());
  signals.resize(cost.ops.size());
  return signals;
}

/// A limit on what depends on shapes cannot be checked without any.
static void reportUnknownShapes(KernelOp kernel, AnalysisReport &report) {
  if (report.cost.inputs)
    return;
  report.findings.push_back({"shapes", kernel.getLoc(),
                             "no input sizes up to 512 fit this kernel: FLOPs and activations "
                             "are unknown",
                             false});
}

AnalysisReport tez::analyze(KernelOp kernel, const AnalysisOptions &options) {
  AnalysisReport report;
  report.kernel = kernel.getSymName().str();
  report.batch = options.batch.value_or(1);
  for (unsigned i = 0, e = kernel.getArgumentTypes().size(); i < e; ++i)
    report.inputNames.push_back(kernel.getInputName(i));
  report.cost = analyzeCost(kernel, report.batch);
  MomentMap moments(kernel);
  report.signals = signalsOf(kernel, moments, report.cost);
  report.findings = checkLimits(kernel, report.cost, options.limits);
  reportUnknownShapes(kernel, report);
  for (Finding &finding : lint(kernel, moments, options.batch, options.rules))
    report.findings.push_back(std::move(finding));
  return report;
}
