//===- ReportPage.cpp - A compilation as a report for people --------------===//

#include "tez/Pipeline/ReportPage.h"
#include "Depiction.h"
#include "tez/Artifact/Archive.h"
#include "tez/Native/MachineCode.h"
#include "tez/Support/NumberText.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include <nlohmann/json.hpp>

using namespace tez;

static report::Answer answerOf(Answer answer) {
  switch (answer) {
  case Answer::Pass:
    return report::Answer::Pass;
  case Answer::Fail:
    return report::Answer::Fail;
  case Answer::Undecided:
    return report::Answer::Undecided;
  }
  llvm_unreachable("unknown answer");
}

static report::Verdict verdictOf(const Verdict &verdict) {
  report::Verdict made{verdict.check,       answerOf(verdict.answer),
                       verdict.runs,        verdict.worstError,
                       verdict.worstDouble, verdict.worstRatio,
                       verdict.drop,        verdict.notes,
                       verdict.figures,     std::nullopt};
  if (const auto &race = verdict.race)
    made.race = {race->kernel, race->reference, race->ratio, race->low, race->high};
  return made;
}

static std::string placeOf(const json::Source &source, const json::Diagnostic &finding) {
  std::string place = std::string(source.name()) + ":" + std::to_string(finding.line) + ":" +
                      std::to_string(finding.column);
  return finding.path.empty() ? place : place + " " + finding.path;
}

/// The one sentence on top.
static void judge(const CompileOptions &options, const CompileResult &result, report::Page &page) {
  auto say = [&](report::Answer answer, const char *text) {
    page.answer = answer;
    page.answerText = text;
  };
  bool undecided = llvm::any_of(
      result.verdicts, [](const Verdict &verdict) { return verdict.answer == Answer::Undecided; });
  switch (result.outcome) {
  case Outcome::Done:
    if (!options.validate)
      return say(report::Answer::Undecided, "Not validated");
    return undecided ? say(report::Answer::Pass, "Passed; not every check could decide")
                     : say(report::Answer::Pass, "Passed every check");
  case Outcome::Invalid:
    return say(report::Answer::Fail, "Refused: validation failed, no kernel was written");
  case Outcome::BadBlueprint:
    return say(report::Answer::Fail, "Refused: the blueprint is at fault, no kernel was written");
  case Outcome::Usage:
  case Outcome::Environment:
    return say(report::Answer::Fail, "The compilation could not be finished");
  }
}

static void addFacts(const json::Source &source, const std::string &target,
                     const CompileOptions &options, const CompileResult &result,
                     report::Page &page) {
  auto add = [&](const char *name, std::string value) {
    page.facts.emplace_back(name, std::move(value));
  };
  add("purpose", options.purpose == Purpose::Train ? "training" : "inference");
  add("target", options.target);
  add("precision", name(options.precision).str());
  add("tier", options.tier);
  add("blueprint", std::string(source.name()));
  if (!result.bytes.empty()) {
    add("kernel file", target + ", " + byteSize(int64_t(result.bytes.size())));
    add("SHA-256", sha256(result.bytes));
  }
  if (result.depiction)
    add("parameters", grouped(double(result.parameterCount)));
  add("weights",
      options.weights.empty() ? "initial, seed " + std::to_string(options.seed) : options.weights);
  if (const auto &plan = result.quantization) {
    add("in 8 bits", plan->quantized.empty() ? "nothing" : llvm::join(plan->quantized, ", "));
    if (!plan->keptInFloat.empty())
      add("kept in fp32", llvm::join(plan->keptInFloat, ", "));
    add("expected drop", threeDigits(plan->drop));
  }
}

/// What the plan in the file says of memory: for each processor, and each thread of a call.
static void addMachineCode(const CompileResult &result, report::Page &page) {
  if (result.bytes.empty())
    return;
  llvm::Expected<ExtraRecords> records = readExtras(result.bytes, native::recordsFolder);
  if (!records)
    return llvm::consumeError(records.takeError());
  auto record = records->find(native::recordsFolder.str() + "plan.json");
  if (record == records->end())
    return;
  const auto plan = nlohmann::json::parse(record->second);
  for (const auto &variant : plan.at("variants")) {
    auto size = [&](const char *record) {
      return byteSize(int64_t(records->at(variant.at(record).get<std::string>()).size()));
    };
    int64_t rows = variant.at("block_rows"), columns = variant.at("scratch_columns"),
            numbers = variant.at("scratch_numbers");
    std::string scratch = byteSize(int64_t(sizeof(float)) * (rows * columns + numbers));
    page.facts.emplace_back("machine code for " + variant.at("cpu").get<std::string>(),
                            size("code") + ", packed weights " + size("weights") +
                                "; a call allocates its results, a thread keeps " + scratch +
                                " for " + std::to_string(rows) + " rows at a time");
  }
}

static void addFindings(const json::Source &source, const std::vector<json::Diagnostic> &findings,
                        report::Page &page) {
  for (const json::Diagnostic &finding : findings) {
    bool remark = finding.severity == json::Severity::Remark;
    std::string text =
        finding.hint.empty() ? finding.message : finding.message + " (" + finding.hint + ")";
    (remark ? page.remarks : page.findings)
        .push_back({json::name(finding.severity), text, placeOf(source, finding)});
  }
}

static void addObservations(const CompileOptions &options, const CompileResult &result,
                            report::Page &page) {
  if (options.rewrites.counts() || (result.depiction && listsRewrites(*result.depiction)))
    page.rewrites.emplace();
  for (const AppliedRewrite &rewrite : result.rewrites)
    if (page.rewrites)
      page.rewrites->push_back({rewrite.number, rewrite.pass, rewrite.pattern, rewrite.op,
                                rewrite.place.path.empty()
                                    ? "line " + std::to_string(rewrite.place.line)
                                    : rewrite.place.path});
  for (const PassStatistics &pass : result.statistics)
    page.passes.push_back({pass.pass, pass.opsBefore, pass.opsAfter, pass.rewrites});
  for (const PhaseTime &time : result.times)
    page.phases.emplace_back(name(time.phase).str(), time.milliseconds);
}

report::Page tez::makePage(const json::Source &source, const std::string &target,
                           const CompileOptions &options, const CompileResult &result,
                           const std::vector<json::Diagnostic> &findings) {
  report::Page page;
  judge(options, result, page);
  addFacts(source, target, options, result, page);
  addMachineCode(result, page);
  for (const Verdict &verdict : result.verdicts)
    page.verdicts.push_back(verdictOf(verdict));
  addFindings(source, findings, page);
  addObservations(options, result, page);
  if (const auto &depiction = result.depiction) {
    page.title = depiction->title;
    page.before = depiction->before;
    page.after = depiction->after;
    page.costs = depiction->costs;
    page.costNote = depiction->costNote;
  }
  if (page.title.empty())
    page.title = llvm::sys::path::stem(source.name()).str();
  return page;
}
