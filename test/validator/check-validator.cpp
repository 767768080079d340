//===- check-validator.cpp - Who checks the checker -----------------------===//
//
//   check-validator [--faults=N] [--seed=S] BLUEPRINT...
//
// Compiles each blueprint for both purposes. As it is it must pass the suite: what does
// not is a false alarm. Then N faults of different kinds, chosen by the seed, are planted
// in copies of it, one each, and the suite must fail. A mutant that passes and computes
// what the kernel does (to 2e-7, gradients included) had no fault where it was
// planted, and is counted apart. Prints the table of kinds; exit status 1 unless all
// others were found without a false alarm.
//
//===----------------------------------------------------------------------===//

#include "Faults.h"
#include "mlir/Pass/PassManager.h"
#include "tez/Analysis/Shapes.h"
#include "tez/Blueprint/Importer.h"
#include "tez/Pipeline/Pipelines.h"
#include "tez/Pipeline/Registration.h"
#include "tez/Validate/Inputs.h"
#include "tez/Validate/Validate.h"
#include "tez/Weights/Initializer.h"
#include "tez/Weights/KernelWeights.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace mlir;
using namespace tez;
using namespace tez::test;

static llvm::cl::list<std::string> paths(llvm::cl::Positional, llvm::cl::desc("BLUEPRINT..."));
static llvm::cl::opt<unsigned> faultsAKernel("faults", llvm::cl::init(3),
                                             llvm::cl::desc("kinds planted in a kernel"));
static llvm::cl::opt<uint64_t> seed("seed", llvm::cl::init(0), llvm::cl::desc("of all choices"));
static llvm::cl::opt<double> benchBudget("bench-budget", llvm::cl::init(30),
                                         llvm::cl::desc("milliseconds for measuring speed; twenty "
                                                        "times that of mutants"));
static llvm::cl::opt<std::string> only("only", llvm::cl::desc("plant only faults of this kind"));

namespace {
/// What became of the mutants of one kind.
struct Tally {
  unsigned planted = 0, killed = 0, equivalent = 0;
  std::map<std::string, unsigned> by; ///< check that found it
};

/// One kernel, compiled.
struct Compiled {
  MLIRContext context{MLIRContext::Threading::DISABLED};
  OwningOpRef<mlir::ModuleOp> reference, lowered;

  esper::KernelOp kernel() { return *reference->getOps<esper::KernelOp>().begin(); }
};

class Examination {
public:
  void examine(const std::string &path, Purpose purpose);
  bool report() const;

private:
  std::unique_ptr<Compiled> compile(const std::string &path, Purpose purpose);
  std::shared_ptr<KernelUnderTest> judge(Compiled &compiled, mlir::ModuleOp module, double budget,
                                         std::string &said);
  void plantIn(Compiled &compiled, KernelUnderTest &good, const std::string &where);
  void tryFault(Compiled &compiled, KernelUnderTest &good, const Fault &fault,
                const std::string &where);

  Chance chance{seed};
  unsigned kernels = 0, refused = 0, alarms = 0, undecided = 0;
  std::map<std::string, Tally> tallies;
};
} // namespace

std::unique_ptr<Compiled> Examination::compile(const std::string &path, Purpose purpose) {
  auto compiled = std::make_unique<Compiled>();
  DialectRegistry registry;
  registerAllDialects(registry);
  compiled->context.appendDialectRegistry(registry);
  compiled->context.loadAllAvailableDialects();
  std::string problem;
  auto source = json::Source::read(path, size_t(16) << 20, problem);
  if (!source)
    return llvm::errs() << path << ": " << problem << "\n", nullptr;
  json::DiagnosticList findings;
  CompileOptions options;
  options.purpose = purpose;
  ScopedDiagnosticHandler silence(&compiled->context, [](Diagnostic &) { return success(); });
  compiled->lowered =
      blueprint::importBlueprint(*source, compiled->context, options.import, findings);
  if (!compiled->lowered)
    return nullptr;
  compiled->reference = compiled->lowered->clone();
  PassManager passes(&compiled->context);
  buildWholePipeline(passes, options);
  return succeeded(passes.run(*compiled->lowered)) ? std::move(compiled) : nullptr;
}

/// The suite's verdicts on `module`; null where nothing could be emitted.
std::shared_ptr<KernelUnderTest> Examination::judge(Compiled &compiled, mlir::ModuleOp module,
                                                    double budget, std::string &said) {
  ScopedDiagnosticHandler hear(&compiled.context, [&](Diagnostic &diagnostic) {
    if (said.empty() && diagnostic.getSeverity() == DiagnosticSeverity::Error)
      said = diagnostic.str();
    return success();
  });
  esper::KernelOp kernel = compiled.kernel();
  auto file = emitForValidation(*module.getOps<ts::ModuleOp>().begin(), kernel,
                                initialWeights(kernel, seed), seed);
  if (!file)
    return nullptr;
  file->benchBudget = budget;
  (void)validate(*file);
  return file;
}

