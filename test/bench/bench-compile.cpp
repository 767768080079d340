//===- bench-compile.cpp - How long a compilation takes, and how it grows -===//
//
// Prints; judges nothing. `bench-compile mixture`, `growth` or `process` runs
// one part, no argument all of them.
//
//===----------------------------------------------------------------------===//

#include "Blueprints.h"
#include "tez/Pipeline/Compiler.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace tez;
using Clock = std::chrono::steady_clock;

static double millisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// The value below which `share` of the values lie.
static double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, size_t(share * double(values.size())))];
}

static CompileResult compileText(const std::string &text, const CompileOptions &options) {
  json::Source source("bench", text);
  json::DiagnosticList findings;
  CompileResult result = compile(source, options, findings);
  if (result.outcome != Outcome::Done) {
    for (const json::Diagnostic &finding : findings.all())
      std::fputs(json::renderText(source, finding).c_str(), stderr);
    std::exit(1);
  }
  return result;
}

static CompileOptions optionsFor(const char *tier, bool validate) {
  CompileOptions options;
  options.tier = tier;
  options.validate = validate;
  return options;
}

//===----------------------------------------------------------------------===//
// Many blueprints in one process
//===----------------------------------------------------------------------===//

static void timeMixture(const std::vector<std::string> &blueprints, const char *tier,
                        bool validate) {
  CompileOptions options = optionsFor(tier, validate);
  std::vector<double> whole, phases[5];
  for (const std::string &blueprint : blueprints) {
    Clock::time_point start = Clock::now();
    CompileResult result = compileText(blueprint, options);
    whole.push_back(millisecondsSince(start));
    for (const PhaseTime &time : result.times)
      phases[int(time.phase)].push_back(time.milliseconds);
  }
  std::printf("%-9s %-10s %9.2f %8.2f |", tier, validate ? "validated" : "unchecked",
              quantile(whole, 0.5), quantile(whole, 0.9));
  for (const std::vector<double> &times : phases)
    std::printf(" %9.3f %8.3f", quantile(times, 0.5), quantile(times, 0.9));
  std::printf("\n");
}

static void runMixture() {
  std::vector<std::string> blueprints = bench::makeMixture(200);
  compileText(blueprints.front(), optionsFor("fast", false)); // opens libtorch
  std::printf("\n200 different blueprints in one process, ms: median and p90\n");
  std::printf("%-9s %-10s %9s %8s |", "tier", "", "whole", "p90");
  for (int phase = 0; phase < 5; ++phase)
    std::printf(" %9s %8s", name(Phase(phase)).str().c_str(), "p90");
  std::printf("\n");
  timeMixture(blueprints, "fast", false);
  timeMixture(blueprints, "standard", false);
  timeMixture(blueprints, "standard", true);
}

//===----------------------------------------------------------------------===//
// Growth
//===----------------------------------------------------------------------===//

namespace {
/// Prints one row a size and marks where time grows faster than the work.
class GrowthTable {
public:
  GrowthTable(const char *title, const char *unit) {
    std::printf("\n%s\n%8s %10s %12s %9s %9s %9s %9s %9s\n", title, "size", "ms", unit, "import",
                "simplify", "lower", "emit", "validate");
  }

  /// `work`: what the time should be proportional to.
  void row(int64_t size, double work, const std::string &blueprint, bool validate) {
    Clock::time_point start = Clock::now();
    CompileResult result = compileText(blueprint, optionsFor("standard", validate));
    double took = millisecondsSince(start), rate = took / work;
    std::printf("%8lld %10.1f %12.4f", (long long)size, took, rate);
    for (const PhaseTime &time : result.times)
      std::printf(" %9.1f", time.milliseconds);
    bool faster = lastRate > 0 && rate > 1.5 * lastRate && took > 20;
    std::printf("%s\n", faster ? "  <- more than proportional" : "");
    std::fflush(stdout);
    lastRate = rate;
  }

private:
  double lastRate = 0;
};
} // namespace

