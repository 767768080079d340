//===- Stats.cpp - tez stats ----------------------------------------------===//

#include "Subcommands.h"
#include "tez/Artifact/Archive.h"
#include "tez/Validate/VerdictJson.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <filesystem>
#include <memory>

using namespace tez;
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {
/// What all files say of one check.
struct CheckStatistics {
  unsigned pass = 0, fail = 0, undecided = 0, runs = 0;
  std::vector<double> errors;    ///< fp32
  std::vector<double> exact;     ///< fp64
  std::vector<double> ratios;    ///< to the bound
  std::vector<double> slowdowns; ///< kernel / reference

  void add(const Verdict &verdict);
};

struct StatsCommand {
  std::vector<std::string> paths;
  bool json = false;

  Outcome run();

private:
  Outcome addPath(const std::string &path);
  Outcome addFile(const std::string &path);
  void print() const;
  void printJson() const;

  unsigned files = 0;
  std::vector<std::pair<std::string, CheckStatistics>> checks; ///< in the order met
};
} // namespace

void CheckStatistics::add(const Verdict &verdict) {
  pass += verdict.answer == Answer::Pass;
  fail += verdict.answer == Answer::Fail;
  undecided += verdict.answer == Answer::Undecided;
  runs += verdict.runs;
  errors.push_back(verdict.worstError);
  exact.push_back(verdict.worstDouble);
  ratios.push_back(verdict.worstRatio);
  if (verdict.race)
    slowdowns.push_back(verdict.race->ratio);
}

/// The value below which `part` of all lie; 0 of none.
static double quantile(std::vector<double> values, double part) {
  if (values.empty())
    return 0;
  std::sort(values.begin(), values.end());
  return values[size_t(part * double(values.size() - 1) + 0.5)];
}

/// A report's text, or a kernel file's evidence.
static llvm::Expected<std::string> readEvidence(const std::string &path) {
  std::string problem;
  std::optional<std::string> bytes = tool::readFile(path, problem);
  if (!bytes)
    return llvm::createStringError(problem);
  if (!llvm::StringRef(*bytes).starts_with("PK"))
    return std::move(*bytes);
  llvm::Expected<std::string> evidence = readExtra(*bytes, "evidence.json");
  if (!evidence)
    return llvm::createStringError(path + ": " + llvm::toString(evidence.takeError()));
  return evidence;
}

static std::optional<std::vector<Verdict>> parseVerdicts(const std::string &text) {
  try {
    return readVerdicts(Json::parse(text).at("verdicts"));
  } catch (const Json::exception &) {
    return std::nullopt;
  }
}

Outcome StatsCommand::addFile(const std::string &path) {
  llvm::Expected<std::string> text = readEvidence(path);
  if (!text)
    return tool::printError(llvm::toString(text.takeError())), Outcome::Environment;
  std::optional<std::vector<Verdict>> verdicts = parseVerdicts(*text);
  if (!verdicts)
    return tool::printError(path + " is neither a kernel file nor a report of tez compile"),
           Outcome::Environment;
  ++files;
  for (const Verdict &verdict : *verdicts) {
    auto found = std::find_if(checks.begin(), checks.end(),
                              [&](const auto &entry) { return entry.first == verdict.check; });
    if (found == checks.end())
      found = checks.insert(checks.end(), {verdict.check, {}});
    found->second.add(verdict);
  }
  return Outcome::Done;
}

/// All kernels and reports of a folder, in the order of their names; other files there
/// are none of ours.
Outcome StatsCommand::addPath(const std::string &path) {
  std::error_code failed;
  if (!fs::is_directory(path, failed))
    return addFile(path);
  std::vector<std::string> found;
  for (const fs::directory_entry &entry : fs::recursive_directory_iterator(path, failed))
    if (entry.is_regular_file() && entry.path().extension() == ".pt")
      found.push_back(entry.path().string());
  if (failed)
    return tool::printError(path + ": " + failed.message()), Outcome::Environment;
  std::sort(found.begin(), found.end());
  Outcome worst = Outcome::Done;
  for (const std::string &file : found)
    worst = std::max(worst, addFile(file));
  return worst;
}

void StatsCommand::print() const {
  llvm::outs() << files << " files\n"
               << "check             pass   fail  undecided     runs   fp32 error (median, most)"
                  "   fp64 error, most   of the bound   times the reference\n";
  for (const auto &[name, check] : checks) {
    llvm::outs() << llvm::format("%-15s %6u %6u %10u %8u", name.c_str(), check.pass, check.fail,
                                 check.undecided, check.runs)
                 << llvm::format("   %11.2e %11.2e", quantile(check.errors, 0.5),
                                 quantile(check.errors, 1))
                 << llvm::format("   %16.2e   %12.2g", quantile(check.exact, 1),
                                 quantile(check.ratios, 1));
    if (!check.slowdowns.empty())
      llvm::outs() << llvm::format("   %.2f (%.2f to %.2f)", quantile(check.slowdowns, 0.5),
                                   quantile(check.slowdowns, 0), quantile(check.slowdowns, 1));
    llvm::outs() << "\n";
  }
}

void StatsCommand::printJson() const {
  Json report = {{"files", files}, {"checks", Json::object()}};
  for (const auto &[name, check] : checks) {
    Json &row = report["checks"][name] = {{"pass", check.pass},
                                          {"fail", check.fail},
                                          {"undecided", check.undecided},
                                          {"runs", check.runs}};
    for (const auto &[key, values] : {std::pair("error_fp32", &check.errors),
                                      {"error_fp64", &check.exact},
                                      {"ratio_to_bound", &check.ratios},
                                      {"times_reference", &check.slowdowns}})
      if (!values->empty())
        row[key] = {{"median", quantile(*values, 0.5)}, {"most", quantile(*values, 1)}};
  }
  llvm::outs() << report.dump(2) << "\n";
}

Outcome StatsCommand::run() {
  Outcome worst = Outcome::Done;
  for (const std::string &path : paths)
    worst = std::max(worst, addPath(path));
  json ? printJson() : print();
  llvm::outs().flush();
  return worst;
}

void tool::addStats(CLI::App &app, Outcome &outcome) {
  auto command = std::make_shared<StatsCommand>();
  CLI::App *sub = app.add_subcommand("stats", "sum up the validation of many kernels");
  sub->add_option("PATH", command->paths, "kernel files, JSON reports, folders of kernels")
      ->required();
  sub->add_flag("--json", command->json, "as JSON");
  sub->callback([command, &outcome] { outcome = command->run(); });
}
