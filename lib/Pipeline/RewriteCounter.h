//===- RewriteCounter.h - Sees and refuses rewrites -------------*- C++ -*-===//

#ifndef TEZ_PIPELINE_REWRITECOUNTER_H
#define TEZ_PIPELINE_REWRITECOUNTER_H

#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "tez/Pipeline/Rewrites.h"
#include "llvm/ADT/StringMap.h"
#include <set>

namespace tez {

/// An action handler. While a pass manager runs under it, it lists every
/// rewrite that changed the IR and, given a list, applies no other: a pattern is
/// refused, and a pass of which the list has nothing is skipped. Passes without
/// which there is no kernel always run; their patterns can be refused. What an
/// optional pass does outside of patterns cannot be told apart while it runs: it
/// happens whenever the pass runs for one of its patterns.
class RewriteCounter {
public:
  explicit RewriteCounter(const json::Source &source, const RewriteList *only = nullptr);

  mlir::LogicalResult run(mlir::PassManager &passes, mlir::Operation *op);

  /// What was applied. Numbers are those of the given list, or else the order.
  const RewriteList &applied() const { return rewrites; }

private:
  /// The execution of a pass that is going on.
  struct Execution {
    std::string pass;
    mlir::Operation *op;
    uint64_t last;           ///< fingerprint after the last counted rewrite
    bool mandatory, outside; ///< outside: it changed the IR without a pattern
  };

  void handle(llvm::function_ref<void()> apply, const mlir::tracing::Action &action);
  void handlePass(llvm::function_ref<void()> apply, llvm::StringRef flag, mlir::Operation *op);
  void handlePattern(llvm::function_ref<void()> apply, std::string pattern, mlir::Operation *op);
  AppliedRewrite make(std::string pattern, llvm::StringRef op, mlir::Location location) const;
  bool allows(const AppliedRewrite &rewrite) const;
  void add(size_t at, AppliedRewrite rewrite);

  const json::Source &source;
  bool restricted;
  llvm::StringMap<std::vector<unsigned>> allowed; ///< key to the numbers still to come
  std::set<unsigned> allowedExecutions;
  RewriteList rewrites;
  unsigned executions = 0;
  Execution *current = nullptr;
};

} // namespace tez

#endif // TEZ_PIPELINE_REWRITECOUNTER_H
