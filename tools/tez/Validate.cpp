//===- Validate.cpp - tez validate ----------------------------------------===//

#include "CompileArguments.h"
#include "Rebuild.h"
#include "tez/Artifact/Archive.h"
#include "tez/Pipeline/Rebuild.h"
#include "tez/Validate/VerdictJson.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>

using namespace tez;

namespace {
/// The command line of one `tez validate`.
struct ValidateCommand {
  std::string kernel;
  CompileOptions suite; ///< of it, what addSuiteOptions fills in
  bool json = false;
  tool::MissingArguments missing;

  void addTo(CLI::App &command);
  Outcome run();

private:
  Outcome judge(const std::string &bytes);
  void print(const std::vector<Verdict> &verdicts) const;
};
} // namespace

void ValidateCommand::addTo(CLI::App &command) {
  command.add_option("KERNEL", kernel, "kernel file (.pt)")->required();
  tool::addSuiteOptions(command, suite);
  command.add_flag("--json", json, "the verdicts as JSON");
  missing.addTo(command);
}

void ValidateCommand::print(const std::vector<Verdict> &verdicts) const {
  if (json) {
    llvm::outs() << verdictsJson(verdicts).dump(2) << "\n";
    return;
  }
  for (const Verdict &verdict : verdicts) {
    llvm::outs() << llvm::format("%-16s %-10s %4u runs   fp32 error %.2e   fp64 error %.2e",
                                 verdict.check.c_str(), name(verdict.answer).str().c_str(),
                                 verdict.runs, verdict.worstError, verdict.worstDouble);
    if (verdict.race)
      llvm::outs() << llvm::format("   %.2f times the reference (%.2f to %.2f)",
                                   verdict.race->ratio, verdict.race->low, verdict.race->high);
    llvm::outs() << "\n";
    for (const std::string &note : verdict.notes)
      llvm::outs() << "  " << note << "\n";
  }
}

/// The file itself runs; the blueprint in it says what it should compute.
Outcome ValidateCommand::judge(const std::string &bytes) {
  Recipe recipe;
  if (Outcome wrong = missing.finish(kernel, bytes, recipe); wrong != Outcome::Done)
    return wrong;
  recipe.options.validate = true;
  recipe.options.checks = suite.checks;
  recipe.options.benchBudget = suite.benchBudget;
  recipe.options.suiteLimits = suite.suiteLimits;
  recipe.options.given = bytes;
  json::Source source(kernel + (recipe.isMlir ? "/blueprint.mlir" : "/blueprint.json"),
                      recipe.blueprint);
  json::DiagnosticList findings;
  CompileResult result = compile(source, recipe.options, findings);
  missing.style.print(source, findings.all());
  print(result.verdicts);
  llvm::outs().flush();
  return result.outcome;
}

Outcome ValidateCommand::run() {
  std::string problem;
  std::optional<std::string> bytes = tool::readFile(kernel, problem);
  if (!bytes)
    return tool::printError(problem), Outcome::Environment;
  if (llvm::Error error = verifyArchive(*bytes))
    return tool::printError(kernel + ": " + llvm::toString(std::move(error))), Outcome::Invalid;
  return judge(*bytes);
}

void tool::addValidate(CLI::App &app, Outcome &outcome) {
  auto command = std::make_shared<ValidateCommand>();
  CLI::App *sub = app.add_subcommand("validate", "run a kernel file against the blueprint in it");
  command->addTo(*sub);
  sub->callback([command, &outcome] { outcome = command->run(); });
}
