//===- Compile.cpp - tez compile ------------------------------------------===//

#include "CompileArguments.h"
#include "Progress.h"
#include "Report.h"
#include "Sign.h"
#include "Subcommands.h"
#include "tez/Support/AtomicFile.h"
#include "llvm/Support/Regex.h"
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>

using namespace tez;
namespace fs = std::filesystem;

namespace {
/// The command line of one `tez compile`.
struct CompileCommand {
  std::vector<std::string> blueprints;
  std::string output, report, stopAfter, signKey;
  std::optional<std::string> secret; ///< the key's content
  tool::CompileArguments arguments;
  CompileOptions &options = arguments.options;

  void addTo(CLI::App &command);
  void addObservation(CLI::App &command);
  Outcome run();

private:
  Outcome finishOptions();
  std::string targetOf(const std::string &path) const;
  Outcome checkOverwrites(const std::string &path, const std::string &what) const;
  Outcome checkTargets() const;
  Outcome one(const std::string &path, const std::string &target);
  Outcome write(const json::Source &source, const std::string &target, const CompileResult &result);
};
} // namespace

void CompileCommand::addTo(CLI::App &command) {
  command.add_option("BLUEPRINT", blueprints, "blueprint files (.json, .mlir, .mlirbc)")
      ->required();
  command.add_option("-o,--output", output, "kernel file, or folder for several blueprints");
  command.add_option("--report", report, "JSON file for verdicts and times");
  command.add_option("--sign-key", signKey, "secret key: also write the signature, KERNEL.sig");
  command.add_option("--stop-after", stopAfter, "print the IR after this phase and stop")
      ->check(CLI::IsMember({"import", "simplify", "lower"}));
  command.add_option("--max-rewrites", options.rewrites.most, "apply only so many rewrites");
  command.add_flag("--list-rewrites", options.rewrites.count, "list the rewrites, numbered");
  addObservation(command);
  arguments.addTo(command);
}

/// A regular expression of LLVM's, as the remark engine takes them.
static std::string checkRegex(const std::string &text) {
  std::string problem;
  return llvm::Regex(text).isValid(problem) ? "" : problem;
}

void CompileCommand::addObservation(CLI::App &command) {
  command
      .add_flag("--remarks{.*}", options.remarks,
                "say what the passes did and missed; =REGEX: those whose name it matches")
      ->check(CLI::Validator(checkRegex, "REGEX"));
  command.add_option("--print-ir-before", options.printBefore, "print the IR before this pass")
      ->type_name("PASS|all");
  command.add_option("--print-ir-after", options.printAfter, "print the IR after this pass")
      ->type_name("PASS|all");
  command.add_flag("--statistics", options.statistics, "print what each pass did, as a table");
  command.add_flag("--timing", options.timing, "print how long each phase and pass took");
}

/// A name that the system refuses is no folder; writing then says why.
static bool isFolder(const std::string &path) {
  std::error_code failed;
  return fs::is_directory(path, failed);
}

Outcome CompileCommand::finishOptions() {
  if (Outcome wrong = arguments.finish(); wrong != Outcome::Done)
    return wrong;
  options.stopAfter = parsePhase(stopAfter);
  if (!signKey.empty() && !(secret = tool::readSecret(signKey)))
    return Outcome::Environment;
  std::error_code failed;
  bool severalToOne = blueprints.size() > 1 && !options.stopAfter && !isFolder(output);
  if (output.empty() && !options.stopAfter)
    return tool::printError("-o is missing: where to write the kernel"), Outcome::Usage;
  if (severalToOne && fs::exists(output, failed))
    return tool::printError("-o " + output + " is a file, but there are " +
                            std::to_string(blueprints.size()) + " blueprints: name a folder"),
           Outcome::Usage;
  if (severalToOne && !report.empty())
    return tool::printError("--report takes one blueprint at a time"), Outcome::Usage;
  if (severalToOne && !fs::create_directories(output, failed) && failed)
    return tool::printError(output + ": " + failed.message()), Outcome::Environment;
  return Outcome::Done;
}

std::string CompileCommand::targetOf(const std::string &path) const {
  return isFolder(output) ? (fs::path(output) / fs::path(path).stem()).string() + ".pt" : output;
}

