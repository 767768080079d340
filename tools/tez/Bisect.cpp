//===- Bisect.cpp - tez bisect --------------------------------------------===//

#include "tez/Pipeline/Bisect.h"
#include "CompileArguments.h"
#include "tez/Support/AtomicFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Program.h"
#include <iostream>
#include <memory>

using namespace tez;

namespace {
/// The command line of one `tez bisect`.
struct BisectCommand {
  std::string blueprint, test;
  tool::CompileArguments arguments;

  void addTo(CLI::App &command);
  Outcome run();

private:
  /// One kernel: how it was compiled, and whether the test refused it.
  struct Trial {
    CompileResult result;
    json::DiagnosticList findings;
    bool refused = false;
    bool good() const { return result.outcome == Outcome::Done && !refused; }
  };

  Trial compileWith(const json::Source &source, std::optional<RewriteList> only);
  void runTest(Trial &trial);
  Outcome explain(const json::Source &source, const Trial &none, const Trial &all);
  bool isBad(const json::Source &source, const RewriteList &only);
  Outcome find(const json::Source &source, const RewriteList &all);

  unsigned compilations = 0;
  bool environmentFailed = false; ///< said already
};
} // namespace

void BisectCommand::addTo(CLI::App &command) {
  command.add_option("BLUEPRINT", blueprint, "blueprint file (.json, .mlir, .mlirbc)")->required();
  command.add_option("--test", test,
                     "command that exits with 0 for a good kernel; its file is the last argument");
  arguments.addTo(command);
}

/// Writes the kernel to a file that is gone afterwards and runs the command on it.
void BisectCommand::runTest(Trial &trial) {
  llvm::SmallString<128> path;
  if (llvm::sys::fs::createTemporaryFile("tez-bisect", "pt", path)) {
    environmentFailed = true;
    return tool::printError("no temporary file can be made for the kernel");
  }
  llvm::FileRemover remover(path);
  if (llvm::Error error = writeFileAtomically(path.str().str(), trial.result.bytes)) {
    environmentFailed = true;
    return tool::printError(llvm::toString(std::move(error)));
  }
  std::string command = test + " \"$1\"", problem;
  llvm::StringRef words[] = {"sh", "-c", command, "sh", path};
  std::optional<llvm::StringRef> nowhere[] = {"", "", ""};
  int status = llvm::sys::ExecuteAndWait("/bin/sh", words, std::nullopt, nowhere, 0, 0, &problem);
  trial.refused = status != 0;
  if (status != -1) // that is for what cannot be found or executed
    return;
  environmentFailed = true;
  tool::printError("--test: the command cannot be run: " + test);
}

BisectCommand::Trial BisectCommand::compileWith(const json::Source &source,
                                                std::optional<RewriteList> only) {
  CompileOptions options = arguments.options;
  options.rewrites.count = true;
  options.rewrites.only = std::move(only);
  Trial trial;
  trial.result = compile(source, options, trial.findings);
  ++compilations;
  if (trial.good() && !test.empty())
    runTest(trial);
  return trial;
}

bool BisectCommand::isBad(const json::Source &source, const RewriteList &only) {
  return !compileWith(source, only).good();
}

/// Why there is nothing to search for; Done if there is.
Outcome BisectCommand::explain(const json::Source &source, const Trial &none, const Trial &all) {
  if (environmentFailed)
    return Outcome::Environment;
  if (!none.good()) {
    arguments.style.print(source, none.findings.all());
    if (none.result.outcome == Outcome::Done || none.result.outcome == Outcome::Invalid)
      return tool::printError("the kernel is bad without any rewrite: none is to blame"),
             Outcome::Invalid;
    return none.result.outcome;
  }
  if (!all.good())
    return Outcome::Done;
  tool::printError("the kernel is good with all " + std::to_string(all.result.rewrites.size()) +
                   " rewrites: there is nothing to find");
  return Outcome::Invalid;
}

Outcome BisectCommand::find(const json::Source &source, const RewriteList &all) {
  if (all.empty() || !isBad(source, all))
    return tool::printError("the kernel is bad, but good when its rewrites are chosen one by one"),
           Outcome::Invalid;
  Culprits found = bisect(all, [&](const RewriteList &only) { return isBad(source, only); });
  if (environmentFailed)
    return Outcome::Environment;
  std::cout << all.size() << " rewrites: good with the first " << found.prefix - 1
            << ", bad with the first " << found.prefix << " (" << compilations
            << " compilations)\n";
  for (const AppliedRewrite &culprit : found.set)
    std::cout << "culprit: " << describe(source, culprit) << "\n";
  return Outcome::Done;
}

Outcome BisectCommand::run() {
  if (Outcome wrong = arguments.finish(); wrong != Outcome::Done)
    return wrong;
  std::string problem;
  auto source = json::Source::read(blueprint, size_t(16) << 20, problem);
  if (!source)
    return tool::printError(blueprint + ": " + problem), Outcome::Environment;
  Trial none = compileWith(*source, RewriteList());
  Trial all = none.good() ? compileWith(*source, std::nullopt) : Trial();
  if (Outcome ended = explain(*source, none, all); ended != Outcome::Done)
    return ended;
  return find(*source, all.result.rewrites);
}

void tool::addBisect(CLI::App &app, Outcome &outcome) {
  auto command = std::make_shared<BisectCommand>();
  CLI::App *sub = app.add_subcommand("bisect", "find the rewrites that turn a kernel bad");
  sub->footer("Exit: 0 found, 1 blueprint refused, 2 usage, 3 good with all rewrites or bad with "
              "none, 4 environment.");
  command->addTo(*sub);
  sub->callback([command, &outcome] { outcome = command->run(); });
}
