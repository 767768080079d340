//===- WarmUp.cpp - What every child would have to do again ---------------===//
//
// A fork has what its parent had. torch fills tables in the first calls of each kind,
// and the loader binds its symbols: 60 ms that each child would pay. So a process that
// validates more than one kernel runs the suite once on a kernel of our own, here,
// where nothing of a blueprint is in it.
//
//===----------------------------------------------------------------------===//

#include "WarmUp.h"
#include "Request.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "tez/Conversion/Passes.h"
#include "tez/Weights/KernelWeights.h"
#include <atomic>

using namespace mlir;
using namespace tez;

static constexpr StringRef text = R"(
esper.kernel @warm_up(%x: tensor<?x2x4x4xf32>) -> tensor<?x6xf32> {
  %cw = esper.param "0.weight" <uniform, -0.5, 0.5> : tensor<2x2x3x3xf32>
  %cb = esper.param "0.bias" <uniform, -0.5, 0.5> : tensor<2xf32>
  %c = esper.conv %x, %cw, %cb {dilation = array<i64: 1, 1>, padding = array<i64: 1, 1>,
                                stride = array<i64: 1, 1>}
      : (tensor<?x2x4x4xf32>, tensor<2x2x3x3xf32>, tensor<2xf32>) -> tensor<?x2x4x4xf32>
  %nw = esper.param "1.weight" <constant, 1.0> : tensor<2xf32>
  %nb = esper.param "1.bias" <constant, 0.0> : tensor<2xf32>
  %m = esper.buffer "1.running_mean" <constant, 0.0> : tensor<2xf32>
  %v = esper.buffer "1.running_var" <constant, 1.0> : tensor<2xf32>
  %t = esper.training "1"
  %n, %nm, %nv = esper.batch_norm %c weight(%nw) bias(%nb) running(%m, %v) training(%t)
      {eps = 1.0e-05 : f64, momentum = 0.1 : f64}
      : (tensor<?x2x4x4xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, i1)
      -> (tensor<?x2x4x4xf32>, tensor<2xf32>, tensor<2xf32>)
  %r = esper.activation "relu" %n : tensor<?x2x4x4xf32>
  %f = esper.flatten %r {start_dim = 1 : i64, end_dim = -1 : i64}
      : (tensor<?x2x4x4xf32>) -> tensor<?x32xf32>
  %w = esper.param "4.weight" <uniform, -0.5, 0.5> : tensor<6x32xf32>
  %b = esper.param "4.bias" <uniform, -0.5, 0.5> : tensor<6xf32>
  %l = esper.linear %f, %w, %b
      : (tensor<?x32xf32>, tensor<6x32xf32>, tensor<6xf32>) -> tensor<?x6xf32>
  %g = esper.activation "gelu" %l : tensor<?x6xf32>
  esper.return %g : tensor<?x6xf32> updates("1.running_mean" = %nm : tensor<2xf32>,
                                            "1.running_var" = %nv : tensor<2xf32>)
}
)";

static LogicalResult runSuite(MLIRContext &context) {
  OwningOpRef<mlir::ModuleOp> module = parseSourceString<mlir::ModuleOp>(text, &context);
  if (!module)
    return failure();
  OwningOpRef<mlir::ModuleOp> reference = module->clone();
  PassManager passes(&context);
  passes.addPass(createEsperToTorchScript());
  if (failed(passes.run(*module)))
    return failure();
  auto kernel = *reference->getOps<esper::KernelOp>().begin();
  auto file = emitForValidation(*module->getOps<ts::ModuleOp>().begin(), kernel,
                                initialWeights(kernel, /*seed=*/0), /*seed=*/0);
  if (!file)
    return failure();
  if (llvm::Error error = file->load())
    return llvm::consumeError(std::move(error)), failure();
  file->benchBudget = 1;
  SmallVector<const Check *> checks;
  for (const Check &check : allChecks())
    if (check.applies(*file))
      checks.push_back(&check);
  return runChecks(*file, checks, [](size_t) {});
}

void tez::warmUpForChildren() {
  static std::atomic<unsigned> children = 0;
  if (++children != 2)
    return;
  llvm::Expected<TorchRuntime *> runtime = getTorchRuntime();
  if (!runtime)
    return llvm::consumeError(runtime.takeError());
  if (!(*runtime)->mayForkAfterBackward())
    return;
  std::unique_ptr<MLIRContext> context = makeRequestContext();
  ScopedDiagnosticHandler silence(context.get(), [](Diagnostic &) { return success(); });
  (void)runSuite(*context); // what it finds is nobody's fault but ours, and shows there
}
