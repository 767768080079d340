//===- WarmChild.cpp ------------------------------------------------------===//

#include "WarmChild.h"
#include "Answer.h"
#include "Request.h"
#include "Twin.h"
#include "WarmUp.h"
#include "tez/Support/LargePages.h"
#include "tez/Validate/DerivedWeights.h"
#include <mutex>

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
/// The child of this process, and how often it was asked.
struct Warm {
  std::mutex lock;
  std::optional<ServingChild> child;
  unsigned kernels = 0;

  ServingChild &use() {
    if (kernels == mostKernels)
      child.reset();
    if (!child) {
      warmUpForChildren();
      child.emplace(judge, growHeapInLargePages);
      kernels = 0;
    }
    ++kernels;
    return *child;
  }
};
} // namespace

std::optional<std::string> tez::askWarmChild(KernelUnderTest &file,
                                             ArrayRef<const Check *> checks) {
  static Warm warm;
  if (!canTake(file))
    return std::nullopt;
  std::string request = writeRequest(file, checks);
  std::lock_guard<std::mutex> turn(warm.lock);
  ChildEnd end = warm.use().ask(request, file.limits);
  if (end.kind == ChildEnd::Done && !end.output.empty() && hasPassed(end.output))
    return std::move(end.output);
  warm.child.reset(); // nobody knows what the kernel did to it
  return std::nullopt;
}
