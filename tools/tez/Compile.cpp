//===- Compile.cpp - tez compile ------------------------------------------===//

#include "CompileArguments.h"
#include "Formats.h"
#include "Portfolio.h"
#include "Progress.h"
#include "References.h"
#include "Report.h"
#include "Schedules.h"
#include "Sign.h"
#include "Subcommands.h"
#include "llvm/ADT/StringExtras.h"
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
  std::vector<std::string> blueprints, emit = {"torchscript"};
  std::vector<const tool::Format *> wanted; ///< the formats of `emit`
  std::string output, stopAfter, portfolio, signKey, schedules, tune, references;
  ScheduleRecord record; ///< of --schedules or --tune
  tool::Report report;
  std::optional<std::string> secret; ///< the key's content
  bool explainCache = false;
  std::vector<Member> members; ///< of the portfolios; empty: single kernels
  CLI::Option *portfolioOption = nullptr;
  std::vector<CLI::Option *> ofOneKernel; ///< that a portfolio has not, or one for each member
  tool::CompileArguments arguments;
  CompileOptions &options = arguments.options;

  void addTo(CLI::App &command);
  void addObservation(CLI::App &command);
  void addCache(CLI::App &command);
  void addPortfolio(CLI::App &command);
  Outcome run();

private:
  Outcome finishOptions();
  Outcome finishPortfolio();
  Outcome finishOutput();
  Outcome finishEmit();
  Outcome finishSchedules();
  Outcome chooseSchedules(const json::Source &source, CompileOptions &observed);
  std::string pathOf(const tool::Format &format, const std::string &target) const;
  std::string targetOf(const std::string &path) const;
  std::vector<std::string> filesAt(const std::string &target) const;
  Outcome checkOverwrites(const std::string &path, const std::string &what) const;
  Outcome checkTargets() const;
  Outcome one(const std::string &path, const std::string &target);
  Outcome write(const std::string &target, const CompileResult &result,
                const std::string &reportText);
};
} // namespace

