//===- Isolated.cpp - Validation in a child process -----------------------===//
//
// The child is a fork of this process, which has the module, the weights and torch as they
// are; or, for what they can take, those that have judged kernels before (WarmChild.h).
//
//===----------------------------------------------------------------------===//

#include "Answer.h"
#include "WarmChild.h"
#include "WarmUp.h"
#include "tez/Support/LargePages.h"
#include "llvm/ADT/StringExtras.h"
#include <sys/mman.h>

using namespace mlir;
using namespace tez;

namespace {
/// A number that the child writes and the parent reads, also after a crash.
class SharedNumber {
public:
  SharedNumber()
      : page(::mmap(nullptr, sizeof(size_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
                    0)) {}
  ~SharedNumber() {
    if (page != MAP_FAILED)
      ::munmap(page, sizeof(size_t));
  }
  SharedNumber(const SharedNumber &) = delete;
  SharedNumber &operator=(const SharedNumber &) = delete;
  void set(size_t value) {
    if (page != MAP_FAILED)
      *static_cast<size_t *>(page) = value;
  }
  size_t get() const { return page == MAP_FAILED ? 0 : *static_cast<size_t *>(page); }

private:
  void *page;
};

/// A context without threads for as long as it lives: a fork has none of them.
class SingleThreaded {
public:
  explicit SingleThreaded(MLIRContext *context)
      : context(context), before(context->isMultithreadingEnabled()) {
    context->disableMultithreading();
  }
  ~SingleThreaded() {
    if (before)
      context->enableMultithreading();
  }
  SingleThreaded(const SingleThreaded &) = delete;
  SingleThreaded &operator=(const SingleThreaded &) = delete;

private:
  MLIRContext *context;
  bool before;
};
} // namespace

/// The child is gone without an answer, which is the kernel's fault.
static LogicalResult reportLoss(KernelUnderTest &file, StringRef check, const ChildEnd &end) {
  Verdict verdict;
  verdict.check = check;
  verdict.answer = Answer::Fail;
  verdict.notes.push_back("the process that ran the kernel " + end.text());
  file.verdicts.push_back(verdict);
  return file.lowered.emitError() << "the emitted kernel does not stand the check '" << check
                                  << "': the process that ran it " << end.text();
}

static FailureOr<SmallVector<const Check *>> choose(KernelUnderTest &file,
                                                    ArrayRef<std::string> names) {
  SmallVector<const Check *> chosen;
  for (const std::string &name : names)
    if (std::string wrong = refuseUnknownCheck(name); !wrong.empty())
      return file.lowered.emitError() << wrong;
  for (const Check &check : allChecks())
    if ((names.empty() || llvm::is_contained(names, check.name)) && check.applies(file))
      chosen.push_back(&check);
  return chosen;
}

static LogicalResult validateAfresh(KernelUnderTest &file, ArrayRef<const Check *> checks) {
  warmUpForChildren();
  Places places(file);
  SharedNumber current;
  SingleThreaded alone(file.lowered.getContext());
  auto judge = [&] {
    growHeapInLargePages();
    return answerOf(file, checks, places, [&](size_t check) { current.set(check); });
  };
  ChildEnd end = runInChild(judge, file.limits);
  return end.kind == ChildEnd::Done ? takeAnswer(file, places, end.output)
                                    : reportLoss(file, checks[current.get()]->name, end);
}

/// Evidence has the checks in their order, whoever made them.
static LogicalResult takeAll(KernelUnderTest &file, const WarmAnswers &answers) {
  Places places(file);
  bool passed = llvm::all_of(
      answers, [&](StringRef answer) { return succeeded(takeAnswer(file, places, answer)); });
  std::vector<StringRef> order = validationChecks();
  llvm::stable_sort(file.verdicts, [&](const Verdict &a, const Verdict &b) {
    return llvm::find(order, a.check) < llvm::find(order, b.check);
  });
  return success(passed);
}

LogicalResult tez::validate(KernelUnderTest &file, ArrayRef<std::string> names) {
  FailureOr<SmallVector<const Check *>> checks = choose(file, names);
  if (failed(checks))
    return failure();
  if (checks->empty())
    return success();
  if (std::optional<WarmAnswers> answers = askWarmChildren(file, *checks))
    return takeAll(file, *answers);
  return validateAfresh(file, *checks);
}
