//===- AnalyzeCost.cpp - Print what every kernel costs --------------------===//

#include "tez/Analysis/Passes.h"
#include "tez/Analysis/Report.h"
#include "llvm/Support/raw_ostream.h"

namespace tez {
#define GEN_PASS_DEF_ANALYZECOST
#include "tez/Analysis/Passes.h.inc"
} // namespace tez

using namespace mlir;
using namespace tez;

//===----------------------------------------------------------------------===//
// tez-analyze-cost
//===----------------------------------------------------------------------===//

namespace {
/// On modules, so that the kernels of one come out in their order.
struct AnalyzeCost : tez::impl::AnalyzeCostBase<AnalyzeCost> {
  using AnalyzeCostBase::AnalyzeCostBase;

  void runOnOperation() override {
    AnalysisOptions options;
    if (batch > 0)
      options.batch = batch;
    for (auto kernel : getOperation().getOps<esper::KernelOp>()) {
      AnalysisReport report = analyze(kernel, options);
      ++numKernels;
      numOps += report.cost.ops.size();
      json ? report.printJson(llvm::errs()) : report.printText(llvm::errs());
    }
    markAllAnalysesPreserved();
  }
};
} // namespace