static const Verdict *firstFailure(const KernelUnderTest &file) {
  for (const Verdict &verdict : file.verdicts)
    if (verdict.answer == Answer::Fail)
      return &verdict;
  return nullptr;
}

/// Runs of both in fp64, forward and backward where they train; each tensor must be the
/// same but for what the rules allow in fp64.
class Twins {
public:
  Twins(LoadedKernel &a, LoadedKernel &b, esper::KernelOp kernel) : a(a), b(b), kernel(kernel) {}

  bool same(bool training, bool gradients, int64_t batch, uint64_t draw) {
    std::optional<InputShapes> shapes = smallestShapes(kernel, batch);
    if (!shapes)
      return true;
    RunRequest request;
    request.training = training;
    request.inDouble = true;
    request.seed = draw;
    for (std::optional<HostTensor> &input : randomInputs(kernel, *shapes, draw))
      request.inputs.push_back(widened(*input, batch));
    auto first = a.run(request);
    if (!first)
      return llvm::consumeError(first.takeError()), false;
    request.gradients = gradients;
    for (size_t i = 0; gradients && i < first->outputs.size(); ++i)
      request.outputGradients.push_back(upstream(first->outputs[i], draw + i));
    auto one = a.run(request), other = b.run(request);
    if (!one || !other)
      return llvm::consumeError(one.takeError()), llvm::consumeError(other.takeError()), false;
    return same(*one, *other);
  }

  /// Do both refuse an input of another rank, or neither.
  bool refuseAlike() {
    std::optional<InputShapes> shapes = smallestShapes(kernel, 2);
    for (size_t i = 0; shapes && i < shapes->size(); ++i)
      for (bool more : {false, true}) {
        InputShapes wrong = *shapes;
        if (more)
          wrong[i].insert(wrong[i].begin(), 2);
        else if (!wrong[i].empty())
          wrong[i].erase(wrong[i].begin());
        RunRequest request;
        request.inputs = randomInputs(kernel, wrong, 0);
        auto one = a.run(request), other = b.run(request);
        bool alike = bool(one) == bool(other);
        llvm::consumeError(one.takeError());
        llvm::consumeError(other.takeError());
        if (!alike)
          return false;
      }
    return true;
  }

private:
  /// In fp64, and with some NaN in it.
  static HostTensor widened(const HostTensor &tensor, int64_t distance) {
    if (tensor.dtype() != DType::f32)
      return tensor;
    std::vector<double> values = tensor.toDoubles();
    for (size_t i = 0; distance > 3 && i < values.size(); i += size_t(distance))
      values[i] = std::numeric_limits<double>::quiet_NaN();
    return HostTensor::fromDoubles(DType::f64, tensor.shape(), values);
  }
  static std::optional<HostTensor> upstream(const HostTensor &like, uint64_t draw) {
    if (like.dtype() != DType::f64)
      return std::nullopt;
    return initialize({InitSpec::Normal, 0, 1}, DType::f64, like.shape(), draw, "upstream");
  }
  static bool same(const HostTensor &x, const HostTensor &y) {
    std::vector<double> found = x.toDoubles(), expected = y.toDoubles();
    double most = 0;
    for (double value : expected)
      most = std::isfinite(value) ? std::max(most, std::fabs(value)) : most;
    for (size_t i = 0; i < std::min(found.size(), expected.size()); ++i)
      if (!(std::fabs(found[i] - expected[i]) <= 2e-7 * most) &&
          !(std::isnan(found[i]) && std::isnan(expected[i])) && found[i] != expected[i])
        return false;
    return found.size() == expected.size();
  }
  /// A gradient that is not there is one of zeros.
  static bool same(const std::optional<HostTensor> &x, const std::optional<HostTensor> &y) {
    if (x && y)
      return same(*x, *y);
    const std::optional<HostTensor> &there = x ? x : y;
    return !there || llvm::all_of(there->toDoubles(), [](double value) { return value == 0; });
  }
  static bool same(const RunResult &x, const RunResult &y) {
    bool all = x.outputs.size() == y.outputs.size() && x.buffers.size() == y.buffers.size() &&
               x.parameterGradients.size() == y.parameterGradients.size();
    for (size_t i = 0; all && i < x.outputs.size(); ++i)
      all = same(x.outputs[i], y.outputs[i]);
    for (size_t i = 0; all && i < x.buffers.size(); ++i)
      all = same(x.buffers[i].second, y.buffers[i].second);
    for (size_t i = 0; all && i < x.parameterGradients.size(); ++i)
      all = same(x.parameterGradients[i].second, y.parameterGradients[i].second);
    for (size_t i = 0; all && i < x.inputGradients.size(); ++i)
      all = same(x.inputGradients[i], y.inputGradients[i]);
    return all;
  }

  LoadedKernel &a, &b;
  esper::KernelOp kernel;
};

