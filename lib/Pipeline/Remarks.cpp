//===- Remarks.cpp - MLIR's remarks as findings ---------------------------===//

#include "Remarks.h"
#include "mlir/IR/Remarks.h"
#include "tez/Blueprint/DiagnosticBridge.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace tez;

/// What stands before the text; nothing where something was done.
static StringRef kindPrefix(const remark::detail::Remark &remark) {
  switch (remark.getRemarkType()) {
  case llvm::remarks::Type::Missed:
    return "missed: ";
  case llvm::remarks::Type::Failure:
    return "failed: ";
  case llvm::remarks::Type::Analysis:
    return "analysis: ";
  default:
    return "";
  }
}

/// Texts as they are, metrics as `name=value`.
static std::string textOf(const remark::detail::Remark &remark) {
  std::string text;
  for (const auto &part : remark.getArgs()) {
    bool named = part.key != "Remark" && part.key != "Reason" && part.key != "Suggestion";
    if (!text.empty() && (named || part.key != "Remark"))
      text += ", ";
    text += named ? part.key + "=" + part.val : part.val;
  }
  return text;
}

namespace {
class SinkStreamer : public remark::detail::MLIRRemarkStreamerBase {
public:
  SinkStreamer(const json::Source &source, json::DiagnosticSink &sink, const bool &muted)
      : source(source), sink(sink), muted(muted) {}

  void streamOptimizationRemark(const remark::detail::Remark &remark) override {
    if (muted)
      return;
    json::Diagnostic made;
    made.severity = json::Severity::Remark;
    made.message =
        "[" + remark.getCategoryName().str() + "] " + kindPrefix(remark).str() + textOf(remark);
    blueprint::locate(remark.getLocation(), source, made);
    // A pass that runs twice misses the same thing twice.
    bool missed = remark.getRemarkType() == llvm::remarks::Type::Missed;
    if (!missed || said.insert(std::to_string(made.offset) + made.message).second)
      sink.report(std::move(made));
  }

private:
  const json::Source &source;
  json::DiagnosticSink &sink;
  const bool &muted;
  llvm::StringSet<> said;
};
} // namespace

void tez::enableRemarks(MLIRContext &context, const std::string &categories,
                        const json::Source &source, json::DiagnosticSink &sink, const bool &muted) {
  remark::RemarkCategories filter;
  std::string anywhere = ".*(" + categories + ").*"; // the engine matches whole names
  filter.passed = filter.missed = filter.analysis = filter.failed = anywhere;
  (void)remark::enableOptimizationRemarks( // fails only where remarks are on already
      context, std::make_unique<SinkStreamer>(source, sink, muted),
      std::make_unique<remark::RemarkEmittingPolicyAll>(), filter);
}
