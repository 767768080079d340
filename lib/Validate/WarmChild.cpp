//===- WarmChild.cpp ------------------------------------------------------===//

#include "WarmChild.h"
#include "Answer.h"
#include "Request.h"
#include "Twin.h"
#include "WarmUp.h"
#include "tez/Support/LargePages.h"
#include "tez/Validate/DerivedWeights.h"
#include <mutex>
#include <thread>

using namespace mlir;
using namespace tez;

/// Then the next is made: what libraries leave behind in memory does not add up.
static constexpr unsigned mostKernels = 200;
/// Larger ones would be copied at a cost that a fork does not have.
static constexpr size_t mostBytes = size_t(32) << 20;

/// What Request.h carries is all that there is to `file`: kernels for training, as emitted.
static bool canTake(KernelUnderTest &file) {
  llvm::Expected<TorchRuntime *> runtime = getTorchRuntime();
  if (!runtime)
    return llvm::consumeError(runtime.takeError()), false;
  return !file.alone && file.runtime == *runtime && file.lowered.getTrainable() && !file.model &&
         !file.machineCode && !file.twin && !file.foreign && file.samples.empty() &&
         file.notes.empty() && file.bytes.size() <= mostBytes && !hasDerivedWeights(file.lowered) &&
         !callsOnlyGpu(file.lowered);
}

static std::string refused() { return ""; }

/// In the child.
static std::string judge(StringRef request) {
  static MLIRContext *context = makeRequestContext().release(); // lives as long as the process
  ScopedDiagnosticHandler silence(context, [](Diagnostic &) { return success(); });
  std::optional<Request> read = readRequest(request, *context);
  if (!read)
    return refused();
  SmallVector<const Check *> checks;
  for (const Check &check : allChecks())
    if (llvm::is_contained(read->checks, check.name))
      checks.push_back(&check);
  return answerOf(*read->file, checks, Places(*read->file), [](size_t) {});
}

namespace {
using Checks = SmallVector<const Check *>;

/// The children of this process. The second comes with the second kernel: a process that has
/// one alone would pay for torch's first calls twice.
struct Warm {
  std::mutex lock;
  std::optional<ServingChild> first, second;
  unsigned kernels = 0;

  void prepare() {
    if (kernels++ == mostKernels)
      drop();
    if (!first) {
      warmUpForChildren();
      first.emplace(judge, growHeapInLargePages);
    } else if (!second && std::thread::hardware_concurrency() > 1) {
      second.emplace(judge, growHeapInLargePages);
    }
  }
  void drop() {
    first.reset();
    second.reset();
    kernels = 0;
  }
};
} // namespace

/// The checks of each child that is asked.
static SmallVector<Checks, 2> share(ArrayRef<const Check *> checks, unsigned children) {
  SmallVector<Checks, 2> shares(2);
  for (const Check *check : checks)
    shares[check->beside && children > 1].push_back(check);
  llvm::erase_if(shares, [](const Checks &one) { return one.empty(); });
  return shares;
}

std::optional<WarmAnswers> tez::askWarmChildren(KernelUnderTest &file,
                                                ArrayRef<const Check *> checks) {
  static Warm warm;
  if (!canTake(file))
    return std::nullopt;
  RequestWriter request(file);
  std::lock_guard<std::mutex> turn(warm.lock);
  warm.prepare();
  ServingChild *children[] = {&*warm.first, warm.second ? &*warm.second : nullptr};
  SmallVector<Checks, 2> shares = share(checks, warm.second ? 2 : 1);
  for (auto [child, own] : llvm::zip(children, shares))
    child->tell(request.write(own), file.limits);
  WarmAnswers answers;
  for (ServingChild *child : ArrayRef(children).take_front(shares.size())) {
    ChildEnd end = child->hear();
    if (end.kind != ChildEnd::Done || end.output.empty() || !hasPassed(end.output))
      break; // nobody waits for the other
    answers.push_back(std::move(end.output));
  }
  if (answers.size() == shares.size())
    return answers;
  warm.drop(); // nobody knows what the kernel did to them
  return std::nullopt;
}
