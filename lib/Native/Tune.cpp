//===- Tune.cpp -----------------------------------------------------------===//

#include "tez/Native/Tune.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "tez/Native/Passes.h"
#include "tez/Native/Runner.h"
#include "tez/Native/Schedule.h"
#include "tez/Support/ChildProcess.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace tez;
using namespace tez::native;

static constexpr int64_t rowCounts[] = {1, 16, 64};
static constexpr unsigned rounds = 7;
static constexpr double worthwhile = 0.98;

/// What the target does by itself, by product.
static llvm::Expected<std::map<std::string, Schedule>> defaultsOf(mlir::ModuleOp module,
                                                                  const Target &target) {
  OwningOpRef<mlir::ModuleOp> copy = module.clone();
  ScopedDiagnosticHandler silence(module.getContext(), [](Diagnostic &) { return success(); });
  PassManager passes(module.getContext());
  buildConversion(passes, !target.hasHalfDots());
  passes.addNestedPass<func::FuncOp>(createFormProducts());
  if (failed(passes.run(*copy)))
    return llvm::createStringError("no conversion to linalg");
  std::map<std::string, Schedule> products;
  copy->walk([&](ProductOp product) {
    products.emplace(nameOf(product), defaultSchedule(product, target));
  });
  return products;
}

static llvm::Expected<MachineCode> compileWith(mlir::ModuleOp module, const WeightStore &weights,
                                               Target target, const Schedules &schedules) {
  target.schedules.clear();
  for (const auto &[product, schedule] : schedules)
    target.schedules.push_back(product + ":" + schedule);
  auto code = native::compile(module, weights, target);
  if (!code)
    return code.takeError();
  if (!*code)
    return llvm::createStringError("products without machine code");
  return std::move(**code);
}

/// In a child: how long `other` takes beside `normal`, the geometric mean over the numbers of rows.
static double ratioOf(const MachineCode &normal, const MachineCode &other) {
  auto first = Runner::create(normal), second = Runner::create(other);
  if (!first || !second)
    return llvm::consumeError(llvm::joinErrors(first.takeError(), second.takeError())), 0;
  double sum = 0;
  for (int64_t rows : rowCounts) {
    double a = std::numeric_limits<double>::infinity(), b = a;
    for (unsigned round = 0; round < rounds; ++round) {
      a = std::min(a, (*first)->nanoseconds(rows));
      b = std::min(b, (*second)->nanoseconds(rows));
    }
    sum += std::log(b / a);
  }
  return std::exp(sum / std::size(rowCounts));
}

/// A fault in code that nothing has checked yet must not be ours.
static llvm::Expected<double> measuredRatio(const MachineCode &normal, const MachineCode &other) {
  ChildEnd end = runInChild([&] { return std::to_string(ratioOf(normal, other)); },
                            {.cpuSeconds = 60, .wallSeconds = 180, .memory = 0});
  if (end.kind != ChildEnd::Done)
    return llvm::createStringError("the process that measured schedules " + end.text());
  return std::stod(end.output);
}

namespace {
/// The products one after the other, each with what was found for those before.
class Tuner {
public:
  Tuner(mlir::ModuleOp module, const WeightStore &weights, const Target &target, Schedules &found)
      : module(module), weights(weights), target(target), found(found) {}

  llvm::Error tune(const std::string &product, const Schedule &normal) {
    auto base = compileWith(module, weights, target, found);
    if (!base)
      return base.takeError();
    std::string best = normal.text();
    double least = worthwhile;
    for (const Schedule &candidate : candidateSchedules(normal)) {
      llvm::Expected<double> ratio = ratioTo(*base, product, candidate);
      if (!ratio)
        return ratio.takeError();
      if (*ratio > 0 && *ratio < least) {
        least = *ratio;
        best = candidate.text();
      }
    }
    found[product] = best;
    return llvm::Error::success();
  }

private:
  llvm::Expected<double> ratioTo(const MachineCode &base, const std::string &product,
                                 const Schedule &candidate) {
    Schedules tried = found;
    tried[product] = candidate.text();
    auto code = compileWith(module, weights, target, tried);
    if (!code)
      return code.takeError();
    return measuredRatio(base, *code);
  }

  mlir::ModuleOp module;
  const WeightStore &weights;
  const Target &target;
  Schedules &found;
};
} // namespace

llvm::Expected<Schedules> native::schedulesFor(mlir::ModuleOp module, const WeightStore &weights,
                                               const Target &target, const Schedules &known,
                                               bool measures) {
  auto products = defaultsOf(module, target);
  if (!products)
    return products.takeError();
  Schedules found;
  for (const auto &[product, normal] : *products)
    if (auto at = known.find(product); at != known.end())
      found.insert(*at);
  if (!measures || !Runner::canRun(target))
    return found;
  Tuner tuner(module, weights, target, found);
  for (const auto &[product, normal] : *products)
    if (!known.count(product))
      if (llvm::Error error = tuner.tune(product, normal))
        return error;
  return found;
}
