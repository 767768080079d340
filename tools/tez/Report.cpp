//===- Report.cpp ---------------------------------------------------------===//

#include "Report.h"
#include "tez/Pipeline/ReportPage.h"
#include "tez/Validate/VerdictJson.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <nlohmann/json.hpp>

using namespace tez;
using Json = nlohmann::ordered_json;

static Json rewriteJson(const AppliedRewrite &rewrite) {
  return {{"number", rewrite.number},      {"pass", rewrite.pass},
          {"pattern", rewrite.pattern},    {"op", rewrite.op},
          {"field", rewrite.place.path},   {"line", rewrite.place.line},
          {"column", rewrite.place.column}};
}

static Json statisticsJson(const PassStatistics &pass) {
  return {{"pass", pass.pass},
          {"ops_before", pass.opsBefore},
          {"ops_after", pass.opsAfter},
          {"rewrites", pass.rewrites}};
}

void tool::printObservations(const json::Source &source, const CompileOptions &options,
                             const CompileResult &result) {
  if (options.rewrites.count)
    for (const AppliedRewrite &rewrite : result.rewrites)
      llvm::errs() << describe(source, rewrite) << "\n";
  if (!options.statistics)
    return;
  llvm::errs() << "ops before   ops after   rewrites   pass\n";
  for (const PassStatistics &pass : result.statistics)
    llvm::errs() << llvm::format("%10u  %10u  %9u   ", pass.opsBefore, pass.opsAfter, pass.rewrites)
                 << pass.pass << "\n";
}

static std::string renderJson(const json::Source &source, const std::string &target,
                              const CompileOptions &options, const CompileResult &result) {
  Json report = {{"blueprint", source.name()},
                 {"kernel", target},
                 {"purpose", name(options.purpose).str()},
                 {"target", options.target},
                 {"tier", options.tier},
                 {"precision", name(options.precision).str()},
                 {"seed", options.seed},
                 {"parameter_count", result.parameterCount},
                 {"kernel_bytes", result.bytes.size()}};
  report["content_id"] = result.identity->contentId;
  report["kernel_id"] = result.identity->kernelId;
  bool cached = result.cache && result.cache->hit;
  report["cached"] = cached;
  report["verdicts"] =
      cached ? Json::parse(result.evidence)["verdicts"] : verdictsJson(result.verdicts);
  if (const auto &plan = result.quantization)
    report["quantization"] = {{"quantized", plan->quantized},
                              {"kept_in_float", plan->keptInFloat},
                              {"expected_drop", plan->drop},
                              {"max_drop", options.quantization.maxDrop}};
  if (options.rewrites.counts())
    report["rewrites"] = Json::array();
  for (const AppliedRewrite &rewrite : result.rewrites)
    report["rewrites"].push_back(rewriteJson(rewrite));
  for (const PassStatistics &pass : result.statistics)
    report["passes"].push_back(statisticsJson(pass));
  for (const PhaseTime &time : result.times)
    report["milliseconds"][name(time.phase).str()] = time.milliseconds;
  return report.dump(2) + "\n";
}

bool tool::Report::isPage() const {
  llvm::StringRef extension = llvm::sys::path::extension(path);
  return extension.equals_insensitive(".html") || extension.equals_insensitive(".htm");
}

CompileOptions tool::Report::observed(CompileOptions options) const {
  if (isPage())
    options.depict = true;
  return options;
}

/// JSON has no place for what is wrong with a blueprint; `--diagnostics=json` tells.
bool tool::Report::covers(Outcome outcome) const {
  if (path.empty())
    return false;
  return outcome == Outcome::Done || outcome == Outcome::Invalid ||
         (outcome == Outcome::BadBlueprint && isPage());
}

std::string tool::Report::render(const json::Source &source, const std::string &target,
                                 const CompileOptions &options, const CompileResult &result,
                                 const std::vector<json::Diagnostic> &findings) const {
  return isPage() ? report::render(makePage(source, target, options, result, findings))
                  : renderJson(source, target, options, result);
}