/// The same file, or the same path where there is none yet.
static bool same(const std::string &a, const std::string &b) {
  std::error_code failed;
  if (a.empty() || b.empty())
    return false;
  return fs::equivalent(a, b, failed) ||
         fs::absolute(a, failed).lexically_normal() == fs::absolute(b, failed).lexically_normal();
}

/// What is written must not take the place of what is read.
Outcome CompileCommand::checkOverwrites(const std::string &path, const std::string &what) const {
  for (const std::string &blueprint : blueprints)
    if (same(path, blueprint))
      return tool::printError(path + " is a blueprint: name another file for the " + what),
             Outcome::Usage;
  if (same(path, options.weights))
    return tool::printError(path + " holds the weights: name another file for the " + what),
           Outcome::Usage;
  return Outcome::Done;
}

/// Nor of another kernel, or of the report.
Outcome CompileCommand::checkTargets() const {
  if (options.stopAfter)
    return Outcome::Done;
  std::map<std::string, std::string> taken;
  for (const std::string &path : blueprints) {
    std::string target = targetOf(path);
    if (Outcome usage = checkOverwrites(target, "kernel"); usage != Outcome::Done)
      return usage;
    if (same(target, report))
      return tool::printError(report + " is the kernel: name another file for the report"),
             Outcome::Usage;
    auto [first, isNew] = taken.try_emplace(target, path);
    if (!isNew)
      return tool::printError("the kernels of " + first->second + " and " + path +
                              " would both be " + target + ": compile one of them elsewhere"),
             Outcome::Usage;
  }
  return checkOverwrites(report, "report");
}

/// Both are on disk before either takes its place.
Outcome CompileCommand::write(const json::Source &source, const std::string &target,
                              const CompileResult &result) {
  auto fail = [](llvm::Error error) {
    return tool::printError(llvm::toString(std::move(error))), Outcome::Environment;
  };
  std::string text, signature;
  std::vector<std::pair<std::string, llvm::StringRef>> contents = {{target, result.bytes}};
  if (secret) {
    llvm::Expected<std::string> bundle = signFile(tool::signedName(target), result.bytes, *secret);
    if (!bundle)
      return fail(bundle.takeError());
    signature = std::move(*bundle);
    contents.emplace_back(target + ".sig", signature);
  }
  if (!report.empty()) {
    text = tool::renderReport(source, target, options, result);
    contents.emplace_back(report, text);
  }
  std::vector<PendingFile> files;
  for (const auto &[path, content] : contents) {
    llvm::Expected<PendingFile> file = PendingFile::write(path, content);
    if (!file)
      return fail(file.takeError());
    files.push_back(std::move(*file));
  }
  for (PendingFile &file : files)
    if (llvm::Error error = file.commit())
      return fail(std::move(error));
  return Outcome::Done;
}

Outcome CompileCommand::one(const std::string &path, const std::string &target) {
  std::string problem;
  auto source = json::Source::read(path, size_t(16) << 20, problem);
  if (!source)
    return tool::printError(path + ": " + problem), Outcome::Environment;
  json::DiagnosticList findings;
  CompileResult result = compile(*source, options, findings);
  arguments.style.print(*source, findings.all());
  tool::printObservations(*source, options, result);
  if (result.outcome != Outcome::Done)
    return result.outcome;
  if (options.stopAfter)
    return std::cout << result.ir, Outcome::Done;
  return write(*source, target, result);
}

Outcome CompileCommand::run() {
  if (Outcome usage = finishOptions(); usage != Outcome::Done)
    return usage;
  if (Outcome usage = checkTargets(); usage != Outcome::Done)
    return usage;
  Outcome worst = Outcome::Done;
  tool::Progress progress(blueprints.size());
  for (const std::string &path : blueprints) {
    progress.clear();
    Outcome outcome = one(path, targetOf(path));
    progress.done(path, outcome == Outcome::Done);
    worst = std::max(worst, outcome);
  }
  return worst;
}

void tool::addCompile(CLI::App &app, Outcome &outcome) {
  auto command = std::make_shared<CompileCommand>();
  CLI::App *sub = app.add_subcommand("compile", "compile blueprints into kernel files");
  command->addTo(*sub);
  sub->callback([command, &outcome] { outcome = command->run(); });
}