/// Some faults are none where they stand: a bias of zeros, a term that cancels.
static bool isNone(KernelUnderTest &mutant, KernelUnderTest &good, esper::KernelOp kernel) {
  auto a = good.runtime->load(good.bytes), b = mutant.runtime->load(mutant.bytes);
  if (!a || !b)
    return llvm::consumeError(a.takeError()), llvm::consumeError(b.takeError()), false;
  Twins twins(**a, **b, kernel);
  bool trains = ts::ModuleOp(good.lowered).getTrainable();
  if (!twins.refuseAlike())
    return false;
  for (int64_t batch : {2, 3, 4, 7})
    for (uint64_t draw : {11, 12})
      if (!twins.same(false, false, batch, draw) ||
          (trains && !twins.same(true, true, batch, draw)))
        return false;
  return true;
}

void Examination::tryFault(Compiled &compiled, KernelUnderTest &good, const Fault &fault,
                           const std::string &where) {
  OwningOpRef<mlir::ModuleOp> mutant = compiled.lowered->clone();
  if (!fault.plant(*mutant->getOps<ts::ModuleOp>().begin(), chance))
    return;
  Tally &tally = tallies[fault.name.str()];
  ++tally.planted;
  std::string said;
  std::shared_ptr<KernelUnderTest> file = judge(compiled, *mutant, 20 * benchBudget, said);
  const Verdict *failure = file ? firstFailure(*file) : nullptr;
  if (!file || failure || !said.empty()) {
    ++tally.killed;
    ++tally.by[failure ? failure->check : "emission"];
    if (!failure)
      llvm::errs() << where << ": " << fault.name << " cannot be emitted: " << said << "\n";
    return;
  }
  if (!fault.beyondValues && isNone(*file, good, compiled.kernel()))
    return void(++tally.equivalent);
  llvm::errs() << where << ": " << fault.name << " was not found\n";
  for (const Verdict &verdict : file->verdicts)
    if (verdict.race)
      llvm::errs() << "performance: " << name(verdict.answer) << ", " << verdict.race->ratio << " ("
                   << verdict.race->low << " to " << verdict.race->high << "), "
                   << verdict.race->kernel.size() << " pairs\n";
  mutant->print(llvm::errs());
}

void Examination::plantIn(Compiled &compiled, KernelUnderTest &good, const std::string &where) {
  std::vector<const Fault *> faults;
  for (const Fault &fault : allFaults())
    if (only.empty() || fault.name == only)
      faults.push_back(&fault);
  std::shuffle(faults.begin(), faults.end(), chance);
  unsigned before = 0, wanted = faultsAKernel;
  auto planted = [&] {
    unsigned sum = 0;
    for (const auto &[name, tally] : tallies)
      sum += tally.planted;
    return sum;
  };
  before = planted();
  for (const Fault *fault : faults)
    if (planted() - before < wanted)
      tryFault(compiled, good, *fault, where);
}

void Examination::examine(const std::string &path, Purpose purpose) {
  std::unique_ptr<Compiled> compiled = compile(path, purpose);
  if (!compiled) {
    ++refused;
    return;
  }
  ++kernels;
  std::string said, where = path + " for " + name(purpose).str();
  std::shared_ptr<KernelUnderTest> file = judge(*compiled, *compiled->lowered, benchBudget, said);
  if (!file || firstFailure(*file)) {
    // torch's batch norm differentiates wrongly for some layouts, and the suite says so.
    if (StringRef(said).contains("torch's own operators, called one by one, make the same error"))
      return void(++refused);
    ++alarms;
    llvm::errs() << where << ": false alarm: " << said << "\n";
    return;
  }
  for (const Verdict &verdict : file->verdicts)
    undecided += verdict.answer == Answer::Undecided && verdict.check != "performance";
  plantIn(*compiled, *file, where);
}

bool Examination::report() const {
  unsigned planted = 0, killed = 0, none = 0;
  llvm::outs() << "fault                      planted   none   found   by\n";
  for (const auto &[name, tally] : tallies) {
    planted += tally.planted;
    killed += tally.killed;
    none += tally.equivalent;
    llvm::outs() << llvm::format("%-26s %7u  %5u  %6u   ", name.c_str(), tally.planted,
                                 tally.equivalent, tally.killed);
    for (const auto &[check, count] : tally.by)
      llvm::outs() << check << " " << count << "  ";
    llvm::outs() << "\n";
  }
  llvm::outs() << kernels << " good kernels, " << alarms << " false alarms, " << refused
               << " refused before; " << undecided << " checks undecided\n"
               << tallies.size() << " kinds of faults, " << planted << " planted, " << none
               << " of them none where they stood, " << killed << " found: kill rate "
               << llvm::format("%.2f %%", planted > none ? 100.0 * killed / (planted - none) : 0)
               << "\n";
  return alarms == 0 && killed + none == planted && killed > 0;
}

int main(int argc, char **argv) {
  llvm::cl::ParseCommandLineOptions(argc, argv, "does validation find planted faults\n");
  Examination examination;
  for (const std::string &path : paths)
    for (Purpose purpose : {Purpose::Train, Purpose::Infer})
      examination.examine(path, purpose);
  bool passed = examination.report();
  llvm::outs().flush();
  std::_Exit(passed ? 0 : 1); // libtorch's static destructors have nothing left to do
}
