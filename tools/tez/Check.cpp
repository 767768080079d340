//===- Check.cpp - tez check ----------------------------------------------===//

#include "Subcommands.h"
#include "tez/Analysis/Elements.h"
#include "tez/Analysis/Report.h"
#include "tez/Blueprint/DiagnosticBridge.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>

using namespace tez;

namespace {
/// The command line of one `tez check`.
struct CheckCommand {
  std::vector<std::string> blueprints;
  bool json = false;
  size_t maxOps = 100;
  AnalysisOptions options;
  blueprint::ImportOptions import;
  tool::DiagnosticStyle style;

  void addTo(CLI::App &command);
  void addLimits(CLI::App &command);
  Outcome run();

private:
  Outcome one(const std::string &path);
};
} // namespace

void CheckCommand::addTo(CLI::App &command) {
  command.add_option("BLUEPRINT", blueprints, "blueprint files (.json, .mlir, .mlirbc)")
      ->required();
  command.add_option("--batch", options.batch, "batch size to count at and to look for hazards at")
      ->check(tool::wholeNumber(uint64_t(1) << 40));
  command.add_flag("--json", json, "print one JSON object a blueprint");
  command.add_option("--max-ops", maxOps, "lines of the table of ops")->check(tool::wholeNumber());
  std::vector<std::string> names;
  for (const LintRule &rule : lintRules())
    names.push_back(rule.name.str());
  command.add_option("--rules", options.rules, "lint rules to run (all)")
      ->delimiter(',')
      ->check(CLI::IsMember(names));
  addLimits(command);
  style.addTo(command);
}

void CheckCommand::addLimits(CLI::App &command) {
  CostLimits &limits = options.limits;
  command.add_option("--max-flops", limits.flops, "refuse more FLOPs a forward evaluation")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--max-params", limits.parameters, "refuse more parameters")
      ->check(tool::wholeNumber());
  command.add_option("--max-bytes", limits.bytes, "refuse more bytes of parameters and buffers")
      ->check(tool::wholeNumber());
  command
      .add_option("--max-activation-bytes", limits.activationBytes,
                  "refuse more bytes of activations, as training keeps them")
      ->check(tool::wholeNumber());
  command
      .add_option("--max-elements", import.limits.elements,
                  "refuse more in one input or computed value")
      ->check(tool::wholeNumber());
}

Outcome CheckCommand::one(const std::string &path) {
  std::string problem;
  auto source = json::Source::read(path, size_t(16) << 20, problem);
  if (!source)
    return tool::printError(path + ": " + problem), Outcome::Environment;
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  json::DiagnosticList findings;
  auto module = blueprint::importBlueprint(*source, context, import, findings);
  bool accepted = bool(module);
  if (accepted) {
    blueprint::DiagnosticBridge bridge(&context, *source, findings);
    for (auto kernel : module->getOps<esper::KernelOp>()) {
      if (mlir::failed(checkElements(kernel, import.limits.elements))) {
        accepted = false;
        continue;
      }
      AnalysisReport report = analyze(kernel, options);
      json ? report.printJson(llvm::outs()) : report.printText(llvm::outs(), maxOps);
      emitFindings(report.findings);
      accepted &= report.judgement() != Judgement::Refuse;
    }
  }
  llvm::outs().flush();
  style.print(*source, findings.all());
  return accepted ? Outcome::Done : Outcome::BadBlueprint;
}

Outcome CheckCommand::run() {
  Outcome worst = Outcome::Done;
  for (const std::string &path : blueprints)
    worst = std::max(worst, one(path));
  return worst;
}

void tool::addCheck(CLI::App &app, Outcome &outcome) {
  auto command = std::make_shared<CheckCommand>();
  CLI::App *sub = app.add_subcommand("check", "analyse blueprints without compiling them");
  sub->footer("Exit: 0 pass or warn, 1 refused.");
  command->addTo(*sub);
  sub->callback([command, &outcome] { outcome = command->run(); });
}