void CompileCommand::addTo(CLI::App &command) {
  command.add_option("BLUEPRINT", blueprints, "blueprint files (.json, .mlir, .mlirbc)")
      ->required();
  command.add_option("-o,--output", output, "kernel file, or folder for several blueprints");
  std::vector<std::string> words;
  for (const tool::Format &format : tool::formats)
    words.emplace_back(format.name);
  command
      .add_option("--emit", emit,
                  "what to write: torchscript; pt2, for torch.export.load; onnx (a kernel K.pt has "
                  "them beside it: K.pt2, K.onnx)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember(words));
  command.add_option("--references", references,
                     "with --emit=onnx: folder for calls and the interpreter's results, which "
                     "tez-onnx-check holds the model to");
  auto *given = command.add_option("--schedules", schedules,
                                   "record of schedules for machine code, as --tune writes it");
  command
      .add_option("--tune", tune,
                  "measure schedules for machine code that this record lacks, and add them to it")
      ->excludes(given);
  command.add_option("--report", report.path,
                     "file for verdicts, costs and times: .html is a page for people, others JSON");
  command.add_option("--sign-key", signKey, "secret key: also write the signature, KERNEL.sig");
  command.add_option("--stop-after", stopAfter, "print the IR after this phase and stop")
      ->check(CLI::IsMember({"import", "simplify", "lower"}));
  command.add_option("--max-rewrites", options.rewrites.most, "apply only so many rewrites");
  command.add_flag("--list-rewrites", options.rewrites.count, "list the rewrites, numbered");
  addObservation(command);
  arguments.addTo(command);
  addCache(command);
  addPortfolio(command);
}

void CompileCommand::addCache(CLI::App &command) {
  command.add_option("--cache", options.cache,
                     "folder of kernels made before: one with the same content id is not compiled");
  command.add_flag("--explain-cache", explainCache, "say what the cache had, or why it had not");
  command.add_flag("--print-id", options.identifyOnly, "print the kernel's ids and stop");
}

void CompileCommand::addPortfolio(CLI::App &command) {
  portfolioOption = command.add_flag(
      "--portfolio{all}", portfolio,
      "several kernels in one folder; =LIST of train, infer, bf16, fp16, int8: only those");
  for (const char *name :
       {"--for", "--precision", "--stop-after", "--report", "--max-rewrites", "--sign-key",
        "--cache", "--print-id", "--emit", "--references", "--schedules", "--tune"})
    ofOneKernel.push_back(command.get_option(name));
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

Outcome CompileCommand::finishPortfolio() {
  if (!portfolioOption->count())
    return Outcome::Done;
  llvm::Expected<std::vector<Member>> list = tool::parsePortfolio(portfolio, options.target);
  if (!list)
    return tool::printError(llvm::toString(list.takeError())), Outcome::Usage;
  for (CLI::Option *option : ofOneKernel)
    if (option->count())
      return tool::printError(option->get_name() + " is for a single kernel, not for --portfolio"),
             Outcome::Usage;
  members = std::move(*list);
  arguments.hasInt8Member = llvm::is_contained(members, Member::Int8);
  if (!arguments.samples.empty() && !arguments.hasInt8Member)
    return tool::printError("--calibrate is for int8, which --portfolio=" + portfolio + " has not"),
           Outcome::Usage;
  return Outcome::Done;
}

/// Where several files go there must be a folder.
Outcome CompileCommand::finishOutput() {
  std::error_code failed;
  bool several = !members.empty() || (blueprints.size() > 1 && !options.stopAfter);
  if (output.empty() && !options.stopAfter)
    return tool::printError("-o is missing: where to write the kernel"), Outcome::Usage;
  if (several && !report.path.empty())
    return tool::printError("--report takes one blueprint at a time"), Outcome::Usage;
  if (!several || isFolder(output))
    return Outcome::Done;
  if (fs::exists(output, failed))
    return tool::printError("-o " + output + " is a file, but there are " +
                            (members.empty() ? std::to_string(blueprints.size()) + " blueprints"
                                             : "several kernels") +
                            ": name a folder"),
           Outcome::Usage;
  if (members.empty() && !fs::create_directories(output, failed) && failed)
    return tool::printError(output + ": " + failed.message()), Outcome::Environment;
  return Outcome::Done;
}

Outcome CompileCommand::finishOptions() {
  if (Outcome wrong = finishPortfolio(); wrong != Outcome::Done)
    return wrong;
  if (Outcome wrong = arguments.finish(); wrong != Outcome::Done)
    return wrong;
  options.stopAfter = options.identifyOnly ? Phase::Import : parsePhase(stopAfter);
  if (explainCache && options.cache.empty())
    return tool::printError("--explain-cache is for --cache, which is missing"), Outcome::Usage;
  if (!signKey.empty() && !(secret = tool::readSecret(signKey)))
    return Outcome::Environment;
  if (Outcome wrong = finishEmit(); wrong != Outcome::Done)
    return wrong;
  if (Outcome wrong = finishSchedules(); wrong != Outcome::Done)
    return wrong;
  return finishOutput();
}

Outcome CompileCommand::finishSchedules() {
  const std::string &path = tune.empty() ? schedules : tune;
  if (path.empty())
    return Outcome::Done;
  if (options.cpus.empty())
    return tool::printError(
               "--tune and --schedules are for machine code: --tier=aggressive --for=infer"),
           Outcome::Usage;
  if (tune.empty() && !fs::exists(schedules))
    return tool::printError(schedules + ": no such file"), Outcome::Environment;
  return tool::readScheduleRecord(path, record);
}

/// What was measured is kept at once: it took its time.
Outcome CompileCommand::chooseSchedules(const json::Source &source, CompileOptions &observed) {
  json::DiagnosticList findings;
  auto found = findSchedules(source, observed, findings, record, !tune.empty());
  if (!found)
    return Outcome::Done; // compiling says the same, with its exit code
  observed.schedules = *found;
  for (auto &[processor, products] : *found)
    record[processor].insert(products.begin(), products.end());
  return tune.empty() ? Outcome::Done : tool::writeScheduleRecord(tune, record);
}

/// Without a kernel file there is no evidence, no signature and no place in a cache.
Outcome CompileCommand::finishEmit() {
  for (const tool::Format &format : tool::formats) {
    options.*format.option = llvm::is_contained(emit, format.name);
    if (options.*format.option)
      wanted.push_back(&format);
  }
  options.references = !references.empty();
  if (options.references && (!options.onnx || blueprints.size() > 1))
    return tool::printError("--references is for the ONNX model of one blueprint: --emit=onnx"),
           Outcome::Usage;
  if (options.torchscript)
    return Outcome::Done;
  if (!report.path.empty() || secret || !options.cache.empty())
    return tool::printError(
               "--report, --sign-key and --cache are for kernels: add torchscript to --emit=" +
               llvm::join(emit, ",")),
           Outcome::Usage;
  return Outcome::Done;
}

/// The kernel file, or the folder of the portfolio.
std::string CompileCommand::targetOf(const std::string &path) const {
  std::string inFolder = (fs::path(output) / fs::path(path).stem()).string();
  if (!members.empty())
    return inFolder;
  return isFolder(output) ? inFolder + wanted[0]->extension : output;
}

/// The first has the place that the user named, the others theirs beside it.
std::string CompileCommand::pathOf(const tool::Format &format, const std::string &target) const {
  return &format == wanted[0] ? target
                              : fs::path(target).replace_extension(format.extension).string();
}

/// What may be written for one blueprint, or removed.
std::vector<std::string> CompileCommand::filesAt(const std::string &target) const {
  std::vector<std::string> files;
  if (members.empty()) {
    for (const tool::Format *format : wanted)
      files.push_back(pathOf(*format, target));
    return files;
  }
  files = {(fs::path(target) / indexFile.str()).string()};
  for (Member member : allMembers)
    files.push_back((fs::path(target) / fileOf(member)).string());
  return files;
}

/// What is written must not take the place of what is read.
Outcome CompileCommand::checkOverwrites(const std::string &path, const std::string &what) const {
  for (const std::string &blueprint : blueprints)
    if (tool::sameFile(path, blueprint))
      return tool::printError(path + " is a blueprint: name another file for the " + what),
             Outcome::Usage;
  if (tool::sameFile(path, options.weights))
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
    for (const tool::Format *format : llvm::drop_begin(wanted))
      if (pathOf(*format, target) == target)
        return tool::printError("-o " + target + ": the " + wanted[0]->what + " and its " +
                                format->what + " would be one file"),
               Outcome::Usage;
    for (const std::string &file : filesAt(target))
      if (Outcome usage = checkOverwrites(file, "kernel"); usage != Outcome::Done)
        return usage;
    if (tool::sameFile(target, report.path))
      return tool::printError(report.path + " is the kernel: name another file for the report"),
             Outcome::Usage;
    auto [first, isNew] = taken.try_emplace(target, path);
    if (!isNew)
      return tool::printError("the kernels of " + first->second + " and " + path +
                              " would both be " + target + ": compile one of them elsewhere"),
             Outcome::Usage;
  }
  if (Outcome usage = checkOverwrites(tune, "schedules"); usage != Outcome::Done)
    return usage;
  return checkOverwrites(report.path, "report");
}

Outcome CompileCommand::write(const std::string &target, const CompileResult &result,
                              const std::string &reportText) {
  std::string signature;
  std::vector<std::pair<std::string, llvm::StringRef>> contents;
  for (const tool::Format *format : wanted)
    contents.emplace_back(pathOf(*format, target), result.*format->content);
  std::string next = tool::nextSignature(target);
  if (secret) {
    llvm::Expected<std::string> bundle = signFile(tool::signedName(target), result.bytes, *secret);
    if (!bundle)
      return tool::printError(llvm::toString(bundle.takeError())), Outcome::Environment;
    signature = std::move(*bundle);
    contents.insert(contents.begin(), {next, signature});
    contents.emplace_back(target + ".sig", signature);
  }
  if (!report.path.empty())
    contents.emplace_back(report.path, reportText);
  if (options.references)
    if (Outcome wrong = tool::writeReferences(references, result); wrong != Outcome::Done)
      return wrong;
  Outcome written = tool::writeTogether(contents);
  std::error_code ignored; // one that stays does no harm: it fits no other kernel
  if (secret && written == Outcome::Done)
    fs::remove(next, ignored);
  return written;
}

Outcome CompileCommand::one(const std::string &path, const std::string &target) {
  std::string problem;
  auto source = json::Source::read(path, size_t(16) << 20, problem);
  if (!source)
    return tool::printError(path + ": " + problem), Outcome::Environment;
  if (!members.empty())
    return tool::writePortfolio(*source, arguments, members, target);
  json::DiagnosticList findings;
  CompileOptions observed = report.observed(options);
  if (!tune.empty() || !schedules.empty())
    if (Outcome wrong = chooseSchedules(*source, observed); wrong != Outcome::Done)
      return wrong;
  CompileResult result = compile(*source, observed, findings);
  arguments.style.print(*source, findings.all());
  tool::printObservations(*source, options, result);
  if (explainCache && result.cache)
    std::cerr << "cache: " << result.cache->explanation;
  if (result.outcome == Outcome::Done && options.identifyOnly)
    return std::cout << "content_id " << result.identity->contentId << "\nkernel_id "
                     << result.identity->kernelId << "\n",
           Outcome::Done;
  if (result.outcome == Outcome::Done && options.stopAfter)
    return std::cout << result.ir, Outcome::Done;
  std::string text;
  if (report.covers(result.outcome))
    text = report.render(*source, target, observed, result, findings.all());
  if (result.outcome == Outcome::Done)
    return write(target, result, text);
  if (!text.empty())
    (void)tool::writeTogether({{report.path, text}}); // what failed first is the exit code
  return result.outcome;
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
