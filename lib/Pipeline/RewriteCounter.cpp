//===- RewriteCounter.cpp - Sees and refuses rewrites ---------------------===//

#include "RewriteCounter.h"
#include "Fingerprint.h"
#include "mlir/Rewrite/PatternApplicator.h"
#include "tez/Blueprint/DiagnosticBridge.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using namespace tez;

/// Without them there is no kernel, or not the one that was asked for.
static constexpr StringRef mandatoryPasses[] = {"esper-decompose-composites",
                                                "esper-specialize-infer", "esper-to-torchscript"};

std::string tez::describe(const json::Source &source, const AppliedRewrite &rewrite) {
  std::string number = rewrite.number ? "#" + std::to_string(rewrite.number) : "unnumbered";
  std::string text = number + " " + rewrite.pass + ": ";
  text += rewrite.pattern.empty() ? "outside of patterns" : rewrite.pattern;
  text += " on " + rewrite.op + " at " + std::string(source.name()) + ":" +
          std::to_string(rewrite.place.line) + ":" + std::to_string(rewrite.place.column);
  return rewrite.place.path.empty() ? text : text + " (" + rewrite.place.path + ")";
}

/// An action does not give its pattern away, but prints the name:
/// "`apply-pattern pattern: (anonymous namespace)::MergeReshapes".
static std::string patternName(const tracing::Action &action) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  action.print(stream);
  StringRef name = StringRef(text).split("pattern: ").second;
  if (name.empty()) // of a pattern made from a function, such as an op's `canonicalize`
    return "canonicalize";
  StringRef head = name.take_until([](char c) { return c == '<'; });
  size_t scope = head.rfind("::");
  return name.drop_front(scope == StringRef::npos ? 0 : scope + 2).str();
}

RewriteCounter::RewriteCounter(const json::Source &source, const RewriteList *only)
    : source(source), restricted(only) {
  if (!only)
    return;
  for (const AppliedRewrite &rewrite : *only) {
    allowed[rewrite.key].push_back(rewrite.number);
    allowedExecutions.insert(rewrite.execution);
  }
  for (auto &entry : allowed)
    llvm::sort(entry.second, std::greater<>());
}

LogicalResult RewriteCounter::run(PassManager &passes, Operation *op) {
  MLIRContext *context = op->getContext();
  context->registerActionHandler([this](llvm::function_ref<void()> apply,
                                        const tracing::Action &action) { handle(apply, action); });
  llvm::scope_exit restore([&] { context->registerActionHandler(nullptr); });
  return passes.run(op);
}

void RewriteCounter::handle(llvm::function_ref<void()> apply, const tracing::Action &action) {
  if (auto *pass = dyn_cast<PassExecutionAction>(&action)) {
    // A nested pipeline is a pass without a flag; its passes come one by one.
    StringRef flag = pass->getPass().getArgument();
    return flag.empty() ? apply() : handlePass(apply, flag, pass->getOp());
  }
  auto units = action.getContextIRUnits();
  if (!current || !isa<ApplyPatternAction>(action) || units.empty())
    return apply();
  handlePattern(apply, patternName(action), cast<Operation *>(units.front()));
}

AppliedRewrite RewriteCounter::make(std::string pattern, StringRef op, Location location) const {
  AppliedRewrite rewrite;
  rewrite.execution = executions;
  rewrite.pass = current->pass;
  rewrite.pattern = std::move(pattern);
  rewrite.op = op.str();
  blueprint::locate(location, source, rewrite.place);
  rewrite.place.message.clear();
  llvm::raw_string_ostream key(rewrite.key);
  key << executions << '|' << rewrite.pattern << '|' << op << '|' << location;
  return rewrite;
}

bool RewriteCounter::allows(const AppliedRewrite &rewrite) const {
  auto found = allowed.find(rewrite.key);
  return !restricted || (found != allowed.end() && !found->second.empty());
}

void RewriteCounter::add(size_t at, AppliedRewrite rewrite) {
  auto found = allowed.find(rewrite.key);
  if (found != allowed.end() && !found->second.empty()) {
    rewrite.number = found->second.back();
    found->second.pop_back();
  }
  rewrites.insert(rewrites.begin() + at, std::move(rewrite));
  if (!restricted)
    for (size_t i = at; i < rewrites.size(); ++i)
      rewrites[i].number = i + 1;
}

void RewriteCounter::handlePass(llvm::function_ref<void()> apply, StringRef flag, Operation *op) {
  ++executions; // also of a pass that is skipped: the number must not depend on the choice
  Execution execution{flag.str(), op, 0, llvm::is_contained(mandatoryPasses, flag), false};
  if (restricted && !execution.mandatory && !allowedExecutions.count(executions))
    return;
  llvm::SaveAndRestore<Execution *> nested(current, &execution);
  OperationFingerPrint before(op);
  size_t first = rewrites.size();
  execution.last = fingerprint(op);
  apply();
  execution.outside |= fingerprint(op) != execution.last;
  // Sweeping behind patterns is theirs; a pass that only sweeps is one rewrite.
  execution.outside |= rewrites.size() == first && OperationFingerPrint(op) != before;
  if (execution.outside && !execution.mandatory)
    add(first, make("", op->getName().getStringRef(), op->getLoc()));
}

void RewriteCounter::handlePattern(llvm::function_ref<void()> apply, std::string pattern,
                                   Operation *op) {
  AppliedRewrite rewrite = make(std::move(pattern), op->getName().getStringRef(), op->getLoc());
  if (!allows(rewrite))
    return;
  uint64_t before = fingerprint(current->op);
  current->outside |= before != current->last;
  apply();
  current->last = fingerprint(current->op);
  if (current->last != before)
    add(rewrites.size(), std::move(rewrite));
}
