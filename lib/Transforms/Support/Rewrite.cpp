//===- Rewrite.cpp - Patterns that say what they did ----------------------===//

#include "tez/Transforms/Rewrite.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace {
/// Collects why patterns did not apply.
class MissCollector : public RewriterBase::ForwardingListener {
public:
  using ForwardingListener::ForwardingListener;

  void notifyPatternBegin(const Pattern &pattern, Operation *op) override {
    attempt = {&pattern, op->getLoc().getAsOpaquePointer()};
    ForwardingListener::notifyPatternBegin(pattern, op);
  }
  void notifyPatternEnd(const Pattern &pattern, LogicalResult status) override {
    if (succeeded(status)) {
      misses.erase(attempt);
      applied.insert(attempt);
    }
    ForwardingListener::notifyPatternEnd(pattern, status);
  }
  void notifyMatchFailure(Location location,
                          function_ref<void(Diagnostic &)> reasonCallback) override;
  void report(StringRef flag) const;

private:
  struct Miss {
    Location location;
    std::string reason;
    bool operator==(const Miss &) const = default;
  };
  using Attempt = std::pair<const Pattern *, const void *>; ///< what, and the place of the op
  Attempt attempt = {};
  llvm::DenseSet<Attempt> applied;
  llvm::MapVector<Attempt, std::vector<Miss>> misses;
};
} // namespace

void MissCollector::notifyMatchFailure(Location location,
                                       function_ref<void(Diagnostic &)> reasonCallback) {
  ForwardingListener::notifyMatchFailure(location, reasonCallback);
  if (applied.contains(attempt)) // it is tried again on what it made
    return;
  Diagnostic reason(location, DiagnosticSeverity::Remark);
  reasonCallback(reason);
  std::vector<Miss> &known = misses[attempt];
  Miss miss{location, reason.str()};
  if (!llvm::is_contained(known, miss))
    known.push_back(std::move(miss));
}

void MissCollector::report(StringRef flag) const {
  auto options = remark::RemarkOpts::name(flag).category(tez::remarkCategory(flag));
  for (const auto &[attempt, reasons] : misses)
    for (const Miss &miss : reasons)
      remark::missed(miss.location, options) << miss.reason;
}

LogicalResult tez::applyRewrites(Operation *op, const FrozenRewritePatternSet &patterns,
                                 StringRef flag, GreedyRewriteConfig config, bool misses) {
  MissCollector collector(config.getListener());
  bool remarks = misses && op->getContext()->getRemarkEngine();
  if (remarks)
    config.setListener(&collector);
  LogicalResult ended = applyPatternsGreedily(op, patterns, config);
  if (remarks)
    collector.report(flag);
  if (failed(ended))
    op->emitError() << flag << " did not come to an end";
  return ended;
}

remark::detail::InFlightRemark tez::rewritten(Location location, StringRef flag) {
  return remark::passed(location, remark::RemarkOpts::name(flag).category(remarkCategory(flag)));
}