static void growDepth(const char *title, std::string (*make)(int64_t, int64_t), bool validate) {
  GrowthTable table(title, "ms/layer");
  for (int64_t depth = 4; depth <= 4096; depth *= 4)
    table.row(depth, double(depth), make(depth, 16), validate);
}

static void growWidth(bool validate) {
  GrowthTable table(validate ? "width, two linear layers, validated"
                             : "width, two linear layers, unchecked",
                    "ms/MB");
  for (int64_t width = 8; width <= 8192; width *= 4) {
    double megabytes = 2 * 4 * double(width) * double(width + 1) / 1e6;
    table.row(width, megabytes, bench::makeLinear(2, width), validate);
  }
  if (!validate)
    table.row(8192, 2 * 4 * 8192.0 * 8193 / 1e6, bench::makeLinear(2, 8192), validate);
}

static void runGrowth() {
  compileText(bench::makeLinear(1, 8), optionsFor("fast", false));
  for (bool validate : {false, true}) {
    const char *how = validate ? ", validated" : ", unchecked";
    auto title = [&](const char *what) { return std::string("depth, ") + what + how; };
    growDepth(title("linear architecture").c_str(), bench::makeLinear, validate);
    growDepth(title("residual graph").c_str(), bench::makeGraph, validate);
    growDepth(title("Sequential of Conv1d").c_str(), bench::makeSequential, validate);
    growWidth(validate);
  }
}

//===----------------------------------------------------------------------===//
// Whole processes
//===----------------------------------------------------------------------===//

/// Runs the program beside this one; standard output is thrown away.
static double runProgram(const std::string &self, llvm::StringRef program,
                         std::vector<llvm::StringRef> arguments) {
  llvm::SmallString<256> path(llvm::sys::path::parent_path(self));
  llvm::sys::path::append(path, program);
  arguments.insert(arguments.begin(), program);
  std::optional<llvm::StringRef> redirects[] = {llvm::StringRef(), llvm::StringRef(), std::nullopt};
  std::vector<double> times;
  for (int i = 0; i < 11; ++i) {
    Clock::time_point start = Clock::now();
    if (llvm::sys::ExecuteAndWait(path, arguments, std::nullopt, redirects))
      std::exit(1);
    times.push_back(millisecondsSince(start));
  }
  return quantile(times, 0.5);
}

static void runProcess(const std::string &self) {
  llvm::SmallString<128> blueprint, kernel;
  int fd;
  if (llvm::sys::fs::createTemporaryFile("bench", "json", fd, blueprint) ||
      llvm::sys::fs::createTemporaryFile("bench", "pt", kernel))
    std::exit(1);
  std::fputs(R"({"type":"linear","config":{}})", fdopen(fd, "w"));
  std::fflush(nullptr);
  std::printf("\nwhole processes, ms, median of 11\n");
  auto show = [&](const char *what, double took) { std::printf("%-52s %8.1f\n", what, took); };
  show("tez compile, default linear, validated",
       runProgram(self, "tez", {"compile", blueprint, "-o", kernel}));
  show("tez compile --no-validate",
       runProgram(self, "tez", {"compile", blueprint, "-o", kernel, "--no-validate"}));
  show("tez compile --stop-after=lower",
       runProgram(self, "tez", {"compile", blueprint, "--stop-after=lower"}));
  show("tez-opt --version", runProgram(self, "tez-opt", {"--version"}));
  llvm::sys::fs::remove(blueprint);
  llvm::sys::fs::remove(kernel);
}

int main(int argc, char **argv) {
  auto wants = [&](const char *part) { return argc < 2 || !std::strcmp(argv[1], part); };
  if (wants("process"))
    runProcess(llvm::sys::fs::getMainExecutable(argv[0], reinterpret_cast<void *>(&main)));
  if (wants("mixture"))
    runMixture();
  if (wants("growth"))
    runGrowth();
}
